import { describe, expect, test } from '@jest/globals';
import { Auth, Persistence, Spread, type RedisSentinelClusterProps, type MemberOptions } from '../lib';
import { GIVEN, membersOf } from '../scripts/public-api';
import * as ts from 'typescript';
import * as all from './support/all-props';
import { PLACES, merge } from './support/places';
import { synth } from './support/synth';

type Props = RedisSentinelClusterProps;

/** Each member alone, over the same props without it, must make another output. */
describe.each(PLACES)('Every member of $type changes the output$where:', ({ members, companionOf, outcome }) => {
  test.each(Object.keys(members))('%s', (member) => {
    const { always = {}, together = {}, refusedWithout, refusedWith } = companionOf(member);
    const without = outcome({}, always);
    const changed = outcome({ [member]: members[member] }, merge(always, together));
    expect(without.refused).toBe(refusedWithout);
    expect(changed.refused).toBe(refusedWith);
    // As a flag, for both together would fill the screen.
    expect(changed.text === without.text).toBe(false);
  });
});

test.each(GIVEN.filter(ts.isInterfaceDeclaration).map((node) => ({ type: node.name.text, node })))(
  'Nothing that may be given is left out: $type, and each of its members.',
  ({ type, node }) => {
    const places = PLACES.filter((place) => place.type === type);
    const members = membersOf(node, { inherited: true }).map(({ name }) => name);
    expect(places).not.toEqual([]);
    for (const place of places) expect(Object.keys(place.members).sort()).toEqual(members.sort());
  },
);

describe('What is given', () => {
  const own = Object.entries<unknown>(all.memberOptions).filter(([key]) => key !== 'name' && key !== 'announceHost');
  // Policies are everybody's: they let through who is no pod to them.
  const objects = (props: Props = {}) => synth(props).filter(({ kind }) => kind !== 'NetworkPolicy');
  const before = new Set(objects().map((object) => JSON.stringify(object)));
  const changedBy = (props: Props) => {
    const changed = objects(props).filter((object) => !before.has(JSON.stringify(object)));
    return new Set(changed.map(({ metadata }) => metadata.name));
  };

  test.each(own)('for one member is for no other: %s', (key, value) => {
    const options: MemberOptions = { [key]: value };
    expect(changedBy({ nodes: { master: options } })).toEqual(new Set(['cache-master']));
    expect(changedBy({ nodes: { replicaOverrides: { replica2: options } } })).toEqual(new Set(['cache-replica-2']));
    expect(changedBy({ sentinels: { overrides: { sentinel3: options } } })).toEqual(new Set(['cache-sentinel-3']));
  });

  test.each(own)('for a group is for each of its members, and for no other: %s', (key, value) => {
    const scheduling = { spread: Spread.REQUIRED };
    const group: MemberOptions = { [key]: value, ...(key === 'hostNetwork' && { scheduling }) };
    expect(changedBy({ nodes: group })).toEqual(new Set(['cache-master', 'cache-replica-1', 'cache-replica-2']));
    expect(changedBy({ sentinels: group })).toEqual(
      new Set(['cache-sentinel-1', 'cache-sentinel-2', 'cache-sentinel-3']),
    );
  });

  test('as undefined is as if it were left out, wherever it stands.', () => {
    const undefinedFor = (members: object) => Object.fromEntries(Object.keys(members).map((key) => [key, undefined]));
    const member = {
      ...undefinedFor(all.memberOptions),
      image: undefinedFor(all.image),
      resources: undefined,
      scheduling: undefinedFor(all.scheduling),
      pod: undefinedFor(all.pod),
      deployment: undefinedFor(all.deployment),
    };
    const props: object = {
      ...undefinedFor(all.cluster),
      metadata: undefinedFor(all.metadata),
      image: undefinedFor(all.image),
      nodes: { ...undefinedFor(all.nodes), ...member, master: member, replicaOverrides: { replica1: member } },
      sentinels: { ...undefinedFor(all.sentinels), ...member, overrides: { sentinel1: member } },
      settings: undefinedFor(all.settings),
      security: undefinedFor(all.security),
      networkPolicy: undefinedFor(all.networkPolicy),
      persistence: Persistence.aof(undefinedFor(all.aof)),
      auth: Auth.secret(undefinedFor(all.secretAuth)),
    };
    expect(synth(props)).toEqual(synth());
  });

  test('as undefined for a member does not undo what its group has.', () => {
    const group: Props = {
      image: { tag: '7.2.16' },
      nodes: { scheduling: { zone: 'z1' }, deployment: { revisionHistoryLimit: 7 } },
    };
    const nothing: object = { scheduling: { zone: undefined }, deployment: { revisionHistoryLimit: undefined } };
    const master: object = { ...nothing, image: { tag: undefined } };
    expect(synth(merge(group, { nodes: { master } }))).toEqual(synth(group));
  });
});
