import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { stops } from './failures';
import { started } from './kit/health';
import { IMAGES } from './kit/images';
import type { LiveCluster } from './kit/live-cluster';
import { survives } from './kit/observed';
import { everything } from './kit/tier';

// The first image goes through all failures, and an upgrade begins with Redis 7.
const images = IMAGES.slice(1).filter(([name]) => everything || !['redis-7', 'redis-8-0', 'valkey-9'].includes(name));

describe.each(images)('planned stops of %s', (name, props) => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await started(`planned-${name}`, props);
  });
  afterAll(async () => {
    await cluster.destroy();
  });

  test.each(stops)('$name', (failure) => survives(cluster, failure));
});
