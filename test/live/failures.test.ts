import { afterAll, beforeEach, describe, test } from '@jest/globals';
import { SCENES, upgrade } from './failures';
import { possible } from './kit/faults';
import { started } from './kit/health';
import type { LiveCluster } from './kit/live-cluster';
import { survives } from './kit/observed';
import { ofThisTier } from './kit/tier';

describe.each(ofThisTier([...SCENES, upgrade]))('$name', ({ name, props, patch, failures }) => {
  let cluster: LiveCluster | undefined;

  beforeEach(async () => {
    cluster ??= await started(name, props, patch);
  });
  afterAll(async () => {
    await cluster?.destroy();
  });

  test.each(ofThisTier(possible(failures)))(
    '$name',
    async (failure) => {
      try {
        await survives(cluster as LiveCluster, failure);
      } catch (error) {
        console.log(String(error)); // Jest says it when all are through
        await cluster?.destroy(); // what did not heal would fail all that follow
        cluster = undefined;
        throw error;
      }
    },
    600_000,
  );
});
