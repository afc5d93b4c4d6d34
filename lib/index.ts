export { Auth, type PasswordSource, type PlainTextAuthOptions, type SecretAuthOptions } from './auth';
export { Configuration } from './configuration';
export { Connection, type EnvOptions } from './connection';
export { DisruptionBudgets } from './disruption-budgets';
export { Member } from './member';
export { NetworkPolicies } from './network-policy';
export { InvalidClusterError, type Problem } from './problems';
export {
  EnvContract,
  Product,
  Spread,
  type ClientOptions,
  type DeploymentOptions,
  type ImageOptions,
  type MetadataOptions,
  type NetworkPolicyOptions,
  type NodesOptions,
  type PodOptions,
  type RedisSentinelClusterProps,
  type SchedulingOptions,
  type SecurityOptions,
  type SentinelsOptions,
  type WorkloadOptions,
} from './props';
export { RedisNode } from './redis-node';
export { RedisSentinelCluster } from './redis-sentinel-cluster';
export { Risk } from './risks';
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
