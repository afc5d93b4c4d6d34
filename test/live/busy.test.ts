import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { explained, healthy, started } from './kit/health';
import { sleep } from './kit/kubectl';
import type { LiveCluster } from './kit/live-cluster';
import { everything, thorough } from './kit/tier';

/** So many processes want this machine's processors for themselves, for so many seconds. */
const RIVALS = 40;
const SECONDS = 100;

let cluster: LiveCluster;
beforeAll(async () => {
  if (everything) cluster = await started('busy');
});
afterAll(async () => {
  if (everything) await cluster.destroy();
});

thorough(`no probe takes a slow server for a dead one, on a machine that is busy for ${SECONDS} s`, async () => {
  // Each in a group of its own: Linux shares the time out among groups.
  const rivals = Array.from({ length: RIVALS }, () =>
    spawn('timeout', [String(SECONDS), 'sh', '-c', 'while :; do :; done'], { stdio: 'ignore', detached: true }),
  );
  try {
    await sleep(SECONDS * 1000);
  } finally {
    for (const rival of rivals) rival.kill();
  }

  await explained(cluster, 'the machine is at rest', () => healthy(cluster, 120));
  const events = await cluster.kubectl('get', 'events', '--field-selector=reason=Unhealthy');
  expect(events.match(/^.*Liveness.*$/gm) ?? []).toEqual([]);
});
