import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import { variableOf } from '../config-maps/variables';
import * as defaults from '../defaults';
import { ResolvedMember } from '../member/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { ResolvedSentinels } from '../sentinels/resolve';
import { ResolvedPersistence } from '../storage/resolve';
import { RedisSettings } from './props';
import { SETTINGS, renderSetting } from './table';

/** Settings that rules and others reckon with, and all that is written into the nodes' redis.conf. */
export interface ResolvedSettings {
  readonly settings: {
    readonly maxmemory: Size;
    readonly maxclients: number | undefined;
    readonly minReplicasToWrite: number;
    readonly minReplicasMaxLag: Duration;
    readonly replBacklogSize: Size;
    readonly replicaOutputBufferLimit: Size;
    readonly directives: Record<string, string>;
    /** Every line of redis.conf as a variable of the nodes' servers. */
    readonly variables: Record<string, string>;
  };
}

type Cluster = ResolvedNodes & ResolvedSentinels & { readonly persistence: ResolvedPersistence };

export function resolveSettings(
  props: { readonly settings?: RedisSettings },
  { nodes, downAfter, persistence }: Cluster,
): ResolvedSettings {
  const given = props.settings ?? {};
  const replBacklogSize = given.replBacklogSize ?? defaults.REPL_BACKLOG_SIZE;
  const replicaOutputBufferLimit = given.replicaOutputBufferLimit ?? defaults.REPLICA_OUTPUT_BUFFER_LIMIT;
  const decided = {
    maxmemory: given.maxmemory ?? largestMaxmemory(nodes, replBacklogSize, replicaOutputBufferLimit),
    minReplicasToWrite: given.minReplicasToWrite ?? defaults.minReplicasToWrite(nodes.length - 1),
    minReplicasMaxLag: given.minReplicasMaxLag ?? largestLag(downAfter),
    replBacklogSize,
    replicaOutputBufferLimit,
  };
  const directives = given.directives ?? {};
  const all: RedisSettings = { ...defaults.REPLICATION, ...given, ...decided };
  return {
    settings: {
      ...decided,
      maxclients: given.maxclients,
      directives,
      variables: { ...persistenceVariables(persistence), ...settingVariables(all), ...directiveVariables(directives) },
    },
  };
}

function persistenceVariables({ savePoints, fsync, none }: ResolvedPersistence): Record<string, string> {
  return {
    [variableOf('save')]: savePoints.map(({ seconds, changes }) => `${seconds} ${changes}`).join(' ') || '""',
    ...(fsync !== undefined && { [variableOf('appendfsync')]: fsync }),
    // Files of a full copy have no place where nothing is to be on disk.
    ...(none && { [variableOf('rdb-del-sync-files')]: 'yes' }),
  };
}

function settingVariables(all: RedisSettings): Record<string, string> {
  const lines = Object.entries(SETTINGS).flatMap(([property, { directives, kind }]) => {
    const value: unknown = all[property as keyof RedisSettings];
    if (value === undefined) return [];
    return directives.map((directive) => [variableOf(directive), renderSetting(kind, value) || '""']);
  });
  return Object.fromEntries(lines) as Record<string, string>;
}

export function directiveVariables(directives: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(directives).map(([directive, value]) => [variableOf(directive), value]));
}

/** What the smallest node can hold: a replica must be able to take over all that its master has. */
function largestMaxmemory(nodes: ResolvedMember[], backlog: Size, buffer: Size): Size {
  const limits = nodes.map(
    ({ resources }) => resources.memory?.limit?.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR }) ?? 0,
  );
  const shared = Math.max(backlog.toKibibytes(), buffer.toKibibytes()) / 1024;
  return Size.mebibytes(Math.max(0, Math.floor((Math.min(...limits) - shared) / defaults.MEMORY_FACTOR)));
}

function largestLag(downAfter: Duration): Duration {
  const seconds = Math.floor((downAfter.toMilliseconds() - defaults.GUARD_MARGIN.toMilliseconds()) / 1000);
  return Duration.seconds(Math.max(1, Math.min(defaults.LONGEST_LAG.toSeconds(), seconds)));
}
