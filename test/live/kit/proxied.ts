import Redis, { type RedisOptions } from 'ioredis';
import type { Failure } from './failure';
import { processOf } from './faults';
import { explained, healthy, masterOf, settled } from './health';
import { sleep, until } from './kubectl';
import { type LiveCluster, PASSWORD } from './live-cluster';
import { Sampler } from './sampler';
import { type Account, PooledWriter, Writer } from './writers';

/** A client of the one address. It is told nothing of what becomes of its connection but its end. */
export function proxied(cluster: LiveCluster, options: RedisOptions = {}): Redis {
  const client = new Redis({
    host: `${cluster.host('cache-proxy')}.cluster.local`,
    port: 6379,
    ...cluster.encryption,
    password: PASSWORD,
    connectTimeout: 1000,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => 20,
    ...options,
  });
  client.on('error', () => undefined);
  return client;
}

/** A client of the one for reads. */
export function proxiedReader(cluster: LiveCluster): Redis {
  return proxied(cluster, { host: `${cluster.host('cache-reads')}.cluster.local`, port: 6380 });
}

/** Its client never connects again by itself: a pool around it opens another one when a connection has ended, and only then. */
export class PoolWriter extends Writer {
  private client: Redis | undefined;

  public constructor(cluster: LiveCluster) {
    super(cluster, 'pool');
  }

  protected write(key: string): Promise<unknown> {
    this.client ??= this.opened();
    return this.client.set(key, key);
  }

  private opened(): Redis {
    const client = proxied(this.cluster, { retryStrategy: () => null });
    client.once('end', () => (this.client = undefined));
    return client;
  }

  protected override close(): Promise<void> {
    this.client?.disconnect();
    return Promise.resolve();
  }
}

/** Its client connects again by itself. */
export class ProxiedWriter extends Writer {
  private client: Redis | undefined;

  public constructor(cluster: LiveCluster) {
    super(cluster, 'proxied');
  }

  protected write(key: string): Promise<unknown> {
    this.client ??= proxied(this.cluster);
    return this.client.set(key, key);
  }

  protected override close(): Promise<void> {
    this.client?.disconnect();
    return Promise.resolve();
  }
}

/** Reads by the address for reads, ten times a second on a connection of its own, and notes who answers. */
export class Reader {
  /** Longest time for which a link had been down at a replica that answered, in seconds, as that says. */
  public longestDown = 0;
  private readonly answers: { readonly node: string; readonly at: number }[] = [];
  private stopped = false;
  private readonly done: Promise<void>;

  public constructor(private readonly cluster: LiveCluster) {
    this.done = this.run();
  }

  /** Who has answered within the last milliseconds. */
  public since(milliseconds: number): Set<string> {
    const from = performance.now() - milliseconds;
    return new Set(this.answers.filter(({ at }) => at > from).map(({ node }) => node));
  }

  /** When this one answered last, by `performance.now()`. */
  public lastOf(node: string): number {
    return this.answers.filter((answer) => answer.node === node).at(-1)?.at ?? 0;
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async run(): Promise<void> {
    // One that stays, for that has to be cut, and one that comes anew each time.
    const staying = Array.from({ length: 4 }, () => this.reads(false));
    await Promise.all([...staying, this.reads(true)]);
  }

  private async reads(anew: boolean): Promise<void> {
    let client: Redis | undefined;
    while (!this.stopped) {
      client ??= proxiedReader(this.cluster);
      await Promise.race([this.read(client).catch(() => undefined), sleep(3000)]);
      if (anew) {
        client.disconnect();
        client = undefined;
      }
      await sleep(100);
    }
    client?.disconnect();
  }

  private async read(client: Redis): Promise<void> {
    const [announced = '', info] = await Promise.all([
      client.config('GET', 'replica-announce-ip').then((pair) => (pair as string[])[1]),
      client.info('replication'),
    ]);
    const down = Number(/^master_link_down_since_seconds:(\d+)/m.exec(info)?.[1] ?? 0);
    this.longestDown = Math.max(this.longestDown, down);
    const node = this.cluster.nodes.find((one) => this.cluster.host(one) === announced);
    if (node !== undefined) this.answers.push({ node, at: performance.now() });
  }
}

/** Names of the proxies' pods. */
export async function proxyPods(cluster: LiveCluster): Promise<string[]> {
  const names = await cluster.kubectl('get', 'pods', PROXIES, '--output=jsonpath={.items[*].metadata.name}');
  return names.split(' ');
}
const PROXIES = '--selector=app.kubernetes.io/component=proxy';

/** Addresses of the machines that they are on. */
export async function proxyMachines(cluster: LiveCluster): Promise<string[]> {
  return (await cluster.kubectl('get', 'pods', PROXIES, '--output=jsonpath={.items[*].status.hostIP}')).split(' ');
}

/** Process 1 of each proxy's container. */
export async function proxyProcesses(cluster: LiveCluster): Promise<number[]> {
  const ids = await cluster.kubectl(
    'get',
    'pods',
    PROXIES,
    '--output=jsonpath={.items[*].status.containerStatuses[?(@.name=="proxy")].containerID}',
  );
  return ids.split(' ').flatMap((id) => processOf(id) ?? []);
}

/** A failure under clients of the proxies. */
export interface ProxyFailure extends Failure {
  /**
   * Milliseconds that their longest wait may take, or a second more than that of the client beside them: where the machine has
   * no time, neither has that one.
   *
   * @default - two seconds more than that of the client beside them
   */
  readonly longest?: number;
}

/** What a failure looked like beside the proxies, to a pool behind them, and to a client of them that connects again by itself. */
export type ProxyObservation = Readonly<Record<'beside' | 'pooled' | 'reconnecting', Account>> & {
  readonly twoMasters: string[];
};

/** Milliseconds that the way through the proxies may cost. */
const LONGER = 2000;

/** Lets a failure happen under a client that asks the sentinels, and two that know the proxies alone. Fails where it is not as it must be. */
export async function survivesBehindProxy(cluster: LiveCluster, failure: ProxyFailure): Promise<void> {
  await explained(cluster, failure.name, async () => {
    const seen = await observeBehindProxy(cluster, failure);
    const wrong = violationsBehindProxy(failure, seen);
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  });
}

/** Lets it happen under these three, and waits until the cluster is healthy. */
export async function observeBehindProxy(cluster: LiveCluster, failure: Failure): Promise<ProxyObservation> {
  const { master } = await healthy(cluster);
  await cluster.empty(master);
  await failure.prepare?.(cluster, master);
  await settled(cluster);
  const before = await masterOf(cluster);
  await leads(cluster, 60);
  const writers = {
    beside: new PooledWriter(cluster, 'direct'),
    pooled: new PoolWriter(cluster),
    reconnecting: new ProxiedWriter(cluster),
  };
  const all = Object.values(writers);
  let sampler: Sampler | undefined;
  try {
    await Promise.all(all.map((writer) => writer.acknowledges(50)));
    sampler = new Sampler(cluster);
    await failure.happens(cluster, before);
    await healthy(cluster, failure.limit);
    await Promise.all(all.map((writer) => writer.acknowledges(10)));
    await sleep(1000); // what ends late ends under them too
  } finally {
    await Promise.all([sampler?.stop(), ...all.map((writer) => writer.stop())]);
  }
  const observation = {
    beside: await writers.beside.account(),
    pooled: await writers.pooled.account(),
    reconnecting: await writers.reconnecting.account(),
    twoMasters: sampler.twoMasters,
  };
  const clients = (['beside', 'pooled', 'reconnecting'] as const).map((name) => {
    const { acknowledged, gap, lost } = observation[name];
    return `${name} ${acknowledged} writes, gap ${gap} ms, ${lost.length} lost`;
  });
  console.log(`${cluster.namespace}: ${failure.name}: ${clients.join('; ')}`);
  return observation;
}

/** Until the proxies lead to a master. */
export async function leads(cluster: LiveCluster, seconds = 30): Promise<void> {
  const client = proxied(cluster);
  try {
    await until(seconds, 'the proxies lead to a master', () => client.set('leads', '1', 'PX', 1000));
  } finally {
    client.disconnect();
  }
}

/** What is not as it must be for clients of the proxies; empty where all is. */
export function violationsBehindProxy(
  { longest, mayLose, sudden = false }: ProxyFailure,
  { beside, pooled, reconnecting, twoMasters }: ProxyObservation,
): string[] {
  return Object.entries({ pooled, reconnecting })
    .flatMap(([name, { gap, lost, lastOnes }]) => {
      const most = longest === undefined ? beside.gap + LONGER : Math.max(longest, beside.gap + LONGER / 2);
      const owed = mayLose === undefined ? lost.filter((key) => !(sudden && lastOnes.includes(key))) : [];
      return [
        ...(gap > most ? [`${name} waited for ${gap} ms, and may for ${most}`] : []),
        ...(owed.length > 0 ? [`${name} lost ${owed.slice(0, 20).join(', ')} (${owed.length})`] : []),
      ];
    })
    .concat(twoMasters.map((when) => `two masters: ${when}`));
}
