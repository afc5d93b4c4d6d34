export { PlainTextPasswords, type PlainTextPasswordsProps } from './auth/parts';
export {
  Auth,
  DefaultUser,
  type PasswordSource,
  type PlainTextAuthOptions,
  type SecretAuthOptions,
} from './auth/props';
export { Backups, type BackupsProps } from './backup/parts';
export { BackupCheck, type BackupImageOptions, type BackupOptions, type BackupRetention } from './backup/props';
export {
  BackupTarget,
  type BackupEncryption,
  type ClaimTargetOptions,
  type RcloneTargetOptions,
  type S3TargetOptions,
} from './backup/target-props';
export { ConfigMaps, type ConfigMapsProps } from './config-maps/parts';
export { Connection } from './connection/parts';
export {
  type CaSource,
  type ConnectionAddress,
  type ConnectionProps,
  type ConnectionTls,
  type ConnectionUser,
  type EnvOptions,
} from './connection/props';
export { type CustomObjectProps } from './core/custom-object';
export { InvalidClusterError, type Problem } from './core/problems';
export { DisruptionBudgets, type DisruptionBudgetsProps } from './disruption-budgets/parts';
export { HealthCheck, type HealthCheckProps } from './health-check/parts';
export { type HealthCheckOptions } from './health-check/props';
export { type MetadataOptions } from './identity/props';
export { EnvContract, Product, type ImageOptions } from './image/props';
export { Member, type MemberProps } from './member/parts';
export {
  Spread,
  type DeploymentOptions,
  type MemberOptions,
  type PodOptions,
  type SchedulingOptions,
} from './member/props';
export { AlertName, type AlertThresholds, type AlertsOptions } from './metrics/alert-props';
export { Metrics, type MetricsProps } from './metrics/parts';
export {
  Alerts,
  Dashboard,
  Monitor,
  type DashboardOptions,
  type ExporterOptions,
  type MetricsOptions,
  type MonitorOptions,
} from './metrics/props';
export { Migration, type MigrationProps } from './migration/parts';
export {
  MigrationPhase,
  MigrationSource,
  type MigrationOptions,
  type SentinelSourceOptions,
  type ServerSourceOptions,
  type SourceAuth,
  type SourceOptions,
} from './migration/props';
export { NetworkPolicies, type NetworkPoliciesProps } from './network-policy/parts';
export { Client, type ClientOptions, type NetworkPolicyOptions } from './network-policy/props';
export { RedisNode } from './nodes/parts';
export { type NodesOptions, type ReplicaOverrides } from './nodes/props';
export { type RedisSentinelClusterProps } from './props';
export { Proxy, type ProxyProps } from './proxy/parts';
export {
  ProxyService,
  TrafficPolicy,
  WhenSentinelsAreAway,
  type ProxyImageOptions,
  type ProxyLoadBalancerOptions,
  type ProxyNodePortOptions,
  type ProxyOptions,
  type ProxyOutsideOptions,
  type ProxyReadsOptions,
} from './proxy/props';
export { RedisSentinelCluster } from './redis-sentinel-cluster';
export { Restore, type RestoreProps } from './restore/parts';
export { type RestoreOptions } from './restore/props';
export { Risk } from './risks';
export { Ids, type SecurityOptions } from './security/props';
export { Sentinel } from './sentinels/parts';
export { type SentinelOverrides, type SentinelsOptions } from './sentinels/props';
export { LogLevel, MaxmemoryPolicy, type RedisSettings } from './settings/props';
export {
  FsyncPolicy,
  Persistence,
  Storage,
  type AofAndRdbOptions,
  type AofOptions,
  type ClaimOptions,
  type EphemeralOptions,
  type RdbOptions,
  type SavePoint,
} from './storage/props';
export { Certificates, type CertificatesProps } from './tls/parts';
export {
  CaBundle,
  ClientCertificates,
  KeyAlgorithm,
  Tls,
  TlsProtocol,
  type CertManagerTlsOptions,
  type IssuerOptions,
  type PrivateKeyOptions,
  type SecretTlsOptions,
  type TlsOptions,
} from './tls/props';
export { Users, type UsersProps } from './users/parts';
export {
  AclUser,
  Servers,
  UserPassword,
  type CustomUserOptions,
  type DataUserOptions,
  type UserCommands,
  type UserKeys,
  type UserOptions,
  type UserPasswordOptions,
} from './users/props';
