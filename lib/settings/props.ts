import { Duration, Size } from 'cdk8s';

/**
 * What is thrown away when memory is full.
 *
 * @see https://redis.io/docs/latest/develop/reference/eviction/
 */
export enum MaxmemoryPolicy {
  NOEVICTION = 'noeviction',
  ALLKEYS_LRU = 'allkeys-lru',
  ALLKEYS_LFU = 'allkeys-lfu',
  ALLKEYS_RANDOM = 'allkeys-random',
  VOLATILE_LRU = 'volatile-lru',
  VOLATILE_LFU = 'volatile-lfu',
  VOLATILE_RANDOM = 'volatile-random',
  VOLATILE_TTL = 'volatile-ttl',
}

/** How much the server logs. */
export enum LogLevel {
  DEBUG = 'debug',
  VERBOSE = 'verbose',
  NOTICE = 'notice',
  WARNING = 'warning',
}

/**
 * redis.conf of the nodes.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */
export interface RedisSettings {
  /**
   * Most memory for data. Zero means no limit of its own, and needs {@link Risk.MEMORY_WITHOUT_HEADROOM}.
   *
   * @default - what the memory limit holds: (limit − the larger of backlog and replica buffer) ÷ 1.5
   */
  readonly maxmemory?: Size;

  /**
   * What is thrown away when memory is full.
   *
   * @default MaxmemoryPolicy.NOEVICTION
   */
  readonly maxmemoryPolicy?: MaxmemoryPolicy;

  /**
   * Most clients at once, 1 to 1000000. Every one more is refused.
   *
   * @default 10000
   */
  readonly maxclients?: number;

  /**
   * Idle clients are disconnected after this time, 0 to 1 year; zero never.
   *
   * @default Duration.seconds(0)
   */
  readonly timeout?: Duration;

  /**
   * Silent connections are probed after this time, 0 to 1 day; zero never.
   *
   * @default Duration.seconds(300)
   */
  readonly tcpKeepalive?: Duration;

  /**
   * Connections that wait to be accepted, 1 to 65535; the kernel's `somaxconn` may be lower.
   *
   * @default 511
   */
  readonly tcpBacklog?: number;

  /**
   * Number of databases, 1 to 1024.
   *
   * @default 16
   */
  readonly databases?: number;

  /**
   * Threads for the network, 1 to 128. More than the CPU limit slows the node down.
   *
   * @default 1
   */
  readonly ioThreads?: number;

  /**
   * Background tasks a second, 1 to 500.
   *
   * @default 10
   */
  readonly hz?: number;

  /**
   * Defragment memory while running.
   *
   * @default false
   */
  readonly activedefrag?: boolean;

  /**
   * Free the memory of keys that are evicted, expired or overwritten in a thread of its own.
   *
   * @default - the server's own: Redis does not, a recent Valkey does
   */
  readonly lazyFree?: boolean;

  /**
   * Events of keys that are published; an empty string for none.
   *
   * @see https://redis.io/docs/latest/develop/use/keyspace-notifications/
   * @default ''
   */
  readonly notifyKeyspaceEvents?: string;

  /**
   * Commands that take longer are in SLOWLOG, 0 to 1 hour.
   *
   * @default Duration.millis(10)
   */
  readonly slowlogLogSlowerThan?: Duration;

  /**
   * Entries of SLOWLOG, 0 to 1000000.
   *
   * @default 128
   */
  readonly slowlogMaxLen?: number;

  /**
   * Events that take longer are in LATENCY, 0 to 1 hour; zero none.
   *
   * @default Duration.millis(0)
   */
  readonly latencyMonitorThreshold?: Duration;

  /**
   * How much the server logs.
   *
   * @default LogLevel.NOTICE
   */
  readonly loglevel?: LogLevel;

  /**
   * Replicas that must be connected, or the master takes no writes, 0 to 9.
   *
   * It closes a master that is cut off before another one opens. After a crash with one replica only it would take
   * writes never again.
   *
   * @default - 1 with two replicas or more, otherwise 0
   */
  readonly minReplicasToWrite?: number;

  /**
   * A replica that was silent for longer does not count as connected, 1 second to 1 hour.
   *
   * Below `sentinels.downAfter`, so that a master that is cut off is closed before another one opens.
   *
   * @default - 3 seconds, or 2 seconds less than `sentinels.downAfter` where that is shorter
   */
  readonly minReplicasMaxLag?: Duration;

  /**
   * Writes that are kept for replicas that were away for a moment, 16 kB to 16 GiB. Longer absences cost a full copy.
   *
   * @default Size.mebibytes(64)
   */
  readonly replBacklogSize?: Size;

  /**
   * Writes that may wait for one replica before it is cut off and starts again, 1 MiB to 64 GiB.
   *
   * @default Size.mebibytes(256)
   */
  readonly replicaOutputBufferLimit?: Size;

  /**
   * Wait for more replicas before a full copy begins, 0 to 1 minute: those that ask within it share one. The time is added to
   * every full copy, but for one that all replicas have asked for.
   *
   * @default Duration.seconds(1)
   */
  readonly replDisklessSyncDelay?: Duration;

  /**
   * A master or replica that was silent for longer is given up, 2 seconds to 1 hour.
   *
   * @default Duration.seconds(10)
   */
  readonly replTimeout?: Duration;

  /**
   * Any other directive of redis.conf, as in the file: `{ 'active-expire-effort': '4' }`.
   *
   * Refused: what has a prop of its own, what this library decides, and what breaks a cluster whose nodes have names.
   *
   * @default - none
   */
  readonly directives?: Record<string, string>;
}
