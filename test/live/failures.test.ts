import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { SCENES, upgrade } from './failures';
import { healthy } from './kit/health';
import { LiveCluster } from './kit/live-cluster';
import { survives } from './kit/observed';

describe.each([...SCENES, upgrade])('$name', ({ name, props, patch, failures }) => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await LiveCluster.start(name, props, patch);
    await healthy(cluster);
  });
  afterAll(async () => {
    await cluster.destroy();
  });

  test.each(failures)('$name', (failure) => survives(cluster, failure), 600_000);
});
