import { Duration, Size, type Chart } from 'cdk8s';
import {
  AclUser,
  Servers,
  UserPassword,
  Users,
  Alerts,
  Auth,
  BackupTarget,
  Backups,
  Certificates,
  Client,
  ClientCertificates,
  ConfigMaps,
  Connection,
  Dashboard,
  DisruptionBudgets,
  HealthCheck,
  InvalidClusterError,
  Member,
  Metrics,
  Migration,
  MigrationPhase,
  MigrationSource,
  Monitor,
  NetworkPolicies,
  Persistence,
  Restore,
  PlainTextPasswords,
  Proxy,
  ProxyService,
  Risk,
  Spread,
  Storage,
  Tls,
  type ConnectionProps,
  type EnvOptions,
  type RedisSentinelClusterProps,
  type MemberOptions,
} from '../../lib';
import { isPlain } from '../../lib/core/checks';
import * as all from './all-props';
import { newChart, synth } from './synth';

type Props = RedisSentinelClusterProps;

/** What a member needs beside it: always, or only together with a value that is not its default. */
export interface Companion {
  readonly always?: object;
  readonly together?: object;
  /** What `always` is refused for without the member. */
  readonly refusedWithout?: string;
  /** The member itself is refused, for it would do nothing. */
  readonly refusedWith?: string;
}

/** What comes of the props: the objects as text, or the names of the rules that refuse them. */
export interface Outcome {
  readonly text: string;
  readonly refused?: string;
}

/** What a source with TLS needs. */
const encrypted: Props = { tls: Tls.secret({ secretName: 'a' }) };

/** A place in the props where something of a type is written. */
export interface Place {
  /** The interface, and where it is written if it has several places. */
  readonly type: string;
  readonly where: string;
  /** Each member with a value that is not its default. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly companionOf: (member: string) => Companion;
  /** What comes of some members; a part without any is what a member is compared with. */
  readonly outcome: (part: object, beside?: object) => Outcome;
}

type Companions<T> = { readonly [K in keyof T]?: Companion };

/** In the props of a cluster. */
function place<T extends object>(
  type: string,
  members: Required<T>,
  write: (part: Partial<T>) => Props,
  companions: Companions<T> = {},
  where = '',
): Place {
  return {
    type,
    where: where && ` in ${where}`,
    members: { ...members },
    companionOf: companionsIn(companions),
    outcome: (part, beside = {}) => outcomeOf(merge(write(part), beside)),
  };
}

/** In the props of a part, which has objects in a chart, or something that it says itself. */
function placeInPart<T extends object>(
  type: string,
  members: Required<T>,
  make: (chart: Chart, part: Partial<T>) => unknown,
  companions: Companions<T> = {},
): Place {
  return {
    type,
    where: '',
    members: { ...members },
    companionOf: companionsIn(companions),
    outcome: (part, beside = {}) => {
      const chart = newChart();
      const said = make(chart, { ...beside, ...part });
      return { text: JSON.stringify([chart.toJson(), said]) };
    },
  };
}

function companionsIn<T>(companions: Companions<T>): Place['companionOf'] {
  return (member) => Object.entries<Companion | undefined>(companions).find(([name]) => name === member)?.[1] ?? {};
}

/** Many members have the same to be compared with. */
function outcomeOf(props: Props): Outcome {
  const key = JSON.stringify(props);
  const known = OUTCOMES.get(key) ?? render(props);
  OUTCOMES.set(key, known);
  return known;
}

const OUTCOMES = new Map<string, Outcome>();

function render(props: Props): Outcome {
  try {
    return { text: JSON.stringify(synth(props, 'cache', 'caches')) }; // alerts want a namespace
  } catch (error) {
    if (!(error instanceof InvalidClusterError)) throw error;
    const refused = error.problems.map(({ rule }) => rule).join();
    return { text: refused, refused };
  }
}

/** Props over props, group by group; what is no plain object is replaced. */
export function merge(below: object, above: object): Props {
  const keys = [...new Set([...Object.keys(below), ...Object.keys(above)])];
  return Object.fromEntries(keys.map((key) => [key, merged(Reflect.get(below, key), Reflect.get(above, key))]));
}

function merged(below: unknown, above: unknown): unknown {
  return isPlain(below) && isPlain(above) ? merge(below, above) : (above ?? below);
}

const tag = { image: { tag: '8.2.10' } };
const small: Props = { settings: { maxmemory: Size.mebibytes(200) } };
const oneNode: Props = { nodes: { replicas: 0, hostNetwork: true }, acceptRisks: [Risk.NO_REPLICA] };
const oneSentinel: Props = { sentinels: { count: 1, hostNetwork: true }, acceptRisks: [Risk.SINGLE_SENTINEL] };
const inside = { sourceRanges: ['10.0.0.0/8'] };
const nodesApart: Props = { nodes: { scheduling: { spread: Spread.REQUIRED } } };
const sentinelsApart: Props = { sentinels: { scheduling: { spread: Spread.REQUIRED } } };

const BUCKET = BackupTarget.s3({ bucket: 'other' });
const once: Place[] = [
  place('RedisSentinelClusterProps', all.cluster, (props) => props, {
    acceptRisks: { always: { sentinels: { downAfter: Duration.seconds(2) } }, refusedWithout: 'hasty-failover' },
  }),
  place('MetadataOptions', all.metadata, (metadata) => ({ metadata })),
  place('ImageOptions', all.image, (image) => ({ image }), {
    repository: { always: tag },
    envContract: { together: { acceptRisks: [Risk.SELF_CONFIGURED_IMAGE] } },
  }),
  place('HealthCheckOptions', all.healthCheck, (healthCheck) => ({ healthCheck })),
  place('MetricsOptions', all.metrics, (metrics) => ({ metrics }), {
    // Only what asks for it has it.
    interval: { always: { metrics: { monitor: Monitor.podMonitor() } } },
  }),
  place('ExporterOptions', all.exporter, (exporter) => ({ metrics: { exporter } })),
  place('MonitorOptions', all.monitor, (monitor) => ({ metrics: { monitor: Monitor.serviceMonitor(monitor) } })),
  place('AlertsOptions', all.alerts, (alerts) => ({ metrics: { alerts: Alerts.prometheusRule(alerts) } })),
  place('AlertThresholds', all.thresholds, (thresholds) => ({
    ...encrypted,
    backup: { target: BUCKET },
    metrics: { alerts: Alerts.configMap({ thresholds }) },
  })),
  place('DashboardOptions', all.dashboard, (dashboard) => ({
    metrics: { dashboard: Dashboard.configMap(dashboard) },
  })),
  place('BackupOptions', all.backup, (backup) => ({ backup: { target: BUCKET, ...backup } })),
  place('BackupRetention', all.retention, (retention) => ({ backup: { target: BUCKET, retention } })),
  place('BackupEncryption', all.encryption, (own) => ({
    backup: { target: BUCKET, encryption: { secretName: 'a', ...own } },
  })),
  place('BackupImageOptions', all.backupImage, (image) => ({ backup: { target: BUCKET, image } })),
  place('S3TargetOptions', all.s3Target, (s3) => ({
    backup: {
      target: BackupTarget.s3({ bucket: 'other', secretName: 'a', endpoint: 'https://a', ...s3 }),
    },
  })),
  place('ClaimTargetOptions', all.claimTarget, (claim) => ({
    backup: { target: BackupTarget.claim({ claimName: 'a', ...claim }) },
  })),
  place('RcloneTargetOptions', all.rcloneTarget, (rclone) => ({
    backup: { target: BackupTarget.rclone({ secretName: 'a', ...rclone }) },
  })),
  place('RestoreOptions', all.restoreFrom, (restoreFrom) => ({ restoreFrom: { target: BUCKET, ...restoreFrom } })),
  place(
    'MigrationOptions',
    all.migrateFrom,
    (migrateFrom) => ({
      ...encrypted,
      migrateFrom: { source: MigrationSource.server({ host: 'a' }), ...migrateFrom },
    }),
    { timeout: { always: { migrateFrom: { phase: MigrationPhase.CUT_OVER } } } },
  ),
  place('SourceOptions', all.sourceOptions, (source) => ({
    ...encrypted,
    migrateFrom: { source: MigrationSource.server({ host: 'a', ...source }) },
  })),
  place('SourceAuth', all.sourceAuth, (auth) => ({
    migrateFrom: { source: MigrationSource.server({ host: 'a', auth: { secretName: 'a', ...auth } }) },
  })),
  place('ServerSourceOptions', all.serverSource, (source) => ({
    ...encrypted,
    migrateFrom: { source: MigrationSource.server({ host: 'a', ...source }) },
  })),
  place('SentinelSourceOptions', all.sentinelSource, (source) => ({
    ...encrypted,
    migrateFrom: { source: MigrationSource.sentinels({ hosts: ['a'], masterName: 'a', ...source }) },
  })),
  place('ProxyOptions', all.proxy, (proxy) => ({ proxy })),
  place('ProxyReadsOptions', all.proxyReads, (reads) => ({ proxy: { reads } })),
  place('ProxyImageOptions', all.proxyImage, (image) => ({ proxy: { image } })),
  place('ProxyOutsideOptions', all.proxyOutside, (options) => ({
    proxy: { service: ProxyService.loadBalancer({ ...inside, ...options }) },
  })),
  place('ProxyLoadBalancerOptions', all.proxyBalancer, (options) => ({
    proxy: { service: ProxyService.loadBalancer({ ...inside, ...options }) },
  })),
  place(
    'ProxyNodePortOptions',
    all.proxyNodePort,
    (options) => ({ proxy: { reads: {}, service: ProxyService.nodePort({ ...inside, ...options }) } }),
    { trafficPolicy: { refusedWith: 'source-unseen' } },
  ),
  place('SecretTlsOptions', all.secretTls, (tls) => ({ tls: Tls.secret({ secretName: 'a', ...tls }) })),
  place('TlsOptions', all.tlsOptions, (tls) => ({ tls: Tls.secret({ secretName: 'a', ...tls }) })),
  place('CertManagerTlsOptions', all.certManagerTls, (tls) => ({
    tls: Tls.certManager({ issuer: { name: 'a' }, ...tls }),
  })),
  place('IssuerOptions', all.issuer, (issuer) => ({ tls: Tls.certManager({ issuer: { name: 'a', ...issuer } }) })),
  place(
    'PrivateKeyOptions',
    all.privateKey,
    (privateKey) => ({ tls: Tls.certManager({ issuer: { name: 'a' }, privateKey }) }),
    { size: { refusedWith: 'key-size' } },
  ),
  place('SecurityOptions', all.security, (security) => ({ security })),
  place('NetworkPolicyOptions', all.networkPolicy, (networkPolicy) => ({ networkPolicy })),
  place('ClientOptions', all.client, (client) => ({ networkPolicy: { clients: [Client.pods(client)] } })),
  place('RedisSettings', all.settings, (settings) => ({ settings })),
  place('NodesOptions', all.nodes, (nodes) => ({ nodes }), {
    name: { refusedWith: 'name-of-group' },
    announceHost: { always: oneNode },
    hostNetwork: { always: nodesApart },
  }),
  place('SentinelsOptions', all.sentinels, (sentinels) => ({ sentinels }), {
    name: { refusedWith: 'name-of-group' },
    announceHost: { always: oneSentinel },
    hostNetwork: { always: sentinelsApart },
  }),
  place('ClaimOptions', all.claim, (claim) => ({ nodes: { storage: Storage.claim(claim) } })),
  place('EphemeralOptions', all.ephemeral, (ephemeral) => ({
    sentinels: { storage: Storage.ephemeral(ephemeral) },
    acceptRisks: [Risk.EPHEMERAL_STORAGE],
  })),
  place('AofOptions', all.aof, (aof) => ({ persistence: Persistence.aof(aof) })),
  place('RdbOptions', all.rdb, (rdb) => ({ persistence: Persistence.rdb(rdb) })),
  place('AofAndRdbOptions', all.aofAndRdb, (both) => ({ ...small, persistence: Persistence.aofAndRdb(both) })),
  place('SavePoint', all.savePoint, (point) => ({
    persistence: Persistence.rdb({ savePoints: [{ seconds: 60, changes: 1, ...point }] }),
  })),
  place('SecretAuthOptions', all.secretAuth, (auth) => ({ auth: Auth.secret(auth) }), {
    defaultUser: { always: { users: [AclUser.application('shop')] } },
  }),
  place('PlainTextAuthOptions', all.plainTextAuth, (auth) => ({
    auth: Auth.plainText({ password: 'secret', ...auth }),
    acceptRisks: [Risk.PLAIN_TEXT_PASSWORD],
  })),
  ...userPlaces(),
  place('ReplicaOverrides', all.replicaOverrides, (replicaOverrides) => ({ nodes: { replicas: 9, replicaOverrides } })),
  place('SentinelOverrides', all.sentinelOverrides, (overrides) => ({ sentinels: { count: 9, overrides } })),
];

const member = { name: 'a', host: 'a', deployment: {}, service: {} };
const connection = { masterName: 'a', sentinelHosts: ['a'], sentinelPort: 1, redisPort: 1, clientLabels: {} };

const connectionTls = { ca: { key: 'a' }, clientCertificates: ClientCertificates.NONE };

/** What a client is told. */
function told(chart: Chart, props: Partial<ConnectionProps>, options?: EnvOptions): unknown {
  const one = new Connection(chart, { ...connection, ...props });
  const env = (given?: EnvOptions): unknown => {
    try {
      return one.toEnv(given);
    } catch (error) {
      return String(error);
    }
  };
  const users = one.users.map(({ name }) => env({ user: name }));
  return [one.redisPort, one.clientLabels, one.tls, one.caVolume, env(options), users];
}

const inParts: Place[] = [
  placeInPart('MemberProps', all.member, (chart, part) => {
    const { name, host } = new Member(chart, 'part', { ...member, ...part });
    return { name, host };
  }),
  placeInPart('ConfigMapsProps', all.configMaps, (chart, part) => new ConfigMaps(chart, 'part', part).node.id),
  placeInPart(
    'DisruptionBudgetsProps',
    all.budgets,
    (chart, part) => new DisruptionBudgets(chart, 'part', part).node.id,
  ),
  placeInPart('NetworkPoliciesProps', all.policies, (chart, part) => new NetworkPolicies(chart, 'part', part).node.id),
  placeInPart('MetricsProps', all.metricsParts, (chart, part) => new Metrics(chart, 'part', part).node.id),
  placeInPart('CustomObjectProps', all.customObject, (chart, part) => {
    const monitor = { apiVersion: 'v1', kind: 'Part', metadata: { name: 'a' }, spec: {}, ...part };
    return new Metrics(chart, 'part', { monitor }).node.id;
  }),
  placeInPart('BackupsProps', all.backups, (chart, part) => new Backups(chart, 'part', part).node.id),
  placeInPart('RestoreProps', all.restoreParts, (chart, part) => new Restore(chart, 'part', part).node.id),
  placeInPart('MigrationProps', all.migrationParts, (chart, part) => new Migration(chart, 'part', part).node.id),
  placeInPart('HealthCheckProps', all.check, (chart, part) => new HealthCheck(chart, 'part', part).node.id),
  placeInPart('ProxyProps', all.proxyParts, (chart, part) => new Proxy(chart, 'part', part).node.id),
  placeInPart('ConnectionAddress', all.address, (chart, address) =>
    told(chart, { proxy: { host: 'a', port: 1, ...address } }),
  ),
  placeInPart('ConnectionProps', all.connection, told),
  placeInPart('PasswordSource', all.password, (chart, password) =>
    told(chart, { password: { secretName: 'a', key: 'a', ...password } }),
  ),
  placeInPart(
    'PlainTextPasswordsProps',
    all.plainTextPasswords,
    (chart, part) => new PlainTextPasswords(chart, 'part', part).node.id,
  ),
  placeInPart('UsersProps', all.usersParts, (chart, part) => new Users(chart, 'part', part).node.id),
  placeInPart('EnvOptions', all.env, (chart, part) =>
    told(chart, { users: [{ name: 'shop', password: all.password, on: Servers.BOTH }] }, part),
  ),
  placeInPart('ConnectionUser', all.connectionUser, (chart, user) =>
    told(chart, { users: [{ name: 'a', password: { secretName: 'a', key: 'a' }, on: Servers.BOTH, ...user }] }),
  ),
  placeInPart('ConnectionTls', all.connectionTls, (chart, tls) => told(chart, { tls: { ...connectionTls, ...tls } })),
  placeInPart('CaSource', all.caSource, (chart, ca) =>
    told(chart, { tls: { ...connectionTls, ca: { key: 'a', ...ca } } }),
  ),
  placeInPart('CertificatesProps', all.certificates, (chart, part) => new Certificates(chart, 'part', part).node.id),
  placeInPart('EnvOptions', all.env, (chart, part) => told(chart, {}, part)),
];

/** Of a user beside the default one. */
function userPlaces(): Place[] {
  const users = (...list: AclUser[]): Props => ({ users: list });
  return [
    place('UserOptions', all.user, (user) => users(AclUser.exporter('a', user))),
    place('DataUserOptions', all.dataUser, (user) => users(AclUser.application('a', user))),
    place('CustomUserOptions', all.customUser, (user) => users(AclUser.custom('a', user))),
    place('UserCommands', all.userCommands, (commands) => users(AclUser.custom('a', { commands }))),
    place('UserKeys', all.userKeys, (keys) => users(AclUser.custom('a', { keys }))),
    place('UserPasswordOptions', all.userPassword, (options) =>
      users(AclUser.exporter('a', { passwords: [UserPassword.key('main', options)] })),
    ),
  ];
}

type Write = (options: MemberOptions) => Props;

const members: Record<string, Write> = {
  'nodes.master': (master) => ({ nodes: { master } }),
  'nodes.replicaOverrides': (own) => ({ nodes: { replicaOverrides: { replica2: own } } }),
  'sentinels.overrides': (own) => ({ sentinels: { overrides: { sentinel2: own } } }),
};
const groups: Record<string, Write> = {
  nodes: (nodes) => ({ nodes }),
  sentinels: (sentinels) => ({ sentinels }),
};

/** What each member has of its own, and what its group has for all of them. */
const often: Place[] = [...Object.entries(members), ...Object.entries(groups)].flatMap(([where, write]) => [
  ...(where in members
    ? [
        place(
          'MemberOptions',
          all.memberOptions,
          write,
          { announceHost: { always: write({ hostNetwork: true }) } },
          where,
        ),
        place('DeploymentOptions', all.deployment, (deployment) => write({ deployment }), {}, where),
      ]
    : [
        place(
          'DeploymentOptions',
          all.deployment,
          (deployment) => write({ deployment }),
          { selector: { always: where === 'nodes' ? oneNode : oneSentinel } },
          where,
        ),
      ]),
  place('SchedulingOptions', all.scheduling, (scheduling) => write({ scheduling }), {}, where),
  place('PodOptions', all.pod, (pod) => write({ pod }), {}, where),
  place(
    'ImageOptions',
    all.image,
    (image) => write({ image }),
    { repository: { always: write(tag) }, envContract: { refusedWith: 'self-configured' } },
    where,
  ),
  place(
    'ContainerResources',
    all.resources,
    (resources) => write({ resources: { memory: { limit: Size.gibibytes(1) }, ...resources } }),
    {},
    where,
  ),
]);

/** Every place of everything that may be given. */
export const PLACES: readonly Place[] = [...once, ...often, ...inParts];
