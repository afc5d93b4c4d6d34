import { isIP } from 'node:net';
import { kubectl, until } from './kubectl';
import type { RedisSentinelClusterProps } from '../../../lib';
import { type Delivery, LiveCluster, type Patch } from './live-cluster';

/** Waits until every configured sentinel and every node agree; returns the master and the seconds it took. */
export async function healthy(cluster: LiveCluster, seconds = 60): Promise<{ master: string; seconds: number }> {
  const start = performance.now();
  let reasons: string[] = [];
  try {
    const master = await until(seconds, 'the cluster is healthy', async () => {
      const seen = await look(cluster);
      reasons = seen.reasons;
      return reasons.length === 0 ? seen.master : undefined;
    });
    return { master, seconds: (performance.now() - start) / 1000 };
  } catch {
    throw new Error(`not healthy after ${seconds} s:\n${reasons.join('\n')}`);
  }
}

/**
 * The last failover is history for every sentinel. They ask a replica each second: one that last saw it as master takes a
 * promotion within that time for a mistake, and undoes it.
 */
export async function settled(cluster: LiveCluster): Promise<void> {
  await until(60, 'every sentinel has seen every replica as one', async () => {
    const views = await Promise.all(cluster.sentinels.map((sentinel) => viewOf(cluster, sentinel)));
    return views.every(({ roles }) => !roles.includes('master')) ? true : undefined;
  });
}

/** A cluster of its own that works. */
export async function started(
  name: string,
  props?: RedisSentinelClusterProps,
  patch?: Patch,
  delivery?: Delivery,
): Promise<LiveCluster> {
  const cluster = await LiveCluster.start(name, props, patch, delivery);
  try {
    await explained(cluster, name, () => healthy(cluster));
    return cluster;
  } catch (error) {
    await cluster.destroy(); // nobody else knows it
    throw error;
  }
}

/** Whatever goes wrong is told together with what every member said then. */
export async function explained<T>(cluster: LiveCluster, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${what}: ${String(error)}\n${await report(cluster)}`, { cause: error });
  }
}

/** The master that the first sentinel names, be the cluster healthy or not. */
export async function masterOf(cluster: LiveCluster): Promise<string> {
  const [sentinel = ''] = cluster.sentinels;
  const { master } = await viewOf(cluster, sentinel);
  const node = nodeOf(cluster, master);
  if (node === undefined) throw new Error(`${sentinel} names '${master}'`);
  return node;
}

/** The node that has this name towards the others. */
export function nodeOf(cluster: LiveCluster, host: string): string | undefined {
  return cluster.nodes.find((node) => cluster.host(node) === host);
}

async function look(cluster: LiveCluster): Promise<{ master: string; reasons: string[] }> {
  const [views, roles] = await Promise.all([
    Promise.all(cluster.sentinels.map((sentinel) => viewOf(cluster, sentinel))),
    Promise.all(cluster.nodes.map((node) => roleOf(cluster, node))),
  ]);
  const [named = ''] = views.map(({ master }) => master);
  const master = nodeOf(cluster, named) ?? '';
  const hosts = (members: string[]): string =>
    members
      .map((member) => cluster.host(member))
      .sort()
      .join(' ');
  const others = hosts(cluster.othersThan(master));
  const reasons = views.flatMap((view, index) => {
    const sentinel = cluster.sentinels[index] ?? '';
    const peers = hosts(cluster.sentinels.filter((other) => other !== sentinel));
    return [
      ...(view.master === named && master !== '' ? [] : [`${sentinel} names '${view.master}'`]),
      ...(view.flags === 'master' ? [] : [`${sentinel} says ${view.flags} of its master`]),
      ...(view.replicas === others ? [] : [`${sentinel} knows the replicas ${view.replicas}`]),
      ...(view.peers === peers ? [] : [`${sentinel} knows the sentinels ${view.peers}`]),
    ];
  });
  roles.forEach((role, index) => {
    const node = cluster.nodes[index] ?? '';
    const wanted = node === master ? 'master' : `slave of ${named} connected`;
    if (role !== wanted) reasons.push(`${node} is ${role}`);
  });
  // A replica may take a dead link for a living one; its master knows who has answered lately.
  const info = await (master === '' ? undefined : cluster.direct(master).info('replication').catch(String));
  const replicas = info?.match(/^slave\d+:.*/gm) ?? [];
  const live = replicas.filter((line) => /state=online,.*lag=[012]\b/.test(line));
  if (live.length < cluster.othersThan(master).length) reasons.push(`${master} hears of ${replicas.join(' ')}`);
  return { master, reasons };
}

interface View {
  /** Whom it names to clients: during a failover already the one that it promotes. */
  readonly master: string;
  /** Whom it monitors. */
  readonly monitors: string;
  readonly flags: string;
  readonly replicas: string;
  /** The roles that its replicas had when it last asked them. */
  readonly roles: string;
  readonly peers: string;
}

/** What a sentinel says. */
export async function viewOf(cluster: LiveCluster, sentinel: string): Promise<View> {
  const ask = (command: string): Promise<unknown> =>
    cluster.direct(sentinel).call('SENTINEL', command, cluster.masterName);
  try {
    const [address, master, replicas, peers] = await Promise.all(
      ['GET-MASTER-ADDR-BY-NAME', 'MASTER', 'REPLICAS', 'SENTINELS'].map(ask),
    );
    const list = (all: unknown, name = 'ip'): string =>
      (all as string[][])
        .map((one) => field(one, name))
        .sort()
        .join(' ');
    return {
      master: (address as string[])[0] ?? '',
      monitors: field(master as string[], 'ip'),
      flags: field(master as string[], 'flags'),
      replicas: list(replicas),
      roles: list(replicas, 'role-reported'),
      peers: list(peers),
    };
  } catch (error) {
    return { master: '', monitors: '', flags: String(error), replicas: '', roles: '', peers: '' };
  }
}

/** What an answer of names and values, one after another, has of a name. */
export function field(pairs: string[], name: string): string {
  return pairs[pairs.indexOf(name) + 1] ?? '';
}

async function roleOf(cluster: LiveCluster, node: string): Promise<string> {
  try {
    const [role, host, , link] = (await cluster.direct(node).call('ROLE')) as string[];
    return role === 'master' ? role : `${role ?? ''} of ${host ?? ''} ${link ?? ''}`;
  } catch (error) {
    return String(error);
  }
}

/** No member may ever be known by the address of a pod. */
export async function addressesKnown(cluster: LiveCluster): Promise<string[]> {
  const views = await Promise.all(cluster.sentinels.map((sentinel) => viewOf(cluster, sentinel)));
  return views.flatMap(({ replicas, peers }) => `${replicas} ${peers}`.split(' ')).filter((host) => isIP(host) !== 0);
}

/** What every sentinel and every node say: what a person would ask first. */
async function report(cluster: LiveCluster): Promise<string> {
  const parts = [
    ...cluster.sentinels.map(async (sentinel) => `${sentinel}: ${JSON.stringify(await viewOf(cluster, sentinel))}`),
    ...cluster.nodes.map(async (node) => {
      const info = await cluster.direct(node).info('replication').catch(String);
      const keys = await cluster.direct(node).info('keyspace').catch(String);
      return `${node}: ${await roleOf(cluster, node)}\n${info}${keys}`;
    }),
    ...[...cluster.nodes, ...cluster.sentinels].map(async (member) => {
      const container = cluster.nodes.includes(member) ? 'keeper' : 'sentinel';
      const log = await cluster
        .kubectl('logs', `deployment/${member}`, '--container', container, '--tail', '12')
        .catch(String);
      return `log of ${member}'s ${container}:\n${log}`;
    }),
    kubectl(['--namespace', cluster.namespace, 'get', 'pods', '--output', 'wide']).then(({ stdout }) => stdout),
  ];
  return (await Promise.all(parts)).join('\n');
}
