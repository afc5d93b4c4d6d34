import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { stops } from './failures';
import { started } from './kit/health';
import type { LiveCluster } from './kit/live-cluster';
import { survives } from './kit/observed';
import { everything, images } from './kit/tier';

// The first image goes through all failures, and an upgrade begins with Redis 7.
const others = images.slice(1).filter(([name]) => everything || name !== 'redis-7');

describe.each(others)('planned stops of %s', (name, props) => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await started(`planned-${name}`, props);
  });
  afterAll(async () => {
    await cluster.destroy();
  });

  test.each(stops)('$name', (failure) => survives(cluster, failure));
});
