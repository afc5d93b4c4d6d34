import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';

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
   * @default Duration.seconds(60)
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
   * @default false
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
   * Wait for more replicas before a full copy begins, 0 to 1 minute. The time is added to every full copy.
   *
   * @default Duration.seconds(0)
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

export type SettingKind =
  'bytes' | 'seconds' | 'milliseconds' | 'microseconds' | 'integer' | 'flag' | 'text' | 'clientBuffer';

/** A setting that is one prop. */
export type TypedSetting = Exclude<keyof RedisSettings, 'directives'>;

/** One typed setting: the directives it writes, its kind and its range in the directive's unit. */
export interface Setting {
  readonly directives: readonly string[];
  readonly kind: SettingKind;
  readonly min?: number;
  readonly max?: number;
  /** Values of an enum, for a setting of kind text. */
  readonly choices?: Record<string, string>;
}

const KB = 1024;
const GB = KB ** 3;
const HOUR_SECONDS = 3600;

/** Each typed setting and its directive. A container gets it as the variable that {@link variableOf} names. */
export const SETTINGS: { readonly [P in TypedSetting]: Setting } = {
  maxmemory: { directives: ['maxmemory'], kind: 'bytes', min: 0 },
  maxmemoryPolicy: { directives: ['maxmemory-policy'], kind: 'text', choices: MaxmemoryPolicy },
  maxclients: { directives: ['maxclients'], kind: 'integer', min: 1, max: 1_000_000 },
  timeout: { directives: ['timeout'], kind: 'seconds', min: 0, max: 365 * 24 * HOUR_SECONDS },
  tcpKeepalive: { directives: ['tcp-keepalive'], kind: 'seconds', min: 0, max: 24 * HOUR_SECONDS },
  tcpBacklog: { directives: ['tcp-backlog'], kind: 'integer', min: 1, max: 65_535 },
  databases: { directives: ['databases'], kind: 'integer', min: 1, max: 1024 },
  ioThreads: { directives: ['io-threads'], kind: 'integer', min: 1, max: 128 },
  hz: { directives: ['hz'], kind: 'integer', min: 1, max: 500 },
  activedefrag: { directives: ['activedefrag'], kind: 'flag' },
  lazyFree: {
    directives: [
      'lazyfree-lazy-eviction',
      'lazyfree-lazy-expire',
      'lazyfree-lazy-server-del',
      'lazyfree-lazy-user-del',
    ],
    kind: 'flag',
  },
  notifyKeyspaceEvents: { directives: ['notify-keyspace-events'], kind: 'text' },
  slowlogLogSlowerThan: {
    directives: ['slowlog-log-slower-than'],
    kind: 'microseconds',
    min: 0,
    max: HOUR_SECONDS * 1e6,
  },
  slowlogMaxLen: { directives: ['slowlog-max-len'], kind: 'integer', min: 0, max: 1_000_000 },
  latencyMonitorThreshold: {
    directives: ['latency-monitor-threshold'],
    kind: 'milliseconds',
    min: 0,
    max: HOUR_SECONDS * 1e3,
  },
  loglevel: { directives: ['loglevel'], kind: 'text', choices: LogLevel },
  minReplicasToWrite: { directives: ['min-replicas-to-write'], kind: 'integer', min: 0, max: 9 },
  minReplicasMaxLag: { directives: ['min-replicas-max-lag'], kind: 'seconds', min: 1, max: HOUR_SECONDS },
  replBacklogSize: { directives: ['repl-backlog-size'], kind: 'bytes', min: 16 * KB, max: 16 * GB },
  replicaOutputBufferLimit: {
    directives: ['client-output-buffer-limit'],
    kind: 'clientBuffer',
    min: KB * KB,
    max: 64 * GB,
  },
  replDisklessSyncDelay: { directives: ['repl-diskless-sync-delay'], kind: 'seconds', min: 0, max: 60 },
  replTimeout: { directives: ['repl-timeout'], kind: 'seconds', min: 2, max: HOUR_SECONDS },
};

const NO_USERS =
  'not offered yet: users, and what they may not do; clients are the user default, with the password of auth';

/**
 * Directives that this library writes itself: from other props, or because its safety rests on them. A remedy says which
 * prop to write, why the directive is to be left, or that there is nothing yet: never what would be refused in turn.
 */
export const OWNED: Record<string, string> = {
  appendonly: 'write persistence',
  appendfsync: 'write persistence',
  save: 'write persistence',
  appendfilename: 'leave it: the start rule looks for this file',
  appenddirname: 'leave it: the start rule looks for this folder',
  dbfilename: 'leave it: the start rule looks for this file',
  dir: 'leave it: the volume is mounted there',
  port: 'write nodes.port or sentinels.port',
  'tls-port': 'not offered yet: TLS; the nodes speak on one port, in clear',
  bind: 'leave it: a pod listens on its only address',
  'protected-mode': 'leave it: auth and networkPolicy say who gets in',
  requirepass: 'write auth',
  user: NO_USERS,
  aclfile: NO_USERS,
  masterauth: 'write auth',
  masteruser: 'leave it: replicas copy as a user of their own',
  primaryauth: 'write auth',
  primaryuser: 'leave it: replicas copy as a user of their own',
  replicaof: 'leave it: the keeper gives a node its role',
  slaveof: 'leave it: the keeper gives a node its role',
  'replica-priority': 'leave it: the keeper sets it when a node is in sync',
  'slave-priority': 'leave it: the keeper sets it when a node is in sync',
  'replica-serve-stale-data': 'leave it: a node without a role must refuse reads',
  'slave-serve-stale-data': 'leave it: a node without a role must refuse reads',
  'replica-read-only': 'leave it: a write on a replica is lost',
  'slave-read-only': 'leave it: a write on a replica is lost',
  'replica-announce-ip': 'leave it: a node is known by the name of its Service',
  'replica-announce-port': 'write nodes.port',
  'slave-announce-ip': 'leave it: a node is known by the name of its Service',
  'slave-announce-port': 'write nodes.port',
  'min-slaves-to-write': 'write settings.minReplicasToWrite',
  'min-slaves-max-lag': 'write settings.minReplicasMaxLag',
  'syslog-ident': 'leave it: a node shows its mark there',
  'syslog-enabled': 'leave it: a container logs to its standard output',
  logfile: 'leave it: a container logs to its standard output',
  daemonize: 'leave it: the server is the process of its container',
  supervised: 'leave it: the server is the process of its container',
  pidfile: 'leave it: the server is the process of its container',
  'shutdown-on-sigterm': 'leave it: a replica in its first sync would ignore the signal',
  include: 'write settings.directives or sentinels.directives',
  'cluster-enabled': 'leave it: Sentinel and Redis Cluster exclude one another',
  'repl-rdb-channel':
    'leave it: its second connection announces a pod address, and that ends in a master that follows itself',
  'dual-channel-replication-enabled':
    'leave it: its second connection announces a pod address, and that ends in a master that follows itself',
  'rename-command': `${NO_USERS}; the keeper and the sentinels need every command under its name`,
  sentinel: 'write sentinels',
};

/** Directives of the nodes that have a prop. The sentinels have no such props. */
const TYPED: Record<string, string> = Object.fromEntries(
  Object.entries(SETTINGS).flatMap(([property, { directives }]) =>
    directives.map((directive) => [directive, `write settings.${property}`]),
  ),
);

/** Why a raw directive is refused and what to write instead; undefined where it is not. */
export function ownedDirective(directive: string, component: 'node' | 'sentinel'): string | undefined {
  const owned = component === 'node' ? { ...OWNED, ...TYPED } : OWNED;
  return Object.hasOwn(owned, directive) ? owned[directive] : undefined;
}

/** A directive of redis.conf, or a setting of a monitored master, as a variable of the container. */
export function variableOf(directive: string, prefix: 'REDIS_CONF' | 'SENTINEL_CONF' = 'REDIS_CONF'): string {
  return `${prefix}_${directive.toUpperCase().replaceAll('-', '_')}`;
}

/** A value in the unit of its directive; undefined where it has none. */
export function measureOf(kind: SettingKind, value: unknown): number | undefined {
  if (kind === 'bytes' || kind === 'clientBuffer')
    return (value as Size).toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * KB;
  if (kind === 'integer') return value as number;
  if (kind === 'seconds') return millisecondsOf(value as Duration) / 1000;
  if (kind === 'milliseconds') return millisecondsOf(value as Duration);
  if (kind === 'microseconds') return millisecondsOf(value as Duration) * 1000;
  return undefined;
}

/** With its fraction: a conversion that fails would not say where. */
function millisecondsOf(duration: Duration): number {
  return duration.toMilliseconds({ integral: false });
}

/** A value as redis.conf has it. */
export function renderSetting(kind: SettingKind, value: unknown): string {
  if (kind === 'bytes') return renderBytes(value as Size);
  if (kind === 'clientBuffer') return renderReplicaBuffer(value as Size);
  if (kind === 'flag') return value === true ? 'yes' : 'no';
  return String(measureOf(kind, value) ?? value);
}

function renderBytes(size: Size): string {
  const kibibytes = size.toKibibytes();
  return kibibytes % KB === 0 ? `${kibibytes / KB}mb` : `${kibibytes}kb`;
}

/** Hard limit, and a quarter of it for a minute: the proportions of Redis' own default. */
function renderReplicaBuffer(size: Size): string {
  return `replica ${renderBytes(size)} ${Math.floor(size.toKibibytes() / 4)}kb 60`;
}
