import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clusterTool, machine, machineOf } from './kit/faults';
import { healthy } from './kit/health';
import { sleep } from './kit/kubectl';
import { LiveCluster } from './kit/live-cluster';
import { observed } from './kit/observed';

const withMachines = clusterTool === undefined ? describe.skip : describe;

/** Needs a program that takes machines away, in CLUSTER_TOOL. */
withMachines('machines', () => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await LiveCluster.start('machines');
    await healthy(cluster);
  });
  afterAll(async () => {
    await cluster.destroy();
  });

  test("the master's machine loses its power", async () => {
    const { master } = await healthy(cluster);
    const node = await machineOf(cluster, master);

    await observed(cluster, "master's machine lost for 20 s", async () => {
      await machine('crash', node);
      await sleep(20_000);
      await machine('boot', node);
    });

    expect((await healthy(cluster)).master).not.toBe(master);
  });

  test("the master's machine is cut off from all", async () => {
    const { master } = await healthy(cluster);
    const node = await machineOf(cluster, master);

    await observed(cluster, "master's machine cut off for 20 s", async () => {
      await machine('isolate', node);
      await sleep(20_000);
      await machine('heal');
    });

    expect((await healthy(cluster)).master).not.toBe(master);
  });

  test('two machines are cut off from one another', async () => {
    const { master } = await healthy(cluster);
    const [node, other] = await Promise.all(
      [master, cluster.nodes.find((one) => one !== master) ?? ''].map((member) => machineOf(cluster, member)),
    );

    await observed(cluster, 'master and a replica cut off from one another for 20 s', async () => {
      await machine('cut', node ?? '', other ?? '');
      await sleep(20_000);
      await machine('heal');
    });
  });
});
