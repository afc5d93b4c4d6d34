export { Auth, type PasswordSource, type PlainTextAuthOptions, type SecretAuthOptions } from './auth/props';
export { Configuration } from './workload/config-maps';
export { Connection, type EnvOptions } from './connection/parts';
export { DisruptionBudgets } from './disruption-budgets/parts';
export { HealthCheck } from './health-check/parts';
export { Member } from './workload/parts';
export { NetworkPolicies } from './network-policy/parts';
export { InvalidClusterError, type Problem } from './core/problems';
export { EnvContract, Product, type ImageOptions } from './image/props';
export {
  type ClientOptions,
  type HealthCheckOptions,
  type MetadataOptions,
  type NetworkPolicyOptions,
  type NodesOptions,
  type RedisSentinelClusterProps,
  type SentinelsOptions,
} from './props';
export {
  Spread,
  type DeploymentOptions,
  type PodOptions,
  type SchedulingOptions,
  type WorkloadOptions,
} from './workload/props';
export { RedisNode } from './nodes/parts';
export { RedisSentinelCluster } from './redis-sentinel-cluster';
export { Risk } from './risks';
export { Ids, type SecurityOptions } from './security/props';
export { Sentinel } from './sentinels/parts';
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
