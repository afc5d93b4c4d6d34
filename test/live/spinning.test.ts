import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { refuseWhileConnecting } from './kit/faults';
import { explained, healthy, started } from './kit/health';
import { sleep, until } from './kit/kubectl';
import type { LiveCluster } from './kit/live-cluster';

/** Of a processor: idle a sentinel needs a hundredth. */
const SPINS = 0.2;
const IDLE = 0.1;
const SECONDS = 3;

let cluster: LiveCluster;
beforeAll(async () => {
  cluster = await started('spinning');
});
afterAll(async () => {
  await cluster.destroy();
});

/** How much of a processor a sentinel uses, looked at for some seconds. */
async function processorOf(sentinel: string): Promise<number> {
  const used = async (): Promise<number> =>
    [...(await cluster.direct(sentinel).info('cpu')).matchAll(/^used_cpu_(?:sys|user):(.*)$/gm)]
      .map(([, seconds]) => Number(seconds))
      .reduce((sum, one) => sum + one, 0);
  const before = await used();
  const start = performance.now();
  await sleep(SECONDS * 1000);
  return ((await used()) - before) / ((performance.now() - start) / 1000);
}

test('A sentinel that spins is noticed and freed, without a failover.', async () => {
  const [sentinel = ''] = cluster.sentinels;
  const { master } = await healthy(cluster);
  const [replica = ''] = cluster.othersThan(master);

  await explained(cluster, 'a sentinel spins', async () => {
    expect(await processorOf(sentinel)).toBeLessThan(IDLE);
    // A first packet that is not refused while the call for it lasts fails the connection, and no harm is done.
    const spinning = await until(60, 'the sentinel spins', async () => {
      await refuseWhileConnecting(cluster, sentinel, replica);
      const use = await processorOf(sentinel);
      return use > SPINS ? use : undefined;
    });
    const start = performance.now();
    const log = (member: string, container: string): Promise<string> =>
      cluster.kubectl('logs', `deployment/${member}`, '--container', container);
    await until(60, 'its keeper says so', async () =>
      (await log(sentinel, 'keeper')).includes('the sentinel spins') ? true : undefined,
    );
    const freed = await until(60, 'it is idle again', async () => {
      const use = await processorOf(sentinel);
      return use < IDLE ? use : undefined;
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(`used ${spinning.toFixed(2)} of a processor, and ${freed.toFixed(2)} after ${seconds} s`);

    expect((await healthy(cluster)).master).toBe(master);
    for (const one of cluster.sentinels)
      expect(await log(one, 'sentinel')).not.toMatch(/\+try-failover|\+reset-master/);
  });
});
