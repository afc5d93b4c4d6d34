import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { cut, mend } from '../live/kit/faults';
import { healthy, started } from '../live/kit/health';
import { sleep, until } from '../live/kit/kubectl';
import { LiveCluster } from '../live/kit/live-cluster';
import { survives } from '../live/kit/observed';
import { ofThisTier, thorough } from '../live/kit/tier';
import { MISSING, sceneOf, stuck } from './events';
import { ArgoCd } from './kit/argo-cd';
import { survivesAll } from './suite';

describe('Argo CD', () => {
  const tool = new ArgoCd('cache');
  const scene = sceneOf(tool);
  survivesAll(tool, scene, ofThisTier(scene.failures));
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
    expect(await tool.check()).toBe('Succeeded');
    const { master } = await healthy(cluster);
    await cut(cluster, 'cache-sentinel-3', [master]);

    await tool.begin();
    await until(120, 'the check is red', async () => ((await tool.check()) === 'Failed' ? true : undefined));
    const ready = '--output=jsonpath={.items[*].status.readyReplicas}';
    expect(await cluster.kubectl('get', 'deployment', ready)).toBe('1 1 1 1 1 1');

    await mend(cluster, 'cache-sentinel-3');
    await tool.delivered(); // it has tried again
    expect(await tool.check()).toBe('Succeeded');
  });

  thorough('keeps Argo CD from a revert until its sync has ended, or is terminated', async () => {
    await survives(cluster, {
      name: 'an image committed that is nowhere, reverted, and the sync terminated',
      happens: async () => {
        await cluster.begin({ image: { tag: MISSING } });
        await stuck(cluster);
        const { operationState: before } = await tool.status();
        await cluster.begin({ image: {} });
        await sleep(20_000);
        expect((await tool.status()).operationState).toMatchObject({ phase: 'Running', startedAt: before?.startedAt });
        await tool.terminate();
        await tool.delivered();
      },
      limit: 180,
    });
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
