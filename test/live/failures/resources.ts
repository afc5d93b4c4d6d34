import { ApiObject, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Scene } from '../kit/failure';
import { healthy } from '../kit/health';
import { sleep, until } from '../kit/kubectl';
import type { LiveCluster, Patch } from '../kit/live-cluster';

/** A volume in memory is the one kind that is full at its size on every cluster. */
const inMemory: Patch = (cluster) => {
  for (const node of [cluster.master, ...cluster.replicas]) {
    const deployment = ApiObject.of(node.deployment);
    const volumes = (deployment.toJson() as { spec: { template: { spec: { volumes: { name: string }[] } } } }).spec
      .template.spec.volumes;
    const index = volumes.findIndex(({ name }) => name === 'data');
    const volume = { name: 'data', emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('100Mi') } };
    deployment.addJsonPatch(JsonPatch.replace(`/spec/template/spec/volumes/${index}`, volume));
  }
};

async function restarts(cluster: LiveCluster): Promise<number> {
  const counts = await cluster.kubectl(
    'get',
    'pods',
    '--output=jsonpath={.items[*].status.containerStatuses[*].restartCount}',
  );
  return counts.split(' ').reduce((sum, count) => sum + Number(count), 0);
}

/** Fills a node with data as far as its own limit allows. */
async function fill(cluster: LiveCluster, master: string): Promise<void> {
  const server = cluster.direct(master);
  const [, limit = '0'] = (await server.config('GET', 'maxmemory')) as string[];
  await cluster.fill(master, async () => {
    const used = Number(/^used_memory:(\d+)/m.exec(await server.info('memory'))?.[1]);
    return used <= 0.85 * Number(limit);
  });
}

export const resources: Scene[] = [
  {
    name: 'disk',
    props: {},
    patch: inMemory,
    failures: [
      {
        name: "master's disk full for 15 s",
        happens: async (cluster, master) => {
          const inNode = ['exec', `deployment/${master}`, '--container=redis', '--', 'sh', '-c'];
          await cluster.kubectl(...inNode, 'cat /dev/zero >/data/filling || :');
          const refusal = await until(30, 'the master refuses writes', async () => {
            const error = await cluster.direct(master).set('probe', '1').catch(String);
            return error === 'OK' ? undefined : error;
          });
          await sleep(15_000);
          await cluster.kubectl(...inNode, 'rm /data/filling');
          return `clients were told: ${refusal.slice(0, 60)}`;
        },
        next: 'another',
      },
    ],
  },
  {
    name: 'limits',
    props: {},
    failures: [
      {
        name: "a replica's volume lost while the memory is full",
        prepare: fill,
        happens: async (cluster, master) => {
          const before = await restarts(cluster);
          const [replica = ''] = cluster.othersThan(master);
          await cluster.loseVolumes([replica]);
          await healthy(cluster, 120);
          const killed = (await restarts(cluster)) - before;
          if (killed > 0) throw new Error(`${killed} containers restarted`);
          return 'no container was killed';
        },
        next: 'same',
      },
      {
        name: "a replica's memory limit smaller than the data",
        prepare: fill,
        happens: async (cluster, master) => {
          const [replica = ''] = cluster.othersThan(master);
          await cluster.kubectl(
            'set',
            'resources',
            `deployment/${replica}`,
            '--containers=redis',
            '--requests=memory=64Mi',
            '--limits=memory=64Mi',
          );
          await until(120, 'the replica is killed for its memory', async () => {
            const states = await cluster.podOf(replica, '.status.containerStatuses[?(@.name=="redis")]');
            return states.includes('OOMKilled') ? true : undefined;
          });
          await cluster.apply();
          return 'the pod shows OOMKilled until the limit is put back';
        },
        limit: 120,
        next: 'same',
      },
    ],
  },
];
