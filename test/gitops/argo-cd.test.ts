import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { cut, mend } from '../live/kit/faults';
import { explained, healthy, started } from '../live/kit/health';
import { LiveCluster } from '../live/kit/live-cluster';
import { survives } from '../live/kit/observed';
import { ofThisTier, thorough } from '../live/kit/tier';
import { sceneOf } from './events';
import { ArgoCd } from './kit/argo-cd';
import { changed, contentOf } from './kit/gitops';

describe('Argo CD', () => {
  const tool = new ArgoCd('cache');
  const { name, props, failures } = sceneOf(tool);
  let cluster: LiveCluster | undefined;

  async function make(): Promise<LiveCluster> {
    const start = performance.now();
    const made = await LiveCluster.start(name, props, undefined, tool);
    await explained(made, 'from nothing', () => tool.delivered());
    console.log(
      `${name}: applied and healthy ${((performance.now() - start) / 1000).toFixed(1)} s after the first commit`,
    );
    await healthy(made);
    return made;
  }

  beforeEach(async () => {
    cluster ??= await make();
  });
  afterAll(async () => {
    await cluster?.destroy();
  });

  test('a cluster from nothing: nothing is left to do, and a second sync changes nothing', async () => {
    const { namespace } = cluster as LiveCluster;
    expect(await tool.differences()).toEqual([]);
    const before = await contentOf(namespace);
    expect(before).not.toEqual([]);

    await tool.again();

    expect(changed(before, await contentOf(namespace))).toEqual([]);
    expect(await tool.differences()).toEqual([]);
  });

  test.each(ofThisTier(failures))(
    '$name',
    async (failure) => {
      const one = cluster as LiveCluster;
      try {
        await survives(one, failure);
        expect(await tool.differences()).toEqual([]);
      } catch (error) {
        console.log(String(error)); // Jest says it when all are through
        await one.destroy(); // what did not heal would fail all that follow
        cluster = undefined;
        throw error;
      }
    },
    900_000,
  );
});

describe('healthCheck, as the hook that ends a sync of Argo CD,', () => {
  const tool = new ArgoCd('checked');
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await started('checked', { healthCheck: { timeout: Duration.seconds(20) } }, undefined, tool);
    await tool.delivered();
  });
  afterAll(async () => {
    await cluster.destroy();
  });

  test('is green where the cluster is healthy, and red where it is not, though all pods are ready', async () => {
    await tool.again();
    const { master } = await healthy(cluster);
    await cut(cluster, 'cache-sentinel-3', [master]);
    const red = await tool.sync();
    await mend(cluster, 'cache-sentinel-3');
    await healthy(cluster);

    expect(red).toMatchObject({ phase: 'Failed' });
    await tool.again();
  });
});

thorough('two clusters in two namespaces, in one Application of Argo CD', async () => {
  const tool = new ArgoCd('both');
  const clusters: LiveCluster[] = [];
  for (const name of ['first', 'second']) clusters.push(await LiveCluster.prepare(name, {}, undefined, tool));
  try {
    for (const cluster of clusters) await cluster.apply();
    await tool.delivered();

    for (const cluster of clusters) await healthy(cluster);
    expect(await tool.differences()).toEqual([]);
  } finally {
    for (const cluster of clusters) await cluster.destroy();
  }
});
