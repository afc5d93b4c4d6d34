export { Auth, type PasswordSource, type PlainTextAuthOptions, type SecretAuthOptions } from './auth';
export { Configuration } from './configuration';
export { Connection, type EnvOptions } from './connection';
export { DisruptionBudgets } from './disruption-budgets';
export { HealthCheck } from './health-check';
export { Member } from './member';
export { NetworkPolicies } from './network-policy';
export { InvalidClusterError, type Problem } from './problems';
export { EnvContract, Product, type ImageOptions } from './image-options';
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
} from './workload-options';
export { RedisNode } from './redis-node';
export { RedisSentinelCluster } from './redis-sentinel-cluster';
export { Risk } from './risks';
export { Ids, type SecurityOptions } from './security';
export { Sentinel } from './sentinel';
export { LogLevel, MaxmemoryPolicy, type RedisSettings } from './settings';
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
} from './storage';
