import { afterAll, beforeEach, describe, test } from '@jest/globals';
import { ClientCertificates, Product, Tls, type RedisSentinelClusterProps } from '../../lib';
import { crashes, cuts } from './failures/crashes';
import { stops } from './failures/planned';
import type { Failure } from './kit/failure';
import { signal, silenceDns, silenceDnsAt } from './kit/faults';
import { started } from './kit/health';
import { sleep } from './kit/kubectl';
import { CERTIFICATE, type LiveCluster } from './kit/live-cluster';
import { leads, proxyPods, proxyProcesses, survivesBehindProxy } from './kit/proxied';
import { ofThisTier } from './kit/tier';

/** Of the failures that every cluster survives, those in which a proxy has a part. */
const known = (...names: string[]): Failure[] =>
  [...stops, ...crashes, ...cuts].filter(({ name }) => names.includes(name)).map((one) => ({ ...one, thorough: true }));

/** Milliseconds that a planned stop may cost a client of the proxies. */
const LONGEST_STOP = 1500;

const planned: Failure[] = [
  ...stops.slice(0, 1),
  {
    name: "a proxy's pod deleted",
    thorough: true,
    happens: async (cluster) => {
      const [pod = ''] = await proxyPods(cluster);
      await cluster.kubectl('delete', 'pod', pod);
    },
    next: 'same',
  },
  {
    name: 'the proxies restarted, one after another',
    thorough: true,
    happens: async (cluster) => {
      await cluster.kubectl('rollout', 'restart', 'deployment/cache-proxy');
      await cluster.kubectl('rollout', 'status', 'deployment/cache-proxy', '--timeout=120s');
      await sleep(10_000); // the last of the old ones is told to stop then, and serves on
    },
    next: 'same',
  },
];

const sudden: Failure[] = [
  {
    name: 'one proxy killed',
    thorough: true,
    happens: async (cluster) => {
      const [pid = 0] = await proxyProcesses(cluster);
      process.kill(pid, 'SIGKILL');
      await sleep(5000);
    },
    next: 'same',
  },
  ...known(
    'every Deployment restarted at once',
    "master's process killed",
    "master's pod and volume lost",
    'all nodes and sentinels killed at once',
    "master's process hangs for 12 s",
    'master cut off from the sentinels only for 15 s',
  ),
  {
    name: 'no name resolves, for proxies neither, while the master hangs for 12 s',
    thorough: true,
    happens: async (cluster, master) => {
      await Promise.all([...cluster.nodes, ...cluster.sentinels].map((member) => silenceDns(cluster, member)));
      await Promise.all((await proxyProcesses(cluster)).map(silenceDnsAt));
      await signal(cluster, master, 'SIGSTOP');
      await sleep(12_000);
      await signal(cluster, master, 'SIGCONT');
    },
    sudden: true,
    next: 'another',
  },
];

/** An image that speaks TLS. */
const image = { product: Product.VALKEY, tag: '9.1.2' };
const tls = Tls.secret({ secretName: CERTIFICATE, clientCertificates: ClientCertificates.REQUIRED });
const underTls = [
  "master's pod deleted",
  'one proxy killed',
  "master's process killed",
  "master's pod and volume lost",
];
const encrypted = (failures: Failure[]): Failure[] =>
  failures.filter(({ name }) => underTls.includes(name)).map((failure) => ({ ...failure, thorough: true }));

interface Kind {
  readonly name: string;
  readonly props: RedisSentinelClusterProps;
  readonly planned: Failure[];
  readonly sudden: Failure[];
  readonly thorough?: boolean;
}
const KINDS: Kind[] = [
  { name: 'proxy', props: {}, planned, sudden },
  { name: 'proxy-tls', props: { image, tls }, planned: encrypted(planned), sudden: encrypted(sudden), thorough: true },
];

describe.each(ofThisTier(KINDS))('clients that know the proxies alone, of $name', (kind) => {
  let cluster: LiveCluster | undefined;

  beforeEach(async () => {
    cluster ??= await started(kind.name, { ...kind.props, proxy: { reads: {} } });
    await leads(cluster, 60);
  }, 240_000);
  afterAll(async () => {
    await cluster?.destroy();
  });

  const survives = async (failure: Failure, longest?: number): Promise<void> => {
    try {
      await survivesBehindProxy(cluster as LiveCluster, failure, longest);
    } catch (error) {
      console.log(String(error)); // Jest says it when all are through
      await cluster?.destroy(); // what did not heal would fail all that follow
      cluster = undefined;
      throw error;
    }
  };

  for (const failure of ofThisTier(kind.planned)) test(failure.name, () => survives(failure, LONGEST_STOP), 600_000);
  for (const failure of ofThisTier(kind.sudden)) test(failure.name, () => survives(failure), 600_000);
});
