import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { healthy } from './kit/health';
import { IMAGES } from './kit/images';
import { LiveCluster } from './kit/live-cluster';
import { observed } from './kit/observed';

describe.each(IMAGES)('planned stops of %s', (name, props) => {
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
