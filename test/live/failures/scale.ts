import type { Scene } from '../kit/failure';
import { field, healthy } from '../kit/health';
import { until } from '../kit/kubectl';
import type { LiveCluster } from '../kit/live-cluster';

/** Makes a node the master, as an operator would who prefers it. */
async function promote(cluster: LiveCluster, node: string): Promise<void> {
  const priority = (value: string): Promise<unknown> => cluster.direct(node).config('SET', 'replica-priority', value);
  const sentinel = cluster.direct(cluster.sentinels[0] ?? '');
  const seen = async (): Promise<true | undefined> => {
    const replicas = (await sentinel.call('SENTINEL', 'REPLICAS', cluster.masterName)) as string[][];
    const its = replicas.find((replica) => field(replica, 'ip') === cluster.host(node));
    return its && field(its, 'slave-priority') === '1' ? true : undefined;
  };
  await until(60, `${node} is master`, async () => {
    if ((await healthy(cluster)).master === node) return true;
    await priority('1');
    await until(10, 'the sentinel has seen the priority', seen);
    await sentinel.call('SENTINEL', 'FAILOVER', cluster.masterName);
    return undefined;
  });
  await priority('100');
}

/** So many of each, and all else as it is. */
function changeTo(cluster: LiveCluster, count: number): Promise<void> {
  const { nodes, sentinels } = cluster.props;
  return cluster.change({ nodes: { ...nodes, replicas: count - 1 }, sentinels: { ...sentinels, count } });
}

export const scale: Scene = {
  name: 'scale',
  props: {},
  failures: [
    {
      name: 'from three nodes and sentinels to five',
      happens: (cluster) => changeTo(cluster, 5),
      limit: 120,
    },
    {
      name: 'back to three, the master among those that are removed',
      prepare: (cluster) => promote(cluster, 'cache-replica-4'),
      happens: (cluster) => changeTo(cluster, 3),
      limit: 330, // two minutes of it wait for members that might have come back
      thorough: true,
      next: 'another',
    },
  ],
};
