import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { explained, healthy, started } from './kit/health';
import { sleep } from './kit/kubectl';
import type { LiveCluster } from './kit/live-cluster';
import { everything, thorough } from './kit/tier';
import { PooledWriter } from './kit/writers';

/** One for each processor, and twenty for each, when Linux itself keeps servers waiting for seconds. */
const BUSY = { rivals: availableParallelism(), seconds: 120 };
const OVERLOADED = { rivals: 20 * availableParallelism(), seconds: 100 };

let cluster: LiveCluster;
beforeAll(async () => {
  if (everything) cluster = await started('busy');
});
afterAll(async () => {
  if (everything) await cluster.destroy();
});

/** So many processes want this machine's processors for themselves. */
async function busy({ rivals: count, seconds }: typeof BUSY): Promise<void> {
  // Each in a group of its own: Linux shares the time out among groups.
  const rivals = Array.from({ length: count }, () =>
    spawn('timeout', [String(seconds), 'sh', '-c', 'while :; do :; done'], { stdio: 'ignore', detached: true }),
  );
  try {
    await sleep(seconds * 1000);
  } finally {
    for (const rival of rivals) rival.kill();
  }
}

thorough(`no master is replaced while all processors are busy for ${BUSY.seconds} s`, async () => {
  const { master } = await healthy(cluster);
  const writer = new PooledWriter(cluster);
  await writer.acknowledges(100);

  await busy(BUSY);

  await writer.stop();
  const { acknowledged, gap, lost } = await writer.account();
  console.log(`busy: ${acknowledged} writes, gap ${Math.round(gap)} ms`);
  await explained(cluster, 'the machine is at rest', async () => {
    expect((await healthy(cluster)).master).toBe(master);
    for (const one of cluster.sentinels) {
      const log = await cluster.kubectl('logs', `deployment/${one}`, '--container', 'sentinel');
      expect(log).not.toMatch(/\+try-failover|\+switch-master/);
    }
  });
  expect(lost).toEqual([]);
});

thorough(
  `no probe takes a slow server for a dead one, on a machine overloaded for ${OVERLOADED.seconds} s`,
  async () => {
    await busy(OVERLOADED);

    await explained(cluster, 'the machine is at rest', () => healthy(cluster, 120));
    const events = await cluster.kubectl('get', 'events', '--field-selector=reason=Unhealthy');
    expect(events.match(/^.*Liveness.*$/gm) ?? []).toEqual([]);
  },
);
