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

/** Somebody's copy, which tells its master no port: sentinels know one more replica that nobody reaches. */
async function copied(cluster: LiveCluster, master: string): Promise<void> {
  const restarts = (): Promise<string[]> =>
    Promise.all(
      cluster.sentinels.map((sentinel) =>
        cluster.podOf(sentinel, '.status.containerStatuses[?(@.name=="sentinel")].restartCount'),
      ),
    );
  const before = String(await restarts());
  const copy = `REDISCLI_AUTH=$(cat "$RUN_DIR/uses-redis") timeout 60 redis-cli -h ${cluster.host(master)} --replica`;
  const [replica = ''] = cluster.othersThan(master);
  const ended = `${copy} >/dev/null 2>&1 || [ $? = 124 ]`;
  await cluster.kubectl('exec', `deployment/${replica}`, '--container', 'keeper', '--', 'sh', '-c', ended);
  const after = String(await restarts());
  if (after !== before) throw new Error(`sentinels started anew while it copied: ${before}, and ${after} after that`);
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
  {
    name: 'somebody copies from the master for a minute, as no replica',
    thorough: true,
    happens: copied,
    limit: 180,
    next: 'same',
  },
];
