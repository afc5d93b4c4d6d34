import { Duration } from 'cdk8s';

/** The alerts, by the name that they have in Prometheus. What each means and what to do then: docs/monitoring.md. */
export enum AlertName {
  METRICS_MISSING = 'RedisMetricsMissing',
  NO_MASTER = 'RedisNoMaster',
  TWO_MASTERS = 'RedisTwoMasters',
  SENTINELS_DISAGREE = 'RedisSentinelsDisagree',
  SENTINEL_MAJORITY_DOWN = 'RedisSentinelMajorityDown',
  QUORUM_LOST = 'RedisQuorumLost',
  WRITES_REFUSED = 'RedisWritesRefused',
  MEMORY_FULL = 'RedisMemoryFull',
  AOF_WRITE_FAILED = 'RedisAofWriteFailed',
  SNAPSHOT_FAILED = 'RedisSnapshotFailed',
  CLAIM_FULL = 'RedisClaimFull',
  CERTIFICATE_EXPIRED = 'RedisCertificateExpired',
  PROXIES_WITHOUT_MASTER = 'RedisProxiesWithoutMaster',
  PROXIES_DOWN = 'RedisProxiesDown',
  NODE_DOWN = 'RedisNodeDown',
  SENTINEL_DOWN = 'RedisSentinelDown',
  MEMBER_UNREACHABLE = 'RedisMemberUnreachable',
  RESTARTS = 'RedisRestarts',
  NODE_WAITS = 'RedisNodeWaits',
  NOBODY_TO_TAKE_OVER = 'RedisNobodyToTakeOver',
  FAILOVERS = 'RedisFailovers',
  REPLICA_LINK_DOWN = 'RedisReplicaLinkDown',
  REPLICA_BEHIND = 'RedisReplicaBehind',
  FULL_COPIES = 'RedisFullCopies',
  GHOSTS = 'RedisGhosts',
  SENTINEL_KNOWS_TOO_FEW = 'RedisSentinelKnowsTooFew',
  SENTINEL_TILT = 'RedisSentinelTilt',
  SENTINEL_SPINS = 'RedisSentinelSpins',
  MEMORY_HIGH = 'RedisMemoryHigh',
  NEAR_MEMORY_LIMIT = 'RedisNearMemoryLimit',
  CLIENTS_HIGH = 'RedisClientsHigh',
  CONNECTIONS_REJECTED = 'RedisConnectionsRejected',
  AOF_REWRITE_FAILED = 'RedisAofRewriteFailed',
  FORK_SLOW = 'RedisForkSlow',
  CLAIM_HIGH = 'RedisClaimHigh',
  CLAIM_FILLS = 'RedisClaimFills',
  CERTIFICATE_EXPIRES = 'RedisCertificateExpires',
  CERTIFICATE_NOT_READY = 'RedisCertificateNotReady',
  PROXY_DOWN = 'RedisProxyDown',
  PROXY_CLIENTS_HIGH = 'RedisProxyClientsHigh',
  BACKUP_FAILED = 'RedisBackupFailed',
  BACKUP_OLD = 'RedisBackupOld',
  FAILOVER = 'RedisFailover',
  EVICTIONS = 'RedisEvictions',
  LOGINS_REFUSED = 'RedisLoginsRefused',
}

/** When an alert is raised. */
export interface AlertThresholds {
  /**
   * How long what stops clients must last before somebody is woken, whole seconds, 20 seconds to 1 hour, and at least two
   * `metrics.interval`. A failover takes 7 seconds, a hand-over less than 2.
   *
   * @default Duration.minutes(2)
   */
  readonly outage?: Duration;

  /**
   * How long a member may be away or behind, whole seconds, 1 minute to 1 day. Longer than a rollout and a change of the number of
   * members, or those raise warnings.
   *
   * @default - 10 minutes, or what the longest stop of a member and its return may take where that is longer
   */
  readonly patience?: Duration;

  /** Data in percent of `maxmemory`, 1 to 99: {@link AlertName.MEMORY_HIGH}. @default 85 */
  readonly memoryPercent?: number;

  /** Memory of a server in percent of its container's limit, 1 to 99: {@link AlertName.NEAR_MEMORY_LIMIT}. @default 90 */
  readonly memoryLimitPercent?: number;

  /**
   * Connected clients in percent of `maxclients`, and of `proxy.maxConnections`, 1 to 99: {@link AlertName.CLIENTS_HIGH} and
   * {@link AlertName.PROXY_CLIENTS_HIGH}.
   *
   * @default 80
   */
  readonly clientsPercent?: number;

  /**
   * What a replica has not got yet in percent of the backlog, 1 to 99: {@link AlertName.REPLICA_BEHIND}. With more than the backlog
   * a broken link costs a full copy.
   *
   * @default 50
   */
  readonly backlogPercent?: number;

  /** Used space of a claim in percent, 1 to 94: {@link AlertName.CLAIM_HIGH}. From 95 it is {@link AlertName.CLAIM_FULL}. @default 80 */
  readonly claimPercent?: number;

  /** A claim that is full by then if it goes on like this, whole seconds, 1 hour to 30 days: {@link AlertName.CLAIM_FILLS}. @default Duration.days(1) */
  readonly claimFullIn?: Duration;

  /**
   * A certificate of the members, or its CA, that has expired by then, whole seconds, 1 minute to 90 days:
   * {@link AlertName.CERTIFICATE_EXPIRES}. With cert-manager shorter than `renewBefore`, or each of them raises it.
   *
   * @default - 14 days, or half of `renewBefore` where cert-manager has less time for the next one
   */
  readonly certificateExpiresIn?: Duration;

  /** Changes of the master in an hour, planned ones too, 1 to 1000: more raise {@link AlertName.FAILOVERS}. @default 4 */
  readonly failoversPerHour?: number;

  /** Full copies that nodes gave in an hour, 1 to 1000: more raise {@link AlertName.FULL_COPIES}. @default - 10, or three for each replica */
  readonly fullCopiesPerHour?: number;

  /** Restarts of a server in its pod in an hour, 1 to 1000: more raise {@link AlertName.RESTARTS}. @default 3 */
  readonly restartsPerHour?: number;

  /** Wrong passwords at a node in ten minutes, 1 to 1000000: more raise {@link AlertName.LOGINS_REFUSED}. @default 100 */
  readonly refusedLogins?: number;

  /** Percent of one processor that a sentinel uses for five minutes, 1 to 100: {@link AlertName.SENTINEL_SPINS}. @default 50 */
  readonly sentinelCpuPercent?: number;

  /**
   * Age of the newest backup, whole seconds, 5 minutes to 90 days: {@link AlertName.BACKUP_OLD}. Longer than the time between two.
   *
   * @default Duration.hours(26)
   */
  readonly backupAge?: Duration;

  /** A fork, which stops a node for so long, whole milliseconds, 1 millisecond to 1 minute: {@link AlertName.FORK_SLOW}. @default Duration.seconds(1) */
  readonly fork?: Duration;
}

/** What rules for Prometheus have. */
export interface AlertsOptions {
  /** Labels of the object, by which a Prometheus or its sidecar chooses its rules. @default - only this library's own */
  readonly objectLabels?: Record<string, string>;

  /**
   * Labels of every alert, for the routes of Alertmanager, beside `severity`, `namespace` and `app_kubernetes_io_instance`.
   *
   * @default - none
   */
  readonly labels?: Record<string, string>;

  /** When they are raised. @default - see each threshold */
  readonly thresholds?: AlertThresholds;

  /** Alerts that are left out. @default - none */
  readonly disable?: AlertName[];

  /**
   * Address of the runbooks. Each alert's is `<address>#<its name in lower case>`.
   *
   * @default - docs/monitoring.md in this library's repository
   */
  readonly runbooks?: string;
}
