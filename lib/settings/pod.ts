import { Duration } from 'cdk8s';
import { variableOf } from '../config-maps/variables';
import { literal } from '../core/env';
import { k8s } from '../core/kplus';
import { sortedEntries } from '../core/sorted';
import { PAUSE_MARGIN, REPLICA_PRIORITY, SENTINEL_WAITS } from '../defaults';
import { isScripted } from '../image/resolve';
import { ResolvedMember } from '../member/resolve';
import { PodAddition } from '../pod/plan';
import { ResolvedSentinels } from '../sentinels/resolve';
import { ResolvedPersistence } from '../storage/resolve';
import { ResolvedSettings, directiveVariables } from './resolve';

type Cluster = ResolvedSettings & ResolvedSentinels & { readonly persistence: ResolvedPersistence };

/** Each setting in the containers that read it and in no other, so that a changed one is a changed line in each. */
export function settingsPod(cluster: Cluster, member: ResolvedMember): PodAddition {
  if (!isScripted(member)) return {};
  if (member.component === 'sentinel') {
    return {
      containers: [
        { name: 'sentinel', env: env(sentinelVariables(cluster)) },
        { name: 'keeper', env: env({ SENTINEL_WAITS: Object.entries(SENTINEL_WAITS).flat().join(' ') }) },
      ],
    };
  }
  const shared = { AOF: cluster.persistence.aof ? 'yes' : 'no', REPLICA_PRIORITY: String(REPLICA_PRIORITY) };
  const pause = { PAUSE_MILLISECONDS: String(longestPause(cluster.downAfter)) };
  return {
    containers: [
      { name: 'redis', env: env({ ...shared, ...pause, ...cluster.settings.variables }) },
      { name: 'keeper', env: env({ ...shared, DOWN_AFTER_MILLISECONDS: String(cluster.downAfter.toMilliseconds()) }) },
    ],
  };
}

function longestPause(downAfter: Duration): number {
  const milliseconds = downAfter.toMilliseconds();
  return Math.max(milliseconds - PAUSE_MARGIN.toMilliseconds(), Math.floor(milliseconds / 2));
}

function sentinelVariables({
  quorum,
  downAfter,
  failoverTimeout,
  parallelSyncs,
  sentinelDirectives,
}: ResolvedSentinels): Record<string, string> {
  return {
    QUORUM: String(quorum),
    [variableOf('down-after-milliseconds', 'SENTINEL_CONF')]: String(downAfter.toMilliseconds()),
    [variableOf('failover-timeout', 'SENTINEL_CONF')]: String(failoverTimeout.toMilliseconds()),
    [variableOf('parallel-syncs', 'SENTINEL_CONF')]: String(parallelSyncs),
    // Sentinel takes a server that answers that it loads for alive, and a GiB is read in 3 to 10 s. In less than what a healthy
    // master may need for an answer one that is back would be deposed: who has restarted must answer a ping, one each second.
    [variableOf('master-reboot-down-after-period', 'SENTINEL_CONF')]: String(downAfter.toMilliseconds()),
    ...directiveVariables(sentinelDirectives),
  };
}

/** By name, so that a reader finds one, and that the order in which they were given makes no difference. */
function env(variables: Record<string, string>): k8s.EnvVar[] {
  return sortedEntries(variables).map(([name, value]) => literal(name, value));
}
