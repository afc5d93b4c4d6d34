import { afterAll, beforeEach, describe, test } from '@jest/globals';
import { SCENES, upgrade } from './failures';
import { healthy } from './kit/health';
import { LiveCluster } from './kit/live-cluster';
import { survives } from './kit/observed';

describe.each([...SCENES, upgrade])('$name', ({ name, props, patch, failures }) => {
  let cluster: LiveCluster | undefined;

  beforeEach(async () => {
    if (cluster !== undefined) return;
    cluster = await LiveCluster.start(name, props, patch);
    await healthy(cluster);
  });
  afterAll(async () => {
    await cluster?.destroy();
  });

  test.each(failures)(
    '$name',
    async (failure) => {
      const used = cluster as LiveCluster;
      cluster = undefined; // what did not heal would fail all that follow
      await survives(used, failure);
      cluster = used;
    },
    600_000,
  );
});
