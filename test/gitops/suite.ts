import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { Failure, Scene } from '../live/kit/failure';
import { explained, healthy } from '../live/kit/health';
import { LiveCluster } from '../live/kit/live-cluster';
import { survives } from '../live/kit/observed';
import { type GitOps, changed, contentOf } from './kit/gitops';

/** A cluster whose objects this tool brings, and the seconds until all of it was there and healthy. */
export async function delivered(
  { name, props, patch }: Scene,
  tool: GitOps,
): Promise<{ cluster: LiveCluster; seconds: number }> {
  const start = performance.now();
  const cluster = await LiveCluster.start(name, props, patch, tool);
  try {
    await explained(cluster, 'from nothing', () => tool.delivered());
    await explained(cluster, 'from nothing', () => healthy(cluster));
    const seconds = (performance.now() - start) / 1000;
    console.log(`${cluster.namespace}: applied and healthy ${seconds.toFixed(1)} s after the first commit`);
    return { cluster, seconds };
  } catch (error) {
    await cluster.destroy(); // nobody else knows it
    throw error;
  }
}

/** Lets these happen to a cluster whose objects a tool brings; each time nothing may be left to do. */
export function survivesAll(tool: GitOps, scene: Scene, failures: Failure[]): void {
  let cluster: LiveCluster | undefined;

  beforeEach(async () => {
    cluster ??= (await delivered(scene, tool)).cluster;
  });
  afterAll(async () => {
    await cluster?.destroy();
  });

  test('a cluster from nothing: nothing is left to do, and a second time changes nothing', async () => {
    const { namespace } = cluster as LiveCluster;
    expect(await tool.differences()).toEqual([]);
    const before = await contentOf(namespace);
    expect(before).not.toEqual([]);

    await tool.again();

    expect(changed(before, await contentOf(namespace))).toEqual([]);
    expect(await tool.differences()).toEqual([]);
  });

  test.each(failures)(
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
}
