import { afterEach, describe, expect, test } from '@jest/globals';
import { SERVER_DEFAULTS } from '../support/server-defaults';
import { explained, healthy } from './kit/health';
import { sleep, until } from './kit/kubectl';
import { LiveCluster } from './kit/live-cluster';
import { Sampler } from './kit/sampler';
import { images, ofThisTier, thorough } from './kit/tier';

/** Seconds from the first object to a cluster that works, with images that are there. */
const LONGEST_BOOT = 30;

/** CI sees the first; the other images do not differ in this. */
const DISORDERS = [
  ...images.map(([name, props], index) => ({ name, seed: index + 1, props, thorough: index > 0 })),
  { name: 'redis-8-2', seed: 5, props: {}, thorough: true },
];

/** What the server says of the settings that the docs say are its own. */
async function leftToTheServer(cluster: LiveCluster, node: string): Promise<Record<string, string>> {
  const names = Object.keys(SERVER_DEFAULTS);
  const values = await Promise.all(names.map((name) => cluster.direct(node).call('CONFIG', 'GET', name)));
  return Object.fromEntries(names.map((name, index) => [name, String((values[index] as string[])[1]) || '""']));
}

describe('first boot', () => {
  let cluster: LiveCluster;

  afterEach(async () => {
    await cluster.destroy();
  });

  test.each(images)('of %s, all objects at once', async (name, props) => {
    cluster = await LiveCluster.prepare(`boot-${name}`, props);
    const sampler = new Sampler(cluster, false);

    await cluster.apply();
    const { seconds, master } = await explained(cluster, 'boot', () => healthy(cluster));

    await sampler.stop();
    console.log(`${name}: healthy ${seconds.toFixed(1)} s after apply`);
    expect(seconds).toBeLessThan(LONGEST_BOOT);
    expect(master).toBe('cache-master');
    expect(sampler.twoMasters).toEqual([]);
    // A replica that got its copy by the old SYNC would hear of no later write.
    const replication = cluster.direct(master).duplicate({ username: `replication@${cluster.namespace}/cache` });
    replication.on('error', () => undefined);
    await expect(replication.call('SYNC')).rejects.toThrow('NOPERM');
    replication.disconnect();
    expect(await leftToTheServer(cluster, master)).toEqual(SERVER_DEFAULTS);
  });

  test.each(ofThisTier(DISORDERS))(
    'of $name, object by object in the order of seed $seed',
    async ({ name, seed, props }) => {
      cluster = await LiveCluster.prepare(`disorder-${name}-${seed}`, props);
      const sampler = new Sampler(cluster, false);

      await cluster.applyInDisorder(seed);
      const { seconds, master } = await explained(cluster, 'boot', () => healthy(cluster));

      await sampler.stop();
      console.log(`${name}, seed ${seed}: healthy ${seconds.toFixed(1)} s after the last object`);
      expect(seconds).toBeLessThan(LONGEST_BOOT);
      expect(master).toBe('cache-master');
      expect(sampler.twoMasters).toEqual([]);
    },
  );

  thorough('with ids as OpenShift gives them to a namespace', async () => {
    const ids = { user: 1_000_650_000, group: 0, fsGroup: 1_000_650_000 };
    cluster = await LiveCluster.prepare('ids', { security: ids });

    await cluster.apply();
    await explained(cluster, 'boot', () => healthy(cluster));
    await cluster.restart(); // and they read again what they have written
    await explained(cluster, 'restart', () => healthy(cluster));
  });

  test('while some names do not resolve', async () => {
    cluster = await LiveCluster.prepare('names');
    const late = ['cache-sentinel-3', 'cache-replica-2'];

    await cluster.apply(({ kind, metadata }) => kind === 'Service' && late.includes(metadata.name));
    await until(60, 'the pods go on without these names', async () => {
      const ready = await cluster.kubectl(
        'get',
        'deployment',
        'cache-sentinel-1',
        '--output=jsonpath={.status.readyReplicas}',
      );
      return ready === '1' ? true : undefined;
    });
    await sleep(3000);
    await cluster.apply();

    const { seconds } = await explained(cluster, 'boot', () => healthy(cluster));
    console.log(`names: healthy ${seconds.toFixed(1)} s after the last Service`);
  });
});
