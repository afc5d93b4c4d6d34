import { parseArgs } from 'node:util';
import Redis from 'ioredis';
import { Product, Tls } from '../lib';
import { healthy, started } from '../test/live/kit/health';
import { leads, proxied } from '../test/live/kit/proxied';
import { CERTIFICATE, type LiveCluster } from '../test/live/kit/live-cluster';

/**
 * `npm run bench:proxy -- [--runs N] [--seconds S]`: what the way through a proxy costs, and what TLS does, beside that of a client
 * in clear which asks the sentinels and writes to the master itself. All in turn, in every run, so that a busy machine is busy for all.
 *
 * It prints; docs/proxy.md and docs/tls.md have what was measured.
 */
const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, seconds: { type: 'string', default: '5' } },
});
const LENGTH = Number(options.seconds) * 1000;

/** One after another on one connection, or so many at once on several. */
const LOADS = [
  { name: 'one connection, one command at a time', connections: 1, atOnce: 1 },
  { name: '20 connections, one command at a time', connections: 20, atOnce: 1 },
  { name: '20 connections, 20 commands at a time', connections: 20, atOnce: 20 },
];
/** One that speaks TLS here. */
const image = { product: Product.VALKEY, tag: '9.1.2' };
const proxy = {};
const KINDS = {
  'in clear': { image, proxy },
  encrypted: { image, proxy, tls: Tls.secret({ secretName: CERTIFICATE }) },
};
const WAYS = {
  direct: (cluster: LiveCluster): Redis => cluster.client(),
  'through the proxy': (cluster: LiveCluster): Redis => proxied(cluster),
};

interface Measured {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
}

async function main(): Promise<void> {
  const clusters: [string, LiveCluster][] = [];
  try {
    for (const [index, [kind, props]] of Object.entries(KINDS).entries())
      clusters.push([kind, await started(`bench-proxy-${index}`, props)]);
    for (const [, cluster] of clusters) {
      await healthy(cluster);
      await leads(cluster, 60);
    }
    const ways = clusters.flatMap(([kind, cluster]) =>
      Object.entries(WAYS).map(([way, connect]) => ({
        name: `${kind}, ${way}`,
        connect: () => connect(cluster),
        all: [] as Measured[],
      })),
    );
    for (const load of LOADS) {
      for (const way of ways) way.all = [];
      for (let run = 0; run < Number(options.runs); run++)
        for (const way of ways) way.all.push(await measure(way.connect, load));
      for (const { name, all } of ways) {
        const of = (what: keyof Measured): string =>
          middle(all.map((one) => one[what])).toFixed(what === 'perSecond' ? 0 : 2);
        console.log(
          `${load.name}; ${name}: ${of('perSecond')} a second, median ${of('median')} ms, p99 ${of('p99')} ms`,
        );
      }
    }
  } finally {
    for (const [, cluster] of clusters) await cluster.destroy();
  }
}

async function measure(
  connect: () => Redis,
  { connections, atOnce }: { readonly connections: number; readonly atOnce: number },
): Promise<Measured> {
  const clients = Array.from({ length: connections }, connect);
  const times: number[] = [];
  try {
    await Promise.all(clients.map((client) => client.set('bench', '0')));
    const start = performance.now();
    const one = async (client: Redis): Promise<void> => {
      while (performance.now() - start < LENGTH) {
        const begun = performance.now();
        await client.set('bench', 'x'.repeat(100));
        times.push(performance.now() - begun);
      }
    };
    await Promise.all(clients.flatMap((client) => Array.from({ length: atOnce }, () => one(client))));
  } finally {
    for (const client of clients) client.disconnect();
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? NaN;
  return { perSecond: (times.length / LENGTH) * 1000, median: at(0.5), p99: at(0.99) };
}

function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

void main().then(() => process.exit()); // clients of clusters that are gone go on asking for them
