import { Duration, Size } from 'cdk8s';
import fc, { type Arbitrary } from 'fast-check';
import {
  AclUser,
  Servers,
  Auth,
  BackupCheck,
  BackupTarget,
  CaBundle,
  Client,
  ClientCertificates,
  Dashboard,
  EnvContract,
  FsyncPolicy,
  Ids,
  MaxmemoryPolicy,
  MigrationPhase,
  MigrationSource,
  Monitor,
  Persistence,
  ProxyService,
  Risk,
  WhenSentinelsAreAway,
  Tls,
  TlsProtocol,
  type ClientOptions,
  type MetadataOptions,
  type NetworkPolicyOptions,
  type NodesOptions,
  type ProxyOptions,
  type ProxyReadsOptions,
  type RedisSentinelClusterProps,
  type RedisSettings,
  type SecurityOptions,
  type SentinelsOptions,
} from '../../lib';
import { problemsOf } from './synth';
import {
  annotations,
  dnsLabel,
  exporterPorts,
  group,
  image,
  labels,
  mebibytes,
  overrides,
  port,
  resources,
  some,
  member,
} from './valid-members';

/** A cluster that a program could make. */
export interface ValidCluster {
  readonly id: string;
  readonly namespace: string | undefined;
  readonly props: RedisSentinelClusterProps;
}

const nodes = fc.integer({ min: 0, max: 9 }).chain((replicas) =>
  some<Omit<NodesOptions, 'name' | 'announceHost'>>({
    ...group,
    replicas: fc.constant(replicas),
    port,
    master: member('m'),
    replicaOverrides: overrides('replica', replicas),
    keeperResources: resources,
  }).map((options) => ({ ...options, replicas })),
);

const sentinels = fc.integer({ min: 1, max: 9 }).chain((count) =>
  some<Omit<SentinelsOptions, 'name' | 'announceHost'>>({
    ...group,
    count: fc.constant(count),
    port,
    quorum: fc.integer({ min: 1, max: count }),
    downAfter: fc.integer({ min: 1001, max: 60_000 }).map((amount) => Duration.millis(amount)),
    failoverTimeout: fc.integer({ min: 1000, max: 60_000 }).map((amount) => Duration.millis(amount)),
    parallelSyncs: fc.integer({ min: 1, max: 9 }),
    directives: fc.constant({ loglevel: 'verbose' }),
    overrides: overrides('sentinel', count),
    keeperResources: resources,
  }).map((options) => ({ ...options, count })),
);

const settings: Arbitrary<RedisSettings> = some<
  Pick<
    RedisSettings,
    | 'maxmemory'
    | 'maxmemoryPolicy'
    | 'hz'
    | 'lazyFree'
    | 'notifyKeyspaceEvents'
    | 'replBacklogSize'
    | 'replicaOutputBufferLimit'
    | 'directives'
  >
>({
  maxmemory: mebibytes(0, 4096),
  maxmemoryPolicy: fc.constantFrom(...Object.values(MaxmemoryPolicy)),
  hz: fc.integer({ min: 1, max: 500 }),
  lazyFree: fc.boolean(),
  notifyKeyspaceEvents: fc.constantFrom('', 'Ex', 'KEA'),
  replBacklogSize: fc.integer({ min: 16, max: 1_000_000 }).map((amount) => Size.kibibytes(amount)),
  replicaOutputBufferLimit: fc.integer({ min: 1024, max: 1_000_000 }).map((amount) => Size.kibibytes(amount)),
  directives: fc.constant({ 'active-expire-effort': '4' }),
});

const savePoints = fc.array(
  fc.record({ seconds: fc.integer({ min: 1, max: 9999 }), changes: fc.integer({ min: 1, max: 9999 }) }),
  { maxLength: 3 },
);
const fsync = fc.constantFrom(...Object.values(FsyncPolicy));
const persistence = fc.oneof(
  fsync.map((policy) => Persistence.aof({ fsync: policy })),
  savePoints.map((points) => Persistence.rdb({ savePoints: points })),
  fc.tuple(fsync, savePoints).map(([policy, points]) => Persistence.aofAndRdb({ fsync: policy, savePoints: points })),
  fc.constant(Persistence.none()),
);

const auth = fc.oneof(
  some<{
    secretName: string;
    sentinelPasswordKey: string;
    previousPasswordKey: string;
    previousSentinelPasswordKey: string;
  }>({
    secretName: fc.constant('redis'),
    sentinelPasswordKey: fc.constant('watch'),
    previousPasswordKey: fc.constant('old'),
    previousSentinelPasswordKey: fc.constant('old-watch'),
  }).map((options) => Auth.secret(options)),
  fc.constant(Auth.none()),
  fc
    .constantFrom(undefined, 'sesame')
    .map((sentinelPassword) =>
      Auth.plainText({ password: 'open', ...(sentinelPassword !== undefined && { sentinelPassword }) }),
    ),
);

const tls = some<{ ca: CaBundle; clientCertificates: ClientCertificates; protocols: TlsProtocol[] }>({
  ca: fc.constantFrom(CaBundle.fromSecret('ca'), CaBundle.fromConfigMap('ca', 'bundle.pem')),
  clientCertificates: fc.constantFrom(ClientCertificates.NONE, ClientCertificates.REQUIRED),
  protocols: fc.constantFrom([TlsProtocol.TLS_1_3], [TlsProtocol.TLS_1_3, TlsProtocol.TLS_1_2]),
}).map((options) => Tls.secret({ ...options, secretName: 'certificate' }));

const client = some<ClientOptions>({
  podLabels: fc.constantFrom({}, { app: 'shop' }),
  namespaceLabels: fc.constantFrom({}, { team: 'shop' }),
});

const LARGEST_ID = 2 ** 31 - 1;

const props: Arbitrary<RedisSentinelClusterProps> = some<Omit<RedisSentinelClusterProps, 'acceptRisks'>>({
  name: dnsLabel(40),
  masterName: fc.constantFrom('mymaster', 'Main_1.x'),
  metadata: some<MetadataOptions>({ labels, annotations, podLabels: labels, podAnnotations: annotations }),
  image,
  nodes,
  sentinels,
  persistence,
  settings,
  auth,
  tls,
  security: fc.oneof(
    some<Omit<SecurityOptions, 'ids'>>({
      user: fc.integer({ min: 1, max: LARGEST_ID }),
      group: fc.integer({ min: 0, max: LARGEST_ID }),
      fsGroup: fc.integer({ min: 0, max: LARGEST_ID }),
      restricted: fc.constant(true),
    }),
    fc.constantFrom({ restricted: false }, { ids: Ids.PLATFORM }),
  ),
  networkPolicy: some<NetworkPolicyOptions>({
    enabled: fc.boolean(),
    clients: fc.array(
      client.map((one) => Client.pods(one)),
      { maxLength: 3 },
    ),
    dnsPorts: fc.array(port, { minLength: 1, maxLength: 2 }),
  }),
  disruptionBudgets: fc.boolean(),
  healthCheck: fc.constantFrom({}, { timeout: Duration.minutes(2) }),
  users: fc.constantFrom(
    [],
    [AclUser.application('shop', { keys: ['shop:*'] }), AclUser.administrator('root', { on: Servers.NODES })],
  ),
  metrics: fc.constantFrom(
    {},
    { monitor: Monitor.podMonitor(), scrapers: [] },
    { monitor: Monitor.serviceMonitor({ labels: { release: 'prometheus' } }), dashboard: Dashboard.configMap() },
    { monitor: Monitor.none(), exporter: exporterPorts },
  ),
  backup: fc.constantFrom(
    { target: BackupTarget.s3({ bucket: 'backups' }) },
    { target: BackupTarget.claim({ claimName: 'claim-backups' }), check: BackupCheck.READ },
  ),
  restoreFrom: fc.constant({ target: BackupTarget.s3({ bucket: 'backups', secretName: 's3', prefix: 'other' }) }),
  migrateFrom: fc.constantFrom(
    { source: MigrationSource.server({ host: 'redis.old.svc', auth: { secretName: 'old' } }) },
    {
      source: MigrationSource.sentinels({ hosts: ['one.old.svc', 'two.old.svc'], masterName: 'mymaster' }),
      phase: MigrationPhase.CUT_OVER,
    },
  ),
  proxy: some<Omit<ProxyOptions, 'checkInterval' | 'healthPort' | 'image' | 'resources' | 'scheduling'>>({
    replicas: fc.integer({ min: 2, max: 9 }),
    port: fc.integer({ min: 1024, max: 6000 }),
    reads: some<ProxyReadsOptions>({
      port: fc.integer({ min: 6400, max: 7000 }), // above that of writes, also where that is the default
      maxLag: fc.integer({ min: 1, max: 60 }).map((amount) => Duration.seconds(amount)),
      fallBackToMaster: fc.boolean(),
    }),
    whenSentinelsAreAway: fc.constantFrom(...Object.values(WhenSentinelsAreAway)),
    maxConnections: fc.integer({ min: 10, max: 100_000 }),
    drain: fc.integer({ min: 5, max: 600 }).map((amount) => Duration.seconds(amount)),
    service: fc.constantFrom(
      ProxyService.clusterIp(),
      ProxyService.loadBalancer({ sourceRanges: ['203.0.113.0/24'] }),
      ProxyService.nodePort({ sourceRanges: ['203.0.113.0/24', '2001:db8::/32'], port: 30_379 }),
    ),
  }),
});

/** A new cluster has one beginning. */
function withOneBeginning({ migrateFrom, ...given }: RedisSentinelClusterProps): RedisSentinelClusterProps {
  return migrateFrom === undefined || given.restoreFrom !== undefined ? given : { ...given, migrateFrom };
}

/** A backup is a copy of a replica. */
function withSource({ backup, ...given }: RedisSentinelClusterProps): RedisSentinelClusterProps {
  return backup === undefined || given.nodes?.replicas === 0 ? given : { ...given, backup };
}

/** On the network of the machines, the ports of nodes and sentinels can't be the same. */
function withTwoPorts(given: RedisSentinelClusterProps): RedisSentinelClusterProps {
  const redis = given.nodes?.port ?? 6379;
  if (redis !== (given.sentinels?.port ?? 26_379)) return given;
  return { ...given, sentinels: { ...given.sentinels, port: redis === 26_379 ? 26_380 : 26_379 } };
}

/** Without what an image that configures itself does not hear. */
function selfConfigured({ settings: given, ...cluster }: RedisSentinelClusterProps): RedisSentinelClusterProps {
  const unheard = [
    'persistence',
    'security',
    'auth',
    'users',
    'tls',
    'healthCheck',
    'metrics',
    'backup',
    'restoreFrom',
    'migrateFrom',
    'proxy',
    'nodes.keeperResources',
  ];
  const ofSentinels = ['sentinels.keeperResources', 'sentinels.parallelSyncs', 'sentinels.directives'];
  return {
    ...without([...unheard, ...ofSentinels], cluster),
    image: { ...cluster.image, envContract: EnvContract.SELF_CONFIGURED },
    settings: { maxclients: 500, ...(given?.maxmemory !== undefined && { maxmemory: given.maxmemory }) },
  };
}

function without(paths: string[], options: object, parent = ''): object {
  const entries: [string, unknown][] = Object.entries(options);
  const kept = entries.filter(([key]) => !paths.includes(`${parent}${key}`));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      const isGroup = parent === '' && (key === 'nodes' || key === 'sentinels') && typeof value === 'object';
      return [key, isGroup && value !== null ? without(paths, value, `${key}.`) : value];
    }),
  );
}

/** Users keep nobody out where no password is asked for. */
function withoutIdleUsers(given: RedisSentinelClusterProps): RedisSentinelClusterProps {
  return given.auth?._kind === 'none' ? { ...given, users: [] } : given;
}

/** With every risk that it needs: the messages name them. Any other problem is a fault of this file or of a rule. */
function accepted(given: RedisSentinelClusterProps): RedisSentinelClusterProps {
  const key = JSON.stringify(given);
  const known = risksOf.get(key) ?? neededRisks(given);
  risksOf.set(key, known);
  return { ...given, acceptRisks: known };
}

const risksOf = new Map<string, Risk[]>();

function neededRisks(given: RedisSentinelClusterProps): Risk[] {
  const needed = problemsOf(given).map(({ property, must, remedy }) => {
    const [, risk] = /acceptRisks: \[Risk\.(\w+)\]$/.exec(remedy) ?? [];
    if (risk === undefined) throw new Error(`${property} ${must}`);
    return risk;
  });
  return Object.values(Risk).filter((risk) => needed.includes(risk));
}

function clusterWith(given: Arbitrary<RedisSentinelClusterProps>): Arbitrary<ValidCluster> {
  return fc.record({
    id: dnsLabel(40),
    namespace: fc.constantFrom(undefined, 'caches'),
    props: given.map((one) => accepted(withoutIdleUsers(withTwoPorts(withSource(withOneBeginning(one)))))),
  });
}

/** Clusters of official images, which run this library's scripts. */
export const officialClusters: Arbitrary<ValidCluster> = clusterWith(props);

/** Those, and clusters of images that configure themselves. */
export const validClusters: Arbitrary<ValidCluster> = fc.oneof(
  { weight: 4, arbitrary: officialClusters },
  { weight: 1, arbitrary: clusterWith(props.map(selfConfigured)) },
);
