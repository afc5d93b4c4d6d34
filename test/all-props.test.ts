import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import {
  Auth,
  Client,
  InvalidClusterError,
  Persistence,
  Risk,
  Spread,
  Storage,
  type RedisSentinelClusterProps,
  type MemberOptions,
} from '../lib';
import * as all from './support/all-props';
import { type Manifest } from './support/manifests';
import { synth } from './support/synth';

type Props = RedisSentinelClusterProps;

/** What a member needs beside it: always, or only together with it. */
interface Companion {
  readonly always?: Props;
  readonly together?: Props;
  /** What `always` is refused for without the member. */
  readonly refusedWithout?: string;
  /** The member itself is refused, for it would do nothing. */
  readonly refusedWith?: string;
}

/** Each member alone, over the same props without it, must make another output. */
function everyMemberChanges<T extends object>(
  what: string,
  members: Required<T>,
  place: (part: Partial<T>) => Props,
  companions: { readonly [K in keyof T]?: Companion } = {},
): void {
  describe(`Every member of ${what} changes the output:`, () => {
    test.each(keysOf(members))('%s', (key) => {
      const { always = {}, together = {}, refusedWithout, refusedWith } = companions[key] ?? {};
      const part: Partial<T> = {};
      part[key] = members[key];
      const without = outcomeOf(merge(place({}), always));
      const changed = outcome(merge(merge(place(part), always), together));
      expect(typeof without === 'string' ? without : undefined).toBe(refusedWithout);
      expect(typeof changed === 'string' ? changed : undefined).toBe(refusedWith);
      // As a flag, for both together would fill the screen.
      expect(JSON.stringify(changed) === JSON.stringify(without)).toBe(false);
    });
  });
}

/** Many members have the same to be compared with. */
function outcomeOf(props: Props): Manifest[] | string {
  const key = JSON.stringify(props);
  const known = outcomes.get(key) ?? outcome(props);
  outcomes.set(key, known);
  return known;
}

const outcomes = new Map<string, Manifest[] | string>();

/** The objects, or the names of the rules that refuse the props. */
function outcome(props: Props): Manifest[] | string {
  try {
    return synth(props);
  } catch (error) {
    if (error instanceof InvalidClusterError) return error.problems.map(({ rule }) => rule).join();
    throw error;
  }
}

function keysOf<T extends object>(members: Required<T>): (keyof T & string)[] {
  return Object.keys(members).filter((key): key is keyof T & string => key in members);
}

/** Props over props, group by group; what is no plain object is replaced. */
function merge(below: object, above: object): Props {
  const keys = [...new Set([...Object.keys(below), ...Object.keys(above)])];
  return Object.fromEntries(keys.map((key) => [key, merged(Reflect.get(below, key), Reflect.get(above, key))]));
}

function merged(below: unknown, above: unknown): unknown {
  return isPlain(below) && isPlain(above) ? merge(below, above) : (above ?? below);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

const tag = { image: { tag: '8.2.10' } };
const selfConfigured: Companion = { together: { acceptRisks: [Risk.SELF_CONFIGURED_IMAGE] } };

everyMemberChanges('RedisSentinelClusterProps', all.cluster, (part) => part, {
  acceptRisks: { always: { sentinels: { downAfter: Duration.seconds(2) } }, refusedWithout: 'hasty-failover' },
});
everyMemberChanges('MetadataOptions', all.metadata, (metadata) => ({ metadata }));
everyMemberChanges('ImageOptions', all.image, (image) => ({ image }), {
  repository: { always: tag },
  envContract: selfConfigured,
});
everyMemberChanges('HealthCheckOptions', all.healthCheck, (healthCheck) => ({ healthCheck }));
everyMemberChanges('SecurityOptions', all.security, (security) => ({ security }));
everyMemberChanges('NetworkPolicyOptions', all.networkPolicy, (networkPolicy) => ({ networkPolicy }));
everyMemberChanges('ClientOptions', all.client, (client) => ({ networkPolicy: { clients: [Client.pods(client)] } }));
everyMemberChanges('RedisSettings', all.settings, (settings) => ({ settings }));

const oneNode: Props = { nodes: { replicas: 0, hostNetwork: true }, acceptRisks: [Risk.NO_REPLICA] };
const oneSentinel: Props = { sentinels: { count: 1, hostNetwork: true }, acceptRisks: [Risk.SINGLE_SENTINEL] };
const nodesApart: Props = { nodes: { scheduling: { spread: Spread.REQUIRED } } };
const sentinelsApart: Props = { sentinels: { scheduling: { spread: Spread.REQUIRED } } };

everyMemberChanges('NodesOptions', all.nodes, (nodes) => ({ nodes }), {
  name: { refusedWith: 'name-of-group' },
  announceHost: { always: oneNode },
  hostNetwork: { always: nodesApart },
});
everyMemberChanges('SentinelsOptions', all.sentinels, (sentinels) => ({ sentinels }), {
  name: { refusedWith: 'name-of-group' },
  announceHost: { always: oneSentinel },
  hostNetwork: { always: sentinelsApart },
});

const places: Record<string, (own: MemberOptions) => Props> = {
  'nodes.master': (master) => ({ nodes: { master } }),
  'nodes.replicaOverrides': (own) => ({ nodes: { replicaOverrides: { replica2: own } } }),
  'sentinels.overrides': (own) => ({ sentinels: { overrides: { sentinel2: own } } }),
};
const groups: Record<string, (options: MemberOptions) => Props> = {
  nodes: (nodes) => ({ nodes }),
  sentinels: (sentinels) => ({ sentinels }),
};

describe.each(Object.entries(places))('In %s,', (_, place) => {
  everyMemberChanges('MemberOptions', all.workload, place, {
    announceHost: { always: place({ hostNetwork: true }) },
  });
  everyMemberChanges('DeploymentOptions', all.deployment, (deployment) => place({ deployment }));
});

describe.each(Object.entries(groups))('In %s,', (where, place) => {
  everyMemberChanges('DeploymentOptions', all.deployment, (deployment) => place({ deployment }), {
    selector: { always: where === 'nodes' ? oneNode : oneSentinel },
  });
});

describe.each([...Object.entries(places), ...Object.entries(groups)])('In %s,', (_, place) => {
  everyMemberChanges('SchedulingOptions', all.scheduling, (scheduling) => place({ scheduling }));
  everyMemberChanges('PodOptions', all.pod, (pod) => place({ pod }));
  everyMemberChanges('ImageOptions', all.image, (image) => place({ image }), {
    repository: { always: place(tag) },
    envContract: { refusedWith: 'self-configured' },
  });
  everyMemberChanges('ContainerResources', all.resources, (resources) =>
    place({ resources: { memory: { limit: Size.gibibytes(1) }, ...resources } }),
  );
});

describe('What is given', () => {
  const ownKeys = keysOf(all.workload).filter((key) => key !== 'name' && key !== 'announceHost');
  const changedBy = (props: Props) => {
    const before = new Set(synth().map((object) => JSON.stringify(object)));
    const changed = synth(props).filter((object) => !before.has(JSON.stringify(object)));
    return new Set(changed.map(({ metadata }) => metadata.name));
  };

  test.each(ownKeys)('for one member is for no other: %s', (key) => {
    const own: MemberOptions = { [key]: all.workload[key] };
    expect(changedBy({ nodes: { master: own } })).toEqual(new Set(['cache-master']));
    expect(changedBy({ nodes: { replicaOverrides: { replica2: own } } })).toEqual(new Set(['cache-replica-2']));
    expect(changedBy({ sentinels: { overrides: { sentinel3: own } } })).toEqual(new Set(['cache-sentinel-3']));
  });

  test.each(ownKeys)('for a group is for each of its members, and for no other: %s', (key) => {
    const scheduling = { spread: Spread.REQUIRED };
    const group: MemberOptions = { [key]: all.workload[key], ...(key === 'hostNetwork' && { scheduling }) };
    expect(changedBy({ nodes: group })).toEqual(new Set(['cache-master', 'cache-replica-1', 'cache-replica-2']));
    expect(changedBy({ sentinels: group })).toEqual(
      new Set(['cache-sentinel-1', 'cache-sentinel-2', 'cache-sentinel-3']),
    );
  });

  test('as undefined is as if it were left out, wherever it stands.', () => {
    const undefinedFor = (members: object) => Object.fromEntries(Object.keys(members).map((key) => [key, undefined]));
    const workload = {
      ...undefinedFor(all.workload),
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
      nodes: { ...undefinedFor(all.nodes), ...workload, master: workload, replicaOverrides: { replica1: workload } },
      sentinels: { ...undefinedFor(all.sentinels), ...workload, overrides: { sentinel1: workload } },
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

everyMemberChanges('ClaimOptions', all.claim, (claim) => ({ nodes: { storage: Storage.claim(claim) } }));
everyMemberChanges('EphemeralOptions', all.ephemeral, (ephemeral) => ({
  sentinels: { storage: Storage.ephemeral(ephemeral) },
  acceptRisks: [Risk.EPHEMERAL_STORAGE],
}));

const small: Props = { settings: { maxmemory: Size.mebibytes(200) } };
everyMemberChanges('AofOptions', all.aof, (aof) => ({ persistence: Persistence.aof(aof) }));
everyMemberChanges('RdbOptions', all.rdb, (rdb) => ({ persistence: Persistence.rdb(rdb) }));
everyMemberChanges('AofAndRdbOptions', all.aofAndRdb, (both) => ({
  ...small,
  persistence: Persistence.aofAndRdb(both),
}));
everyMemberChanges('SavePoint', all.savePoint, (point) => ({
  persistence: Persistence.rdb({ savePoints: [{ seconds: 60, changes: 1, ...point }] }),
}));

everyMemberChanges('SecretAuthOptions', all.secretAuth, (auth) => ({ auth: Auth.secret(auth) }));
everyMemberChanges('PlainTextAuthOptions', all.plainTextAuth, (auth) => ({
  auth: Auth.plainText({ password: 'secret', ...auth }),
  acceptRisks: [Risk.PLAIN_TEXT_PASSWORD],
}));
