import { Duration, Size } from 'cdk8s';
import { Cpu, ImagePullPolicy, PersistentVolumeAccessMode, k8s, type ContainerResources } from 'cdk8s-plus-27';
import {
  AclUser,
  type ConnectionUser,
  type CustomUserOptions,
  type DataUserOptions,
  Servers,
  type UserCommands,
  type UserKeys,
  type UserOptions,
  UserPassword,
  type UserPasswordOptions,
  type UsersProps,
  AlertName,
  Alerts,
  Auth,
  BackupCheck,
  BackupTarget,
  CaBundle,
  Client,
  ClientCertificates,
  Dashboard,
  DefaultUser,
  EnvContract,
  FsyncPolicy,
  Ids,
  KeyAlgorithm,
  LogLevel,
  MaxmemoryPolicy,
  Monitor,
  Persistence,
  Product,
  ProxyService,
  Risk,
  Spread,
  Storage,
  TrafficPolicy,
  WhenSentinelsAreAway,
  Tls,
  TlsProtocol,
  type AlertThresholds,
  type AlertsOptions,
  type AofAndRdbOptions,
  type ConfigMapsProps,
  type ConnectionAddress,
  type CaSource,
  type CertManagerTlsOptions,
  type CertificatesProps,
  type ConnectionProps,
  type ConnectionTls,
  type CustomObjectProps,
  type DashboardOptions,
  type DisruptionBudgetsProps,
  type HealthCheckProps,
  type IssuerOptions,
  type MemberProps,
  type NetworkPoliciesProps,
  type PasswordSource,
  type PrivateKeyOptions,
  type SecretTlsOptions,
  type TlsOptions,
  type PlainTextPasswordsProps,
  type ReplicaOverrides,
  type SentinelOverrides,
  type AofOptions,
  type BackupEncryption,
  type BackupImageOptions,
  type BackupOptions,
  type BackupRetention,
  type BackupsProps,
  type ClaimTargetOptions,
  type RcloneTargetOptions,
  type RestoreOptions,
  MigrationPhase,
  MigrationSource,
  type MigrationOptions,
  type MigrationProps,
  type SentinelSourceOptions,
  type ServerSourceOptions,
  type SourceAuth,
  type SourceOptions,
  type RestoreProps,
  type S3TargetOptions,
  type ClaimOptions,
  type ClientOptions,
  type DeploymentOptions,
  type EnvOptions,
  type EphemeralOptions,
  type ExporterOptions,
  type HealthCheckOptions,
  type ImageOptions,
  type MetadataOptions,
  type MetricsOptions,
  type MetricsProps,
  type MonitorOptions,
  type NetworkPolicyOptions,
  type NodesOptions,
  type PlainTextAuthOptions,
  type PodOptions,
  type ProxyImageOptions,
  type ProxyLoadBalancerOptions,
  type ProxyNodePortOptions,
  type ProxyOptions,
  type ProxyOutsideOptions,
  type ProxyProps,
  type ProxyReadsOptions,
  type RdbOptions,
  type RedisSentinelClusterProps,
  type RedisSettings,
  type SavePoint,
  type SchedulingOptions,
  type SecretAuthOptions,
  type SecurityOptions,
  type SentinelsOptions,
  type MemberOptions,
} from '../../lib';

/** Every prop with a value that is not its default. `Required` makes a new prop without one a compile error. */

export const image: Required<ImageOptions> = {
  product: Product.VALKEY,
  repository: 'registry.example.com/redis',
  tag: '7.2.16',
  digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
  pullPolicy: ImagePullPolicy.ALWAYS,
  pullSecrets: ['registry'],
  envContract: EnvContract.SELF_CONFIGURED,
};

export const resources: Required<ContainerResources> = {
  cpu: { request: Cpu.millis(200), limit: Cpu.units(2) },
  memory: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
  ephemeralStorage: { request: Size.mebibytes(10), limit: Size.mebibytes(20) },
};

export const scheduling: Required<SchedulingOptions> = {
  nodeSelector: { disk: 'fast' },
  zone: 'z1',
  affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
  tolerations: [{ key: 'redis', operator: 'Exists' }],
  priorityClassName: 'high',
  runtimeClassName: 'gvisor',
  spread: Spread.REQUIRED,
};

export const pod: Required<PodOptions> = {
  labels: { team: 'data' },
  annotations: { 'example.com/pod': 'yes' },
  env: [{ name: 'TZ', value: 'UTC' }],
  volumes: [{ name: 'extra', emptyDir: {} }],
  volumeMounts: [{ name: 'run', mountPath: '/tmp', subPath: 'tmp' }],
  initContainers: [{ name: 'prepare', image: 'tool:1.0.0' }],
  containers: [{ name: 'helper', image: 'tool:1.0.0' }],
  serviceAccountName: 'redis',
};

export const deployment: Required<DeploymentOptions> = {
  labels: { tier: 'cache' },
  annotations: { 'example.com/deployment': 'yes' },
  selector: { service_name: 'only-this-one' },
  strategy: {
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: k8s.IntOrString.fromNumber(0), maxUnavailable: k8s.IntOrString.fromNumber(1) },
  },
  revisionHistoryLimit: 7,
  terminationGracePeriod: Duration.seconds(400),
  progressDeadline: Duration.seconds(1000),
};

export const memberOptions: Required<MemberOptions> = {
  name: 'of-its-own',
  image: { pullPolicy: ImagePullPolicy.ALWAYS },
  resources,
  storage: Storage.claim({ size: Size.gibibytes(8) }),
  scheduling: { zone: 'z1' },
  pod: { labels: { team: 'data' } },
  deployment: { revisionHistoryLimit: 7 },
  announceHost: '192.0.2.7',
  hostNetwork: true,
};

export const nodes: Required<NodesOptions> = {
  ...memberOptions,
  replicas: 3,
  port: 7000,
  master: { hostNetwork: true },
  replicaOverrides: { replica2: { hostNetwork: true } },
  keeperResources: resources,
};

export const sentinels: Required<SentinelsOptions> = {
  ...memberOptions,
  count: 5,
  port: 27000,
  quorum: 3,
  downAfter: Duration.seconds(7),
  failoverTimeout: Duration.seconds(20),
  parallelSyncs: 2,
  directives: { 'lua-time-limit': '4000' },
  overrides: { sentinel3: { hostNetwork: true } },
  keeperResources: resources,
};

const own: MemberOptions = { deployment: { revisionHistoryLimit: 7 } };

export const replicaOverrides: Required<ReplicaOverrides> = {
  replica1: own,
  replica2: own,
  replica3: own,
  replica4: own,
  replica5: own,
  replica6: own,
  replica7: own,
  replica8: own,
  replica9: own,
};

export const sentinelOverrides: Required<SentinelOverrides> = {
  sentinel1: own,
  sentinel2: own,
  sentinel3: own,
  sentinel4: own,
  sentinel5: own,
  sentinel6: own,
  sentinel7: own,
  sentinel8: own,
  sentinel9: own,
};

export const metadata: Required<MetadataOptions> = {
  labels: { team: 'data' },
  annotations: { 'example.com/object': 'yes' },
  podLabels: { 'cost-center': '7' },
  podAnnotations: { 'example.com/pod': 'yes' },
};

export const settings: Required<RedisSettings> = {
  maxmemory: Size.mebibytes(300),
  maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LRU,
  maxclients: 5000,
  timeout: Duration.seconds(300),
  tcpKeepalive: Duration.seconds(30),
  tcpBacklog: 1024,
  databases: 4,
  ioThreads: 2,
  hz: 20,
  activedefrag: true,
  lazyFree: true,
  notifyKeyspaceEvents: 'Ex',
  slowlogLogSlowerThan: Duration.millis(5),
  slowlogMaxLen: 256,
  latencyMonitorThreshold: Duration.millis(100),
  loglevel: LogLevel.VERBOSE,
  minReplicasToWrite: 2,
  minReplicasMaxLag: Duration.seconds(2),
  replBacklogSize: Size.mebibytes(32),
  replicaOutputBufferLimit: Size.mebibytes(128),
  replDisklessSyncDelay: Duration.seconds(5),
  replTimeout: Duration.seconds(30),
  directives: { 'active-expire-effort': '4' },
};

export const security: Required<SecurityOptions> = {
  ids: Ids.PLATFORM,
  user: 20001,
  group: 20002,
  fsGroup: 20003,
  restricted: false,
};

export const client: Required<ClientOptions> = { podLabels: { app: 'shop' }, namespaceLabels: { team: 'shop' } };

export const networkPolicy: Required<NetworkPolicyOptions> = {
  enabled: false,
  clients: [Client.pods(client)],
  dnsPorts: [1053],
};

export const healthCheck: Required<HealthCheckOptions> = { timeout: Duration.minutes(2) };

export const exporter: Required<ExporterOptions> = {
  repository: 'registry.example.com/redis_exporter',
  tag: 'v1.45.0',
  digest: image.digest,
  pullPolicy: ImagePullPolicy.ALWAYS,
  resources,
  port: 9200,
  sentinelPort: 9201,
};

export const monitor: Required<MonitorOptions> = { labels: { release: 'prometheus' } };

export const thresholds: Required<AlertThresholds> = {
  outage: Duration.minutes(3),
  patience: Duration.minutes(20),
  memoryPercent: 70,
  memoryLimitPercent: 71,
  clientsPercent: 72,
  backlogPercent: 73,
  claimPercent: 74,
  claimFullIn: Duration.hours(12),
  certificateExpiresIn: Duration.days(6),
  failoversPerHour: 7,
  fullCopiesPerHour: 17,
  restartsPerHour: 8,
  refusedLogins: 9,
  sentinelCpuPercent: 75,
  backupAge: Duration.hours(2),
  fork: Duration.millis(100),
};

export const alerts: Required<AlertsOptions> = {
  objectLabels: { release: 'prometheus' },
  labels: { team: 'data' },
  thresholds: { memoryPercent: 70 },
  disable: [AlertName.FAILOVER],
  runbooks: 'https://wiki.example.com/redis',
};

export const dashboard: Required<DashboardOptions> = {
  labels: { dashboards: 'yes' },
  annotations: { grafana_folder: 'Redis' },
};

export const metrics: Required<MetricsOptions> = {
  exporter: { port: 9200 },
  monitor: Monitor.podMonitor(),
  interval: Duration.seconds(15),
  scrapers: [Client.pods(client)],
  alerts: Alerts.prometheusRule(),
  dashboard: Dashboard.configMap(),
};

export const s3Target: Required<S3TargetOptions> = {
  bucket: 'backups',
  prefix: 'shop/cache',
  endpoint: 'http://s3.example.com:9000',
  region: 'eu-central-1',
  provider: 'Minio',
  secretName: 's3',
  accessKeyIdKey: 'id',
  secretAccessKeyKey: 'key',
  pathStyle: false,
  serverSideEncryption: 'AES256',
};
export const claimTarget: Required<ClaimTargetOptions> = { claimName: 'backups', prefix: 'shop/cache' };
export const rcloneTarget: Required<RcloneTargetOptions> = { secretName: 'remote', path: 'shop/cache', port: 22 };
export const encryption: Required<BackupEncryption> = { secretName: 'passphrase', key: 'of-backups' };
export const retention: Required<BackupRetention> = { count: 30, age: Duration.days(90) };
export const backupImage: Required<BackupImageOptions> = {
  repository: 'registry.example.com/rclone',
  tag: '1.60.1',
  digest: image.digest,
  pullPolicy: ImagePullPolicy.ALWAYS,
};

export const backup: Required<BackupOptions> = {
  target: BackupTarget.s3(s3Target),
  schedule: '*/15 * * * *',
  timeZone: 'Europe/Berlin',
  suspend: true,
  deadline: Duration.minutes(10),
  check: BackupCheck.READ,
  retention,
  encryption,
  scratch: Size.gibibytes(3),
  serviceAccountName: 'backup',
  image: backupImage,
  resources,
  failedJobs: 5,
  successfulJobs: 0,
};

export const restoreFrom: Required<RestoreOptions> = {
  target: BackupTarget.rclone(rcloneTarget),
  backup: '20261126T030000Z-123456',
  encryption,
  image: backupImage,
  resources,
};

export const sourceAuth: Required<SourceAuth> = { secretName: 'old', key: 'word', user: 'follower' };
export const sourceOptions: Required<SourceOptions> = { auth: sourceAuth, tls: true };
export const serverSource: Required<ServerSourceOptions> = { ...sourceOptions, host: 'redis.old.svc', port: 7000 };
export const sentinelSource: Required<SentinelSourceOptions> = {
  ...sourceOptions,
  hosts: ['sentinel.old.svc'],
  port: 27_000,
  redisPort: 7000,
  masterName: 'mymaster',
  sentinelAuth: { ...sourceAuth, key: 'sentinel' },
};
export const migrateFrom: Required<MigrationOptions> = {
  source: MigrationSource.sentinels(sentinelSource),
  phase: MigrationPhase.CUT_OVER,
  timeout: Duration.minutes(10),
};

export const claim: Required<ClaimOptions> = {
  size: Size.gibibytes(8),
  storageClassName: 'fast',
  accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE_POD,
};

export const ephemeral: Required<EphemeralOptions> = { sizeLimit: Size.gibibytes(8) };

export const savePoint: Required<SavePoint> = { seconds: 30, changes: 5 };
export const aof: Required<AofOptions> = { fsync: FsyncPolicy.ALWAYS };
export const rdb: Required<RdbOptions> = { savePoints: [savePoint] };
export const aofAndRdb: Required<AofAndRdbOptions> = { ...aof, ...rdb };

export const secretAuth: Required<SecretAuthOptions> = {
  secretName: 'redis',
  passwordKey: 'main',
  sentinelPasswordKey: 'watch',
  previousPasswordKey: 'old',
  previousSentinelPasswordKey: 'old-watch',
  overlap: Duration.hours(1),
  defaultUser: DefaultUser.OFF,
};

export const userCommands: Required<UserCommands> = { allow: ['@read'], deny: ['keys'] };
export const userKeys: Required<UserKeys> = { readWrite: ['shop:*'], readOnly: ['price:*'], writeOnly: ['log:*'] };
export const userPassword: Required<UserPasswordOptions> = { secretName: 'people' };
export const user: Required<UserOptions> = {
  passwords: [UserPassword.key('main', userPassword)],
  enabled: false,
  on: Servers.NODES,
};
export const dataUser: Required<DataUserOptions> = { ...user, keys: ['shop:*'], channels: ['shop'] };
export const customUser: Required<CustomUserOptions> = {
  ...user,
  commands: userCommands,
  sentinelCommands: { allow: ['ping'] },
  keys: userKeys,
  channels: ['shop'],
};
export const usersParts: Required<UsersProps> = { list: { metadata: { name: 'people' }, data: { users: '' } } };

export const plainTextPasswords: Required<PlainTextPasswordsProps> = {
  secret: { metadata: { name: 'redis' }, stringData: { main: 'open' } },
};

export const env: Required<EnvOptions> = { prefix: 'CACHE', user: 'shop' };

export const password: Required<PasswordSource> = { secretName: 'redis', key: 'main' };

export const connectionUser: Required<ConnectionUser> = { name: 'report', password, on: Servers.SENTINELS };
export const address: Required<ConnectionAddress> = { host: 'cache-proxy', port: 7000 };

export const connection: Required<ConnectionProps> = {
  masterName: 'main',
  sentinelHosts: ['cache-sentinel-1'],
  sentinelPort: 27000,
  redisPort: 7000,
  proxy: address,
  reads: address,
  password,
  sentinelPassword: password,
  users: [{ name: 'shop', password, on: Servers.NODES }],
  defaultUser: DefaultUser.OFF,
  tls: { ca: { secretName: 'ca', key: 'bundle.pem' }, clientCertificates: ClientCertificates.REQUIRED },
  clientLabels: { client: 'true' },
};

export const connectionTls: Required<ConnectionTls> = {
  ca: { secretName: 'ca', key: 'bundle.pem' },
  clientCertificates: ClientCertificates.REQUIRED,
};
export const caSource: Required<CaSource> = { secretName: 'ca', configMapName: 'ca', key: 'bundle.pem' };
export const certificates: Required<CertificatesProps> = {
  certificate: { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'of-its-own' }, spec: {} },
};

export const tlsOptions: Required<TlsOptions> = {
  ca: CaBundle.fromConfigMap('trust', 'bundle.pem'),
  clientCertificates: ClientCertificates.REQUIRED,
  protocols: [TlsProtocol.TLS_1_3],
  ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  cipherSuites: 'TLS_AES_256_GCM_SHA384',
};
export const secretTls: Required<SecretTlsOptions> = {
  ...tlsOptions,
  secretName: 'certificate',
  certificateKey: 'chain.pem',
  privateKeyKey: 'key.pem',
};
export const issuer: Required<IssuerOptions> = { name: 'team', kind: 'ClusterIssuer', group: 'awspca.cert-manager.io' };
export const privateKey: Required<PrivateKeyOptions> = { algorithm: KeyAlgorithm.RSA, size: 4096 };
export const certManagerTls: Required<CertManagerTlsOptions> = {
  ...tlsOptions,
  issuer,
  duration: Duration.days(30),
  renewBefore: Duration.days(7),
  privateKey,
  extraDnsNames: ['cache.example.com'],
  clusterDomain: 'k8s.example.com',
  secretName: 'certificate',
};

const object = { metadata: { name: 'of-its-own' } };

export const member: Required<MemberProps> = {
  name: 'of-its-own',
  host: 'cache.example.com',
  deployment: object,
  service: object,
  claim: object,
};

export const configMaps: Required<ConfigMapsProps> = { scripts: object, members: object };
export const budgets: Required<DisruptionBudgetsProps> = { nodes: object, sentinels: object };
export const policies: Required<NetworkPoliciesProps> = { nodes: object, sentinels: object };
export const check: Required<HealthCheckProps> = { job: object, networkPolicy: object };
export const customObject: Required<CustomObjectProps> = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PodMonitor',
  metadata: object.metadata,
  spec: { selector: {} },
};
export const metricsParts: Required<MetricsProps> = {
  monitor: customObject,
  service: object,
  networkPolicy: object,
  prometheusRule: { ...customObject, kind: 'PrometheusRule' },
  rules: object,
  dashboard: object,
};

export const backups: Required<BackupsProps> = {
  cronJob: object,
  networkPolicy: object,
};
export const restoreParts: Required<RestoreProps> = { networkPolicy: object };
export const migrationParts: Required<MigrationProps> = { job: object, followerPolicy: object, jobPolicy: object };
export const proxyReads: Required<ProxyReadsOptions> = {
  port: 7001,
  maxLag: Duration.seconds(5),
  fallBackToMaster: false,
};
export const proxyImage: Required<ProxyImageOptions> = {
  repository: 'registry.example.com/haproxy',
  tag: '3.2.20',
  digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
  pullPolicy: ImagePullPolicy.ALWAYS,
};
export const proxyOutside: Required<ProxyOutsideOptions> = {
  sourceRanges: ['203.0.113.0/24'],
  annotations: { 'balancer.example.com/internal': 'true' },
  trafficPolicy: TrafficPolicy.CLUSTER,
};
export const proxyBalancer: Required<ProxyLoadBalancerOptions> = {
  ...proxyOutside,
  loadBalancerClass: 'example.com/internal',
};
export const proxyNodePort: Required<ProxyNodePortOptions> = { ...proxyOutside, port: 30_379, readsPort: 30_380 };
export const proxy: Required<ProxyOptions> = {
  replicas: 3,
  port: 7000,
  reads: { port: 7001 },
  whenSentinelsAreAway: WhenSentinelsAreAway.KEEP_CURRENT,
  checkInterval: Duration.millis(200),
  maxConnections: 500,
  service: ProxyService.loadBalancer({ sourceRanges: ['203.0.113.0/24'] }),
  drain: Duration.seconds(40),
  healthPort: 8500,
  image: { tag: '3.2.20' },
  resources: { cpu: { request: Cpu.millis(300) } },
  scheduling: { nodeSelector: { disk: 'ssd' } },
};
export const proxyParts: Required<ProxyProps> = {
  files: object,
  deployment: object,
  service: object,
  readsService: object,
  disruptionBudget: object,
  networkPolicy: object,
};

export const plainTextAuth: Required<PlainTextAuthOptions> = { password: 'open', sentinelPassword: 'sesame' };

export const cluster: Required<RedisSentinelClusterProps> = {
  name: 'orders',
  masterName: 'main',
  metadata: { labels: { team: 'data' } },
  image: { tag: '7.2.16' },
  nodes: { port: 7000 },
  sentinels: { port: 27000 },
  persistence: Persistence.rdb(),
  settings: { hz: 20 },
  auth: Auth.secret({ secretName: 'redis' }),
  tls: Tls.secret({ secretName: 'certificate' }),
  security: { user: 20001 },
  networkPolicy: { enabled: false },
  disruptionBudgets: false,
  healthCheck: {},
  metrics: {},
  users: [AclUser.application('shop')],
  backup: { target: BackupTarget.claim(claimTarget) },
  restoreFrom: { target: BackupTarget.claim(claimTarget) },
  migrateFrom: { source: MigrationSource.server({ host: 'redis.old.svc' }) },
  proxy: {},
  acceptRisks: [Risk.HASTY_FAILOVER],
};
