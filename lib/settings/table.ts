import { Size } from 'cdk8s';
import { bytesOf, millisecondsOf } from '../core/values';
import { LogLevel, MaxmemoryPolicy, RedisSettings } from './props';

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

/** Each typed setting and its directive. A container gets it as the variable that `variableOf` names. */
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

/** A value in the unit of its directive; undefined where it has none. */
export function measureOf(kind: SettingKind, value: unknown): number | undefined {
  if (kind === 'bytes' || kind === 'clientBuffer') return bytesOf(value);
  if (kind === 'integer') return value as number;
  if (kind === 'seconds') return millisecondsOf(value) / 1000;
  if (kind === 'milliseconds') return millisecondsOf(value);
  if (kind === 'microseconds') return millisecondsOf(value) * 1000;
  return undefined;
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
