import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import { Auth, InvalidClusterError, Persistence, Risk, Spread, Storage, type RedisSentinelClusterProps } from '../lib';
import * as all from './support/all-props';
import { type Manifest } from './support/manifests';
import { synth } from './support/synth';

type Props = RedisSentinelClusterProps;

/** What a member needs beside it: always, or only together with it. */
interface Companion {
  readonly always?: Props;
  readonly together?: Props;
  readonly refusedWithout?: boolean;
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
      const { always = {}, together = {}, refusedWithout = false } = companions[key] ?? {};
      const part: Partial<T> = {};
      part[key] = members[key];
      const changed = synth(merge(merge(place(part), always), together));
      if (refusedWithout) expect(() => synth(merge(place({}), always))).toThrow(InvalidClusterError);
      else expect(changed).not.toEqual(synth(merge(place({}), always)));
    });
  });
}

function keysOf<T extends object>(members: Required<T>): (keyof T & string)[] {
  return Object.keys(members).filter((key): key is keyof T & string => key in members);
}

/** Props over props, group by group; what is no plain object is replaced. */
function merge(below: Props, above: Props): Props {
  return Object.fromEntries(mergedEntries(below, above));
}

function mergedEntries(below: object, above: object): [string, unknown][] {
  return [...new Set([...Object.keys(below), ...Object.keys(above)])].map((key) => {
    const [under, over]: [unknown, unknown] = [Reflect.get(below, key), Reflect.get(above, key)];
    if (isPlain(under) && isPlain(over)) return [key, Object.fromEntries(mergedEntries(under, over))];
    return [key, over ?? under];
  });
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

const tag = { image: { tag: '8.0.2' } };
const selfConfigured: Companion = { together: { acceptRisks: [Risk.SELF_CONFIGURED_IMAGE] } };

everyMemberChanges('RedisSentinelClusterProps', all.cluster, (part) => part, {
  acceptRisks: { always: { sentinels: { downAfter: Duration.seconds(2) } }, refusedWithout: true },
});
everyMemberChanges('MetadataOptions', all.metadata, (metadata) => ({ metadata }));
everyMemberChanges('ImageOptions', all.image, (image) => ({ image }), {
  repository: { always: tag },
  envContract: selfConfigured,
});
everyMemberChanges('SecurityOptions', all.security, (security) => ({ security }));
everyMemberChanges('NetworkPolicyOptions', all.networkPolicy, (networkPolicy) => ({ networkPolicy }));
everyMemberChanges('ClientOptions', all.client, (client) => ({ networkPolicy: { clients: [client] } }));
everyMemberChanges('RedisSettings', all.settings, (settings) => ({ settings }));

const spreadNodes = { nodes: { scheduling: { spread: Spread.REQUIRED } } };
const oneNode = { nodes: { replicas: 0, hostNetwork: true }, acceptRisks: [Risk.NO_REPLICA] };
everyMemberChanges('NodesOptions', all.nodes, (nodes) => ({ nodes }), {
  name: { always: { ...oneNode, nodes: { replicas: 0 } } },
  announceHost: { always: oneNode },
  hostNetwork: { always: spreadNodes },
  replicaOverrides: { always: spreadNodes },
});

const spreadSentinels = { sentinels: { scheduling: { spread: Spread.REQUIRED } } };
const oneSentinel = { sentinels: { count: 1, hostNetwork: true }, acceptRisks: [Risk.SINGLE_SENTINEL] };
everyMemberChanges('SentinelsOptions', all.sentinels, (sentinels) => ({ sentinels }), {
  name: { always: { ...oneSentinel, sentinels: { count: 1 } } },
  announceHost: { always: oneSentinel },
  hostNetwork: { always: spreadSentinels },
  quorum: { always: { sentinels: { count: 3 } } },
});

const ownNetwork = { hostNetwork: true };
everyMemberChanges('nodes.master', all.workload, (master) => ({ nodes: { master } }), {
  announceHost: { always: { nodes: { master: ownNetwork } } },
});
everyMemberChanges('nodes.replicaOverrides', all.workload, (own) => ({ nodes: { replicaOverrides: { 2: own } } }), {
  announceHost: { always: { nodes: { replicaOverrides: { 2: ownNetwork } } } },
});
everyMemberChanges('sentinels.overrides', all.workload, (own) => ({ sentinels: { overrides: { 2: own } } }), {
  announceHost: { always: { sentinels: { overrides: { 2: ownNetwork } } } },
});

describe.each([
  ['nodes', (part: Props['nodes']): Props => ({ nodes: part ?? {} })],
  ['nodes.master', (master: NonNullable<Props['nodes']>['master']): Props => ({ nodes: { master: master ?? {} } })],
  ['sentinels', (part: Props['nodes']): Props => ({ sentinels: part ?? {} })],
])('In %s,', (_, place) => {
  everyMemberChanges('SchedulingOptions', all.scheduling, (scheduling) => place({ scheduling }));
  everyMemberChanges('PodOptions', all.pod, (pod) => place({ pod }));
  everyMemberChanges('DeploymentOptions', all.deployment, (deployment) => place({ deployment }));
  everyMemberChanges('ContainerResources', all.resources, (resources) =>
    place({ resources: { memory: { limit: Size.gibibytes(1) }, ...resources } }),
  );
});

everyMemberChanges('ClaimOptions', all.claim, (claim) => ({ nodes: { storage: Storage.claim(claim) } }));
everyMemberChanges('EphemeralOptions', all.ephemeral, (ephemeral) => ({
  sentinels: { storage: Storage.ephemeral(ephemeral) },
  acceptRisks: [Risk.EPHEMERAL_STORAGE],
}));

const small = { settings: { maxmemory: Size.mebibytes(200) } };
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
