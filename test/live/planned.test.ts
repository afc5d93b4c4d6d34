import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Product, type RedisSentinelClusterProps } from '../../lib';
import { healthy } from './kit/health';
import { LiveCluster } from './kit/live-cluster';
import { observed } from './kit/observed';

const IMAGES: { name: string; props: RedisSentinelClusterProps }[] = [
  { name: 'redis-8', props: {} },
  { name: 'redis-8-alpine', props: { image: { tag: '8.0.2-alpine' } } },
  { name: 'redis-7', props: { image: { tag: '7.0.15' } } },
  { name: 'valkey-8', props: { image: { product: Product.VALKEY } } },
];

describe.each(IMAGES)('planned stops of $name', ({ name, props }) => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await LiveCluster.start(`planned-${name}`, props);
    await healthy(cluster);
  });
  afterAll(async () => {
    await cluster.destroy();
  });

  test('the master is deleted: it hands over first', async () => {
    const { master } = await healthy(cluster);

    await observed(cluster, 'master deleted', () => cluster.deletePod(master));

    expect((await healthy(cluster)).master).not.toBe(master);
  });

  test('everything is restarted at once: one after another, the master last', async () => {
    await observed(cluster, 'all restarted', async () => {
      await cluster.restartEverything();
      await cluster.rolledOut(170);
    });
  });
});
