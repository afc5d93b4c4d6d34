import { AlertName } from '../../../lib';
import type { Failure } from '../kit/failure';
import { signal } from '../kit/faults';
import { sleep } from '../kit/kubectl';
import type { LiveCluster } from '../kit/live-cluster';

/** Takes members away for a minute. Told to stop, each would wait for the others to come back. */
async function away(cluster: LiveCluster, members: string[]): Promise<void> {
  await cluster.scale(members, 0);
  await Promise.all(members.map((member) => signal(cluster, member, 'SIGKILL')));
  await cluster.gone(members);
  await sleep(60_000);
  await cluster.scale(members, 1);
}

/** Nothing heals these but whoever brings back what is gone, and alerts are to call him. */
export const lasting: Failure[] = [
  {
    name: 'all replicas away for a minute',
    thorough: true,
    happens: (cluster, master) => away(cluster, cluster.othersThan(master)),
    next: 'same',
    alerts: [AlertName.WRITES_REFUSED],
  },
  {
    name: 'two of three sentinels away for a minute',
    thorough: true,
    happens: (cluster) => away(cluster, cluster.sentinels.slice(1)),
    next: 'same',
    alerts: [AlertName.SENTINEL_MAJORITY_DOWN, AlertName.QUORUM_LOST],
  },
  {
    name: 'all nodes away for a minute',
    thorough: true,
    happens: (cluster) => away(cluster, cluster.nodes),
    limit: 180,
    alerts: [AlertName.NO_MASTER],
  },
];
