import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Duration } from 'cdk8s';
import type Redis from 'ioredis';
import { Alerts } from '../lib';
import { healthy, started } from '../test/live/kit/health';
import { sleep } from '../test/live/kit/kubectl';
import type { LiveCluster } from '../test/live/kit/live-cluster';
import { LOOK, Prometheus, UNMEASURED } from '../test/live/kit/prometheus';
import { leads, proxied, proxiedReader } from '../test/live/kit/proxied';
import { model, panelQueries } from '../test/support/dashboard';
import { type Line, picture } from './dashboard-picture';

/**
 * `npm run bench:dashboard -- [--seconds S]`: a cluster with proxies, under clients for so long, that loses its master and the master's
 * volume in the middle. What a Prometheus has seen of it becomes docs/dashboard.svg, with every panel of the dashboard; it fails where
 * one is empty that need not be.
 */
const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '300' } } });
const FILE = join(__dirname, '..', 'docs', 'dashboard.svg');
/** More of a line nobody sees. */
const POINTS = 90;

async function main(): Promise<void> {
  const cluster = await started('shop', {
    proxy: { reads: {} },
    metrics: { interval: Duration.seconds(10), alerts: Alerts.configMap() },
  });
  let prometheus: Prometheus | undefined;
  try {
    await leads(cluster, 60);
    prometheus = await Prometheus.start(cluster);
    const start = await underClients(cluster, Number(options.seconds));
    writeFileSync(FILE, await drawn(cluster, prometheus, start));
  } finally {
    await prometheus?.stop();
    await cluster.destroy();
  }
}

/** What an application does, again and again. */
const DEEDS: ((client: Redis, number: number) => Promise<unknown>)[] = [
  (client, number) => client.set(`session:${number}`, 'x'.repeat(1000), 'EX', 60),
  (client, number) => client.get(`session:${number - 50}`),
  (client, number) => client.incr(`visits:${number % 100}`),
  (client, number) => (number % 100 === 0 ? client.rpush('jobs', number) : client.ping()),
];

/** Returns when the picture begins, in seconds. */
async function underClients(cluster: LiveCluster, seconds: number): Promise<number> {
  const clients = [cluster.client(), cluster.client(), proxied(cluster), proxied(cluster)];
  const worker = cluster.client();
  const reader = proxiedReader(cluster);
  let going = true;
  const again = async (pause: number, deed: (number: number) => Promise<unknown>): Promise<void> => {
    for (let number = 0; going; number++) {
      await Promise.race([deed(number).catch(() => undefined), sleep(3000)]); // a client may have lost its master
      await sleep(pause);
    }
  };
  const work = [
    ...clients.flatMap((client) => DEEDS.map((deed) => again(20, (number) => deed(client, number)))),
    again(0, () => worker.blpop('jobs', 1)),
    again(20, (number) => reader.get(`visits:${number % 200}`)), // half of them are nowhere,
  ];
  try {
    await sleep(4 * LOOK * 1000); // a rate is known when there are some looks
    const start = Math.floor(Date.now() / 1000);
    await sleep(seconds * 500);
    await cluster.loseVolumes([(await healthy(cluster)).master]);
    await healthy(cluster);
    await sleep(start * 1000 + seconds * 1000 - Date.now());
    return start;
  } finally {
    going = false;
    await Promise.all(work);
    for (const client of [...clients, worker, reader]) client.disconnect();
  }
}

async function drawn(cluster: LiveCluster, prometheus: Prometheus, start: number): Promise<string> {
  const end = Math.floor(Date.now() / 1000);
  const times = { start, end, step: Math.max(LOOK, Math.ceil((end - start) / POINTS)) };
  const lines: Line[] = [];
  // As Grafana reckons the time of a rate.
  for (const { panel, expression, legend } of panelQueries(cluster.namespace, 'cache', `${4 * LOOK}s`)) {
    const history = await prometheus.history(expression, start, end, times.step);
    for (const { metric, values } of history)
      lines.push({ panel, name: legend(metric), points: values.map(([time, value]) => [time, Number(value)]) });
  }
  const { panels } = model();
  const empty = panels
    .filter(({ type, title }) => type !== 'row' && !lines.some(({ panel }) => panel === title))
    .map(({ title }) => title);
  const wrong = empty.filter((title) => title !== UNMEASURED);
  if (wrong.length > 0) throw new Error(`nothing to draw for: ${wrong.join(', ')}`);
  return picture(panels, lines, times);
}

void main().then(() => process.exit()); // clients of clusters that are gone go on asking for them
