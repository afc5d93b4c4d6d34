import { afterEach, expect, test } from '@jest/globals';
import Redis from 'ioredis';
import {
  Client,
  ClientCertificates,
  MigrationPhase,
  MigrationSource,
  Product,
  Tls,
  type RedisSentinelClusterProps,
} from '../../lib';
import { healthy, masterOf, started } from './kit/health';
import { kubectl, until } from './kit/kubectl';
import { CERTIFICATE, LiveCluster, PASSWORD, apply } from './kit/live-cluster';
import { everything, thorough } from './kit/tier';
import { Writer } from './kit/writers';

const OLD_PASSWORD = 'the old one';
const MASTER = 'cache-master';

/** One server, as an application has it that has no operator: with a password, and nothing on its disk. */
class OldServer {
  public constructor(
    private readonly namespace: string,
    private readonly image: string,
  ) {}

  public get host(): string {
    return `redis.${this.namespace}.svc`;
  }

  public async start(): Promise<void> {
    await this.destroy();
    const labels = { app: 'redis' };
    const metadata = { name: 'redis', namespace: this.namespace };
    const args = ['redis-server', '--requirepass', OLD_PASSWORD, '--save', ''];
    const containers = [{ name: 'redis', image: this.image, args }];
    await apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace } },
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: 6379 }] } },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
      },
    ]);
    await kubectl(['-n', this.namespace, 'rollout', 'status', 'deployment/redis', '--timeout=60s']);
  }

  public connect(): Redis {
    const client = new Redis({
      host: `${this.host}.cluster.local`,
      password: OLD_PASSWORD,
      commandTimeout: 2000,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 100,
    });
    client.on('error', () => undefined);
    return client;
  }

  public async destroy(): Promise<void> {
    await kubectl(['delete', 'namespace', this.namespace, '--ignore-not-found', '--wait=true']);
  }
}

/** An application that knows both, and goes to the new cluster when the old one takes its writes no longer. */
class MovingWriter extends Writer {
  private moved = false;
  private readonly clients: Redis[];

  public constructor(cluster: LiveCluster, old: Redis, name: string) {
    super(cluster, name);
    this.clients = [old, cluster.client()];
  }

  protected async write(key: string): Promise<unknown> {
    try {
      return await this.clients[this.moved ? 1 : 0]?.set(key, key);
    } catch (error) {
      this.moved ||= String(error).includes('NOREPLICAS');
      throw error;
    }
  }

  protected override close(): Promise<void> {
    for (const client of this.clients) client.disconnect();
    return Promise.resolve();
  }
}

const following = (source: MigrationSource, props: RedisSentinelClusterProps): RedisSentinelClusterProps => ({
  ...props,
  migrateFrom: { source },
});
const cutOver = (source: MigrationSource): RedisSentinelClusterProps => ({
  migrateFrom: { source, phase: MigrationPhase.CUT_OVER },
});

/** With the password of what is followed, or another one. */
async function admit(cluster: LiveCluster, password: string): Promise<void> {
  const metadata = { name: 'old-redis', namespace: cluster.namespace };
  await apply([{ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password } }]);
}

async function follows(cluster: LiveCluster): Promise<void> {
  await until(120, 'all nodes are connected', async () => {
    const roles = await Promise.all(cluster.nodes.map((node) => cluster.direct(node).info('replication')));
    return roles.every((role) => role.includes('master_link_status:up')) ? true : undefined;
  });
}

/** What the Job of the cut-over says when it is done. */
async function jobSays(cluster: LiveCluster): Promise<string> {
  const job = ['job', '--selector', 'app.kubernetes.io/instance=cache'];
  await cluster.kubectl('wait', ...job, '--for=condition=complete', '--timeout=150s');
  return cluster.kubectl('logs', '--selector', 'app.kubernetes.io/component=cut-over', '--tail=-1');
}

/** Two applications write all the time, and their last accounts. */
async function movedUnder(cluster: LiveCluster, old: () => Redis, happens: () => Promise<void>): Promise<void> {
  const writers = ['one', 'two'].map((name) => new MovingWriter(cluster, old(), name));
  try {
    await Promise.all(writers.map((writer) => writer.acknowledges(100)));
    await happens();
    await Promise.all(writers.map((writer) => writer.acknowledges(100)));
  } finally {
    await Promise.all(writers.map((writer) => writer.stop()));
  }
  for (const writer of writers) {
    const { acknowledged, gap, lost } = await writer.account();
    console.log(`${cluster.namespace}: ${acknowledged} writes, gap ${gap} ms, ${lost.length} lost`);
    expect(lost).toEqual([]);
  }
}

const clusters: { destroy: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(clusters.splice(0).map((one) => one.destroy()));
});

const TARGETS: [string, RedisSentinelClusterProps][] = [
  ['redis', {}],
  ['valkey', { image: { product: Product.VALKEY, tag: '8.1' } }],
];

test.each(everything ? TARGETS : TARGETS.slice(0, 1))(
  'A server of Redis 7.0 is followed, and moves to %s without a lost write; a wrong password leaves it as it was.',
  async (name, props) => {
    const server = new OldServer(`live-old-${name}`, 'docker.io/library/redis:7.0.15');
    await server.start();
    clusters.push(server);
    const old = server.connect();
    await until(60, 'the server answers', () => old.ping());
    await old.eval(`for i = 1, 10000 do redis.call('SET', 'number:' .. i, i) end`, 0);
    const source = MigrationSource.server({ host: server.host, auth: { secretName: 'old-redis' } });
    const cluster = await LiveCluster.prepare(`new-${name}`, following(source, props));
    clusters.push(cluster);
    await admit(cluster, 'wrong');
    await cluster.apply();
    await until(90, 'the keeper says that the password is wrong', async () => {
      const said = await cluster.kubectl('logs', `deployment/${MASTER}`, '--container=keeper').catch(() => '');
      return said.includes('WRONGPASS') ? true : undefined;
    });
    expect(await old.info('replication')).toContain('connected_slaves:0');

    await admit(cluster, OLD_PASSWORD); // the kubelet brings it within two minutes
    await until(150, 'the first node follows', async () =>
      (await old.info('replication')).includes('state=online') ? true : undefined,
    );
    await follows(cluster);
    await expect(cluster.direct(MASTER).set('early', 'x')).rejects.toThrow('READONLY');
    expect(await old.config('GET', 'min-replicas-to-write')).toEqual(['min-replicas-to-write', '0']);

    await movedUnder(
      cluster,
      () => server.connect(),
      async () => {
        await cluster.begin(cutOver(source));
        expect(await jobSays(cluster)).toMatch(/takes writes, \d+ ms after the source took none/);
      },
    );
    expect((await healthy(cluster)).master).toBe(MASTER);
    expect(await cluster.direct(MASTER).get('number:10000')).toBe('10000');
    await expect(old.set('late', 'x')).rejects.toThrow('NOREPLICAS');
    old.disconnect();

    // It is a cluster like any other: its Secret of the source may go, and its master too.
    await cluster.kubectl('delete', 'secret', 'old-redis');
    await cluster.deletePod(MASTER);
    await healthy(cluster);
    expect(await masterOf(cluster)).not.toBe(MASTER);
    expect(await cluster.direct(MASTER).get('number:10000')).toBe('10000');
  },
  600_000,
);

thorough(
  'A server in clear is followed by an encrypted cluster, which takes its place.',
  async () => {
    const server = new OldServer('live-old-clear', 'docker.io/library/redis:7.0.15');
    await server.start();
    clusters.push(server);
    const source = MigrationSource.server({ host: server.host, auth: { secretName: 'old-redis' } });
    const tls = Tls.secret({ secretName: CERTIFICATE, clientCertificates: ClientCertificates.REQUIRED });
    const cluster = await LiveCluster.prepare(
      'new-encrypted',
      following(source, { image: { product: Product.VALKEY, tag: '9.1.2' }, tls }),
    );
    clusters.push(cluster);
    await admit(cluster, OLD_PASSWORD);
    await cluster.apply();
    await follows(cluster);
    await movedUnder(
      cluster,
      () => server.connect(),
      async () => {
        await cluster.begin(cutOver(source));
        await jobSays(cluster);
      },
    );
    await healthy(cluster);
    await cluster.deletePod(MASTER); // which goes on as a replica, and speaks TLS to its master
    await healthy(cluster);
  },
  600_000,
);

thorough(
  'A cluster of this library is followed by its sentinels, which never hear of it, through a failover, and moves to another product.',
  async () => {
    const clients = [Client.pods({ namespaceLabels: { 'kubernetes.io/metadata.name': 'live-new-home' } })];
    const home = await started('old-home', { image: { tag: '7.0.15' }, networkPolicy: { clients } });
    clusters.push(home);
    const hosts = home.sentinels.map((sentinel) => home.host(sentinel));
    const auth = { secretName: 'old-redis' };
    const source = MigrationSource.sentinels({ hosts, masterName: 'cache', auth, sentinelAuth: auth });
    const cluster = await LiveCluster.prepare(
      'new-home',
      following(source, { image: { product: Product.VALKEY, tag: '8.1' } }),
    );
    clusters.push(cluster);
    await admit(cluster, PASSWORD);
    await cluster.apply();
    await follows(cluster);
    await home.deletePod(await masterOf(home));
    await healthy(home); // which it is not with a stranger among the replicas
    await follows(cluster);
    await movedUnder(
      cluster,
      () => home.client(),
      async () => {
        await cluster.begin(cutOver(source));
        await jobSays(cluster);
      },
    );
    await healthy(cluster);
    await healthy(home);
  },
  600_000,
);
