import { networkInterfaces } from 'node:os';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import Redis, { type RedisOptions } from 'ioredis';
import { type Connection, RedisSentinelCluster, type RedisSentinelClusterProps } from '../../../lib';
import { Authority, type Pair } from './authority';
import { runnable } from './images';
import { kubectl, sleep, until } from './kubectl';

/** Whom clients of an encrypted cluster trust, and what they show. */
export interface Credentials extends Pair {
  readonly ca: string;
}

/** An object of a manifest. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Characters that have a meaning somewhere: in a shell, in redis.conf, in YAML. */
export const PASSWORD = `p"a\\s's #1$x`;
/** A user of clusters that have users. */
export const ADMINISTRATOR = 'root';
/** Secret of the certificate, of clusters that are encrypted. */
export const CERTIFICATE = 'cache-tls';
const MEMBER = 'redis-sentinel-cluster/member';
/** Selects every object of a cluster. */
export const WHOLE = 'app.kubernetes.io/instance=cache';

/** Seconds for an append-only file of gigabytes, on a slow disk. */
const LONGEST_REWRITE = 300;

/** What no prop says: a patch of the rendered objects. */
export type Patch = (cluster: RedisSentinelCluster) => void;

/** How what is rendered of a cluster comes to Kubernetes. */
export interface Delivery {
  /**
   * Begins to bring these, all that there is of a cluster. Members are those that were among them before: they must go, and
   * their Services and claims stay.
   */
  readonly deliver: (namespace: string, objects: Manifest[], left: string[]) => Promise<unknown>;
  /** Waits until all of it has been brought. */
  readonly delivered: () => Promise<unknown>;
  /** Lets go of what there is in a namespace, for that is deleted now. */
  readonly withdraw: (namespace: string) => Promise<unknown>;
}

/** By hand. Deployments are deleted at once, as by a GitOps tool that knows no order. */
const BY_HAND: Delivery = {
  deliver: async (namespace, objects, left) => {
    await apply(objects);
    if (left.length > 0) await kubectl(['-n', namespace, 'delete', 'deployment', ...left, '--wait=false']);
  },
  delivered: () => Promise.resolve(),
  withdraw: () => Promise.resolve(),
};

/** A cluster in a namespace of its own, on the real Kubernetes. */
export class LiveCluster {
  private readonly connections = new Map<string, Redis>();
  private readonly clients = new Set<Redis>();
  private rendered: Rendered;
  private trusted: Credentials | undefined;

  private constructor(
    public readonly namespace: string,
    private applied: RedisSentinelClusterProps,
    private readonly patch: Patch | undefined,
    private readonly delivery: Delivery,
  ) {
    this.rendered = render(namespace, applied, patch);
  }

  /** As they were applied last. */
  public get props(): RedisSentinelClusterProps {
    return this.applied;
  }

  public get nodes(): string[] {
    return this.rendered.nodes;
  }

  public get sentinels(): string[] {
    return this.rendered.sentinels;
  }

  public get masterName(): string {
    return this.rendered.masterName;
  }

  /** The nodes that are not this one. */
  public othersThan(node: string): string[] {
    return this.nodes.filter((other) => other !== node);
  }

  /** A namespace that enforces Pod Security `restricted`, and nothing of the cluster in it. */
  public static async prepare(
    name: string,
    props: RedisSentinelClusterProps = {},
    patch?: Patch,
    delivery = BY_HAND,
  ): Promise<LiveCluster> {
    const cluster = new LiveCluster(`live-${name}`, props, patch, delivery);
    await cluster.destroy();
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: cluster.namespace, labels } },
      cluster.secret({ password: PASSWORD }),
      cluster.secret({ [ADMINISTRATOR]: PASSWORD }, 'cache-users'),
    ]);
    if (props.tls !== undefined) await cluster.certify();
    return cluster;
  }

  /** Brings a certificate, which clients show too. */
  private async certify(): Promise<void> {
    const authority = new Authority(this.namespace);
    const ca = authority.ca('ca');
    const pair = authority.leaf('member', 'ca');
    this.trusted = { ...pair, ca };
    await apply([this.secret({ 'tls.crt': pair.certificate, 'tls.key': pair.key, 'ca.crt': ca }, CERTIFICATE)]);
  }

  /** Undefined where nothing is encrypted. */
  public get credentials(): Credentials | undefined {
    return this.trusted;
  }

  /** What makes a client speak TLS, where the cluster does. */
  public get encryption(): RedisOptions {
    if (this.trusted === undefined) return {};
    const { ca, certificate, key } = this.trusted;
    const tls = { ca, cert: certificate, key };
    return { tls, sentinelTLS: tls, enableTLSForSentinelMode: true };
  }

  /** What the construct gives a client's container; files are for the caller to bring. */
  public get environment(): Record<string, string> {
    const variables = Object.entries(this.rendered.connection.toEnv());
    return Object.fromEntries(variables.map(([name, { value = PASSWORD }]) => [name, String(value)]));
  }

  /** A namespace, and the cluster applied in it. */
  public static async start(
    name: string,
    props?: RedisSentinelClusterProps,
    patch?: Patch,
    delivery?: Delivery,
  ): Promise<LiveCluster> {
    const cluster = await LiveCluster.prepare(name, props, patch, delivery);
    await cluster.apply();
    return cluster;
  }

  public async apply(leftOut: (object: Manifest) => boolean = () => false): Promise<void> {
    const objects = this.rendered.objects.filter((object) => !leftOut(object));
    await this.delivery.deliver(this.namespace, objects, []);
  }

  /** What is applied. */
  public get objects(): Manifest[] {
    return this.rendered.objects;
  }

  /** The same, as a file for kubectl. */
  public get manifest(): string {
    return fileOf(this.objects);
  }

  /** Object by object, in an order and with pauses that follow from the seed. */
  public async applyInDisorder(seed: number): Promise<void> {
    const next = generator(seed);
    const shuffled = this.rendered.objects.map((object) => ({ object, key: next() })).sort((a, b) => a.key - b.key);
    for (const { object } of shuffled) {
      await apply([object]);
      await sleep(next() * 300);
    }
  }

  /** Applies the cluster with other props, and waits for the rollout. */
  public async change(props: RedisSentinelClusterProps): Promise<void> {
    await this.begin(props);
    await this.delivery.delivered();
    await this.rolledOut();
  }

  /** Applies the cluster with other props. */
  public async begin(props: RedisSentinelClusterProps): Promise<void> {
    const before = [...this.nodes, ...this.sentinels];
    this.applied = { ...this.applied, ...props };
    this.rendered = render(this.namespace, this.applied, this.patch);
    const now = [...this.nodes, ...this.sentinels];
    const left = before.filter((member) => !now.includes(member));
    await this.delivery.deliver(this.namespace, this.rendered.objects, left);
  }

  /** Gives the Secret these keys and no others. */
  public async setPasswords(stringData: Record<string, string>, name?: string): Promise<void> {
    await kubectl(['replace', '--filename', '-'], JSON.stringify(this.secret(stringData, name)));
  }

  private secret(stringData: Record<string, string>, name = 'cache-auth'): object {
    const metadata = { name, namespace: this.namespace };
    return { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
  }

  /** Something of the one pod that a member has. */
  public async podOf(member: string, jsonPath: string): Promise<string> {
    return this.kubectl(
      'get',
      'pod',
      '--selector',
      `${MEMBER}=${member}`,
      '--output',
      `jsonpath={.items[0]${jsonPath}}`,
    );
  }

  /** What serves in a member's pod. */
  public containerOf(member: string): string {
    return this.sentinels.includes(member) ? 'sentinel' : 'redis';
  }

  public async kubectl(...args: string[]): Promise<string> {
    return (await kubectl(['--namespace', this.namespace, ...args])).stdout;
  }

  /** Deletes a pod as a drain or a rollout does: it gets its grace period. Waits for it to be gone and replaced. */
  public async deletePod(member: string, seconds = 60): Promise<void> {
    await this.kubectl('delete', 'pod', '--selector', `${MEMBER}=${member}`);
    await this.kubectl('rollout', 'status', `deployment/${member}`, `--timeout=${seconds}s`);
  }

  /** Has Kubernetes take a pod away, as a drain does. Throws where a budget refuses it. */
  public async evict(member: string): Promise<void> {
    const name = await this.podOf(member, '.metadata.name');
    const path = `/api/v1/namespaces/${this.namespace}/pods/${name}/eviction`;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: this.namespace } };
    await kubectl(['create', '--raw', path, '--filename', '-'], JSON.stringify(eviction));
    await this.kubectl('wait', '--for=delete', `pod/${name}`, '--timeout=60s');
  }

  /** Takes pods away at once, as the loss of their machines does. Waits until their processes are gone. */
  public async forceDelete(members: string[]): Promise<void> {
    const before = await this.processes(members);
    await this.kubectl(
      'delete',
      'pod',
      '--selector',
      `${MEMBER} in (${members.join(',')})`,
      '--force',
      '--grace-period=0',
    );
    await until(60, 'the processes are gone', async () => {
      const now = await this.processes(members);
      return now.some((id, index) => id !== '' && id === before[index]) ? undefined : true;
    });
  }

  /** Each member's process, by the id that it has for its life; empty where none answers. */
  private processes(members: string[]): Promise<string[]> {
    return Promise.all(
      members.map(async (member) => {
        const info = await this.direct(member)
          .info('server')
          .catch(() => '');
        return /^run_id:(\w+)/m.exec(info)?.[1] ?? '';
      }),
    );
  }

  /** Deletes volumes with their pods, and makes empty ones. */
  public async loseVolumes(members: string[]): Promise<void> {
    await this.kubectl('delete', 'persistentvolumeclaim', ...members, '--wait=false');
    await this.forceDelete(members);
    await until(60, 'the claims are gone', async () => {
      const left = await this.kubectl(
        'get',
        'persistentvolumeclaim',
        ...members,
        '--ignore-not-found',
        '--output=name',
      );
      // A pod made meanwhile holds the old claim, which is not gone until that pod is.
      if (left !== '') await this.forceDelete(members);
      return left === '' ? true : undefined;
    });
    await this.apply();
  }

  public async scale(members: string[], replicas: number): Promise<void> {
    await this.kubectl('scale', 'deployment', ...members, `--replicas=${replicas}`);
  }

  /** Restarts every Deployment, and waits for the rollout. */
  public async restart(seconds?: number): Promise<void> {
    await this.kubectl('rollout', 'restart', 'deployment', '--selector', WHOLE);
    await this.rolledOut(seconds);
  }

  /** Every Deployment has its new pod, and only that. */
  private async rolledOut(seconds = 400): Promise<void> {
    await this.kubectl('rollout', 'status', 'deployment', '--selector', WHOLE, `--timeout=${seconds}s`);
  }

  public host(member: string): string {
    return `${member}.${this.namespace}.svc`;
  }

  /**
   * Deletes all that clients wrote, on the disks too, so that one test's writes do not slow down the next. What is in another
   * database than theirs stays.
   */
  public async empty(master: string): Promise<void> {
    await until(30, `${master} is emptied`, () => this.direct(master).flushdb());
    for (const node of this.nodes) {
      await until(30, `${node} is empty`, async () => ((await this.direct(node).dbsize()) === 0 ? true : undefined));
      await until(LONGEST_REWRITE, `${node} rewrites its append-only file, if it has one`, async () => {
        const persistence = await this.direct(node).info('persistence');
        return persistence.includes('aof_enabled:1') ? this.direct(node).bgrewriteaof() : true; // refused while it does already
      });
    }
    for (const node of this.nodes) {
      await until(LONGEST_REWRITE, `${node} has a new append-only file`, async () => {
        const busy = /aof_rewrite_(in_progress|scheduled):1/.test(await this.direct(node).info('persistence'));
        return busy ? undefined : true;
      });
    }
  }

  /** Writes values of 10 kB, a hundred at a time, for as long as more are wanted. */
  public async fill(master: string, wantsMore: (written: number) => Promise<boolean>): Promise<void> {
    const value = 'x'.repeat(10_000);
    for (let written = 0; await wantsMore(written);) {
      const pipeline = this.direct(master).pipeline();
      for (const end = written + 100; written < end; written++) pipeline.set(`filling:${written}`, value);
      await pipeline.exec();
    }
  }

  /** Waits until no pod of these members is left. */
  public async gone(members: string[], seconds = 170): Promise<void> {
    await until(seconds, `${members.join(' and ')} are gone`, async () => {
      const pods = await this.kubectl(
        'get',
        'pods',
        '--selector',
        `${MEMBER} in (${members.join(',')})`,
        '--output=name',
      );
      return pods === '' ? true : undefined;
    });
  }

  /** Where there are users, the tests are one who may do everything. */
  private get login(): { username?: string } {
    return this.applied.users === undefined ? {} : { username: ADMINISTRATOR };
  }

  /** A connection straight to a member, whoever is master. */
  public direct(member: string): Redis {
    const known = this.connections.get(member);
    if (known !== undefined) return known;
    const connection = new Redis({
      host: `${this.host(member)}.cluster.local`,
      port: this.sentinels.includes(member) ? 26379 : 6379,
      ...this.login,
      ...this.encryption,
      password: PASSWORD,
      connectTimeout: 1000,
      commandTimeout: 1000,
      socketTimeout: 2000,
      maxRetriesPerRequest: 0,
      enableReadyCheck: false,
      disableClientInfo: true, // without a ready check ioredis never connects again when it is cut off while it says this
      retryStrategy: () => 100,
    });
    connection.on('error', () => undefined); // the commands say it
    this.connections.set(member, connection);
    return connection;
  }

  /** Throws where a member does not take this password, of the default user or another. */
  public async logsIn(member: string, password: string, username?: string): Promise<true> {
    const connection = this.connect(member, { password, ...(username !== undefined && { username }) });
    try {
      await connection.ping();
      return true;
    } finally {
      connection.disconnect();
    }
  }

  /** A connection of its own straight to a member, as this user. */
  public connect(member: string, login: Pick<RedisOptions, 'username' | 'password'>): Redis {
    const connection = this.direct(member).duplicate({ ...login, retryStrategy: () => null });
    connection.on('error', () => undefined); // the commands say it
    return connection;
  }

  /** A connection of its own to a node, that waits for its answers, and is not made again. */
  public patient(node: string, database = 0): Redis {
    const connection = this.direct(node).duplicate({
      db: database,
      commandTimeout: undefined,
      socketTimeout: undefined,
      retryStrategy: () => null,
      autoResendUnfulfilledCommands: false,
    });
    connection.on('error', () => undefined); // the commands say it
    return connection;
  }

  /** Forgets its connections: names lead elsewhere now. */
  public hangUp(): void {
    for (const connection of this.connections.values()) connection.disconnect();
    this.connections.clear();
  }

  /** An application's client: asks the sentinels. */
  public client(): Redis {
    const client = new Redis({
      sentinels: this.sentinels.map((sentinel) => ({ host: `${this.host(sentinel)}.cluster.local`, port: 26379 })),
      name: this.masterName,
      ...this.login,
      ...this.encryption,
      password: PASSWORD,
      ...(this.login.username !== undefined && { sentinelUsername: this.login.username }),
      sentinelPassword: PASSWORD,
      connectTimeout: 1000,
      sentinelCommandTimeout: 1000,
      commandTimeout: 2000,
      socketTimeout: 2000,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 20,
      sentinelRetryStrategy: () => 20,
      reconnectOnError: ({ message }) => /^(READONLY|NOREPLICAS|MISCONF)/.test(message),
    });
    client.on('error', () => undefined);
    client.once('end', () => this.clients.delete(client));
    this.clients.add(client);
    return client;
  }

  public async destroy(): Promise<void> {
    await this.delivery.withdraw(this.namespace);
    this.hangUp();
    for (const client of this.clients) client.disconnect();
    this.clients.clear();
    await kubectl(['delete', 'namespace', this.namespace, '--ignore-not-found', '--wait=false']);
    await kubectl(['--namespace', this.namespace, 'delete', 'pod', '--all', '--force', '--grace-period=0']).catch(
      () => undefined,
    );
    await kubectl(['wait', '--for=delete', `namespace/${this.namespace}`, '--timeout=120s']).catch(() => undefined);
  }
}

export async function apply(objects: unknown[]): Promise<void> {
  await kubectl(['apply', '--filename', '-'], fileOf(objects));
}

function fileOf(objects: unknown[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

interface Rendered {
  readonly nodes: string[];
  readonly sentinels: string[];
  readonly masterName: string;
  readonly connection: Connection;
  readonly objects: Manifest[];
}

function render(namespace: string, props: RedisSentinelClusterProps, patch?: Patch): Rendered {
  const chart = new Chart(new App(), 'live', { namespace });
  const cluster = new RedisSentinelCluster(chart, 'cache', runnable(props));
  letInTests(cluster);
  patch?.(cluster);
  return {
    nodes: [cluster.master, ...cluster.replicas].map(({ name }) => name),
    sentinels: cluster.sentinels.map(({ name }) => name),
    masterName: cluster.connection.masterName,
    connection: cluster.connection,
    objects: chart.toJson() as Manifest[],
  };
}

/** Those by which others know where the tests run. */
export function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
}

/** The policies know pods, and the tests run beside the cluster. */
function letInTests({ networkPolicies, metrics, proxy }: RedisSentinelCluster): void {
  const policies = [...networkPolicies.node.findAll(), metrics.networkPolicy, proxy.networkPolicy];
  for (const policy of policies.filter((one) => ApiObject.isApiObject(one))) {
    const { ingress } = (policy.toJson() as { spec: { ingress: unknown[] } }).spec;
    const peers = ingress.flatMap((_, rule) =>
      ownAddresses().map((address) =>
        JsonPatch.add(`/spec/ingress/${rule}/from/-`, { ipBlock: { cidr: `${address}/32` } }),
      ),
    );
    policy.addJsonPatch(...peers);
  }
}

/** Numbers from 0 to 1 that follow from the seed, so that a run that failed can be run again. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
