import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { Failure, Scene } from '../live/kit/failure';
import type { LiveCluster } from '../live/kit/live-cluster';
import { survives } from '../live/kit/observed';
import { delivered } from './kit/delivered';
import { type GitOps, changed, contentOf } from './kit/gitops';

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
