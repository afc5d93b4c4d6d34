import { Persistence, Risk } from '../../../lib';
import type { Failure, Scene } from '../kit/failure';
import { cut, isolate, mend, signal, silenceDns } from '../kit/faults';
import { healthy, nodeOf, viewOf } from '../kit/health';
import { sleep, until } from '../kit/kubectl';
import type { LiveCluster } from '../kit/live-cluster';
import { InsideWriter } from '../kit/writers';

/** The first master of the manifest must be one of the replicas, for that is what a restart could fall back to. */
async function moveAway(cluster: LiveCluster, master: string): Promise<void> {
  if (master !== 'cache-master') return;
  await cluster.deletePod(master);
  await healthy(cluster);
}

/** The epoch of the last failover, as a sentinel knows it. */
async function epochOf(cluster: LiveCluster): Promise<number> {
  const said = (await cluster.direct('cache-sentinel-1').call('SENTINEL', 'MASTER', cluster.masterName)) as string[];
  return Number(said[said.indexOf('config-epoch') + 1]);
}

/** What the sentinels say; first the one that leads a failover, for it knows more than the others. */
async function views(cluster: LiveCluster): Promise<{ monitors: string; flags: string }[]> {
  const all = await Promise.all(cluster.sentinels.map((sentinel) => viewOf(cluster, sentinel)));
  return [...all.filter(failsOver), ...all];
}
const failsOver = ({ flags }: { flags: string }): boolean => flags.includes('failover_in_progress');

/** Stops servers for a while. */
async function freeze(cluster: LiveCluster, members: string[], milliseconds: number): Promise<void> {
  await Promise.all(members.map((member) => signal(cluster, member, 'SIGSTOP')));
  await sleep(milliseconds);
  await Promise.all(members.map((member) => signal(cluster, member, 'SIGCONT')));
}

/** Seconds: sooner than it misses its silent master, than it asks by itself, and than a mere disagreement is over. */
const HEARS_WITHIN = 3;

/** Takes from the sentinels the right to give a replica its master, and lets another one be promoted. */
async function notTold(cluster: LiveCluster, master: string): Promise<string> {
  const [replica = ''] = cluster.othersThan(master);
  const server = cluster.direct(replica);
  const sentinels = `sentinel@${cluster.namespace}/cache`;
  await server.config('SET', 'replica-priority', '200');
  await server.call('ACL', 'SETUSER', sentinels, '-slaveof');
  await sleep(2000); // until all of them have seen the priority
  await signal(cluster, master, 'SIGSTOP');
  try {
    const named = async (): Promise<string | undefined> =>
      (await views(cluster)).map(({ monitors }) => nodeOf(cluster, monitors)).find((one) => one !== master);
    const next = await until(30, 'the sentinels name another master', named);
    const start = performance.now();
    const follows = `master_host:${cluster.host(next)}`;
    await until(HEARS_WITHIN, `${replica} follows ${next}`, async () =>
      (await server.info('replication')).includes(follows) ? true : undefined,
    );
    return `it followed ${((performance.now() - start) / 1000).toFixed(1)} s after the sentinels named its master`;
  } finally {
    await signal(cluster, master, 'SIGCONT');
    await server.call('ACL', 'SETUSER', sentinels, '+slaveof');
    await server.config('SET', 'replica-priority', '100');
  }
}

/** Who is master then may depend on how long the data take to load. */
export const killed = {
  name: "master's process killed",
  prepare: moveAway,
  happens: (cluster, master) => signal(cluster, master, 'SIGKILL'),
} satisfies Failure;

/** Its server is back within seconds, and who is master then may depend on how long the data take to load. */
export const podKilled = {
  name: "master's pod killed",
  prepare: moveAway,
  happens: (cluster, master) => cluster.forceDelete([master]),
  sudden: true,
} satisfies Failure;

export const crashes: Failure[] = [
  { ...killed, next: 'same' },
  podKilled,
  {
    name: "master's pod and volume lost",
    prepare: moveAway,
    happens: (cluster, master) => cluster.loseVolumes([master]),
    sudden: true,
    next: 'another',
  },
  {
    name: 'all nodes killed at once',
    prepare: moveAway,
    happens: (cluster) => cluster.forceDelete(cluster.nodes),
    next: 'same',
  },
  {
    name: 'all nodes and sentinels killed at once',
    prepare: moveAway,
    happens: (cluster) => cluster.forceDelete([...cluster.nodes, ...cluster.sentinels]),
    next: 'same',
  },
  {
    name: "a sentinel's volume lost",
    thorough: true,
    happens: (cluster) => cluster.loseVolumes(['cache-sentinel-2']),
    next: 'same',
  },
  {
    name: "all sentinels' volumes lost",
    prepare: moveAway,
    happens: async (cluster) => {
      const before = await epochOf(cluster);
      await cluster.loseVolumes(cluster.sentinels);
      await healthy(cluster);
      // What nodes write from now on must not look older than what one of them has that comes back later.
      const after = await epochOf(cluster);
      if (before === 0 || after !== before) throw new Error(`the epoch was ${before}, and is ${after}`);
    },
    next: 'same',
  },
  {
    name: "all nodes and sentinels killed, all sentinels' volumes lost",
    prepare: moveAway,
    happens: async (cluster) => {
      await cluster.forceDelete(cluster.nodes);
      await cluster.loseVolumes(cluster.sentinels);
    },
    next: 'same',
  },
  {
    name: 'everything killed, newest volume lost, one replica with old data',
    prepare: async (cluster, master) => {
      const [stale = ''] = cluster.othersThan(master);
      await cluster.scale([stale], 0);
      await cluster.gone([stale]);
    },
    happens: async (cluster, master) => {
      const [stale = '', other = ''] = cluster.othersThan(master);
      await cluster.loseVolumes([master]); // who has the newest data is gone too
      await cluster.forceDelete([master, other, ...cluster.sentinels]);
      await cluster.scale([stale], 1);
      const { master: next } = await healthy(cluster);
      if (next === stale) throw new Error(`${stale} has old data and became master`);
    },
    sudden: true,
    next: 'another',
  },
  {
    name: "first master's pod killed during a failover",
    prepare: moveAway,
    happens: async (cluster, master) => {
      await signal(cluster, master, 'SIGSTOP');
      await until(30, 'a failover is under way', async () => (await views(cluster)).find(failsOver));
      await cluster.forceDelete(['cache-master']);
    },
    limit: 180,
    sudden: true,
  },
  {
    name: 'new master killed during the failover, and its volume lost',
    thorough: true,
    happens: async (cluster, master) => {
      await signal(cluster, master, 'SIGSTOP');
      const next = await until(30, 'the sentinels name another master', async () => {
        const [view] = await views(cluster);
        const named = nodeOf(cluster, view?.monitors ?? '');
        return named === master ? undefined : named;
      });
      await cluster.loseVolumes([next]);
    },
    limit: 180,
    next: 'another',
    mayLose: 'a write that the new master took may not have reached the other replica',
  },
  {
    name: "master's process hangs until the kubelet restarts it",
    happens: (cluster, master) => signal(cluster, master, 'SIGSTOP'),
    limit: 180,
    sudden: true,
    next: 'another',
  },
  {
    name: "master's process hangs for 12 s",
    thorough: true,
    happens: (cluster, master) => freeze(cluster, [master], 12_000),
    sudden: true,
    next: 'another',
  },
  {
    name: 'master hangs, and one replica is not told of the new one',
    thorough: true,
    happens: notTold,
    sudden: true,
    next: 'another',
  },
  {
    name: 'all sentinels frozen for 5 s, then the master and its volume lost',
    happens: async (cluster, master) => {
      await freeze(cluster, cluster.sentinels, 5000);
      await sleep(1000);
      await cluster.loseVolumes([master]);
    },
    limit: 120,
    sudden: true,
    next: 'another',
  },
  {
    name: 'a sentinel hangs, and the master and its volume are lost',
    happens: async (cluster, master) => {
      const [asked = ''] = cluster.sentinels; // every client asks this one first
      await signal(cluster, asked, 'SIGSTOP');
      await cluster.loseVolumes([master]);
    },
    limit: 120,
    sudden: true,
    next: 'another',
  },
  {
    name: 'no DNS in any pod while the master hangs for 12 s',
    happens: async (cluster, master) => {
      const members = [...cluster.nodes, ...cluster.sentinels];
      await Promise.all(members.map((member) => silenceDns(cluster, member)));
      await sleep(2000);
      await freeze(cluster, [master], 12_000);
      await healthy(cluster);
      await Promise.all(members.map((member) => mend(cluster, member)));
    },
    sudden: true,
    next: 'another',
  },
];

/** A cut-off master must refuse writes before the others may open another one, after `down-after`. */
const LONGEST_ALONE = 5000;

export const cuts: Failure[] = [
  {
    name: 'master cut off from all for 15 s, a client on its side',
    happens: async (cluster, master) => {
      const inside = new InsideWriter(cluster, master);
      try {
        await inside.acknowledges(100);
        const before = inside.now.acknowledged;
        await isolate(cluster, master);
        const start = performance.now(); // kubectl is not cut off yet while it looks for the pod
        await sleep(15_000);
        const { acknowledged, last } = inside.now;
        await inside.stop();
        await mend(cluster, master);
        await healthy(cluster);
        const { lost } = await inside.account();
        const alone = last - start;
        const taken = acknowledged - before;
        if (alone > LONGEST_ALONE) throw new Error(`it took writes for ${alone} ms after the cut`);
        if (lost.length > taken) throw new Error(`${lost.length} writes lost, and only ${taken} taken after the cut`);
        return `it took ${taken} writes in ${(alone / 1000).toFixed(1)} s after the cut: ${lost.length} of them lost`;
      } finally {
        await inside.stop();
      }
    },
    sudden: true,
    next: 'another',
  },
  {
    name: 'master cut off from the sentinels only for 15 s',
    happens: async (cluster, master) => {
      await cut(cluster, master, cluster.sentinels);
      await sleep(15_000);
      await mend(cluster, master);
    },
    next: 'another',
    mayLose: 'clients that stay at the old master write to it until its replicas have left it',
  },
  {
    name: 'master cut off from one replica only for 15 s',
    happens: async (cluster, master) => {
      const [other = ''] = cluster.othersThan(master);
      await cut(cluster, master, [other]);
      await sleep(15_000);
      await mend(cluster, master);
    },
    next: 'same',
  },
];

export const memory: Scene = {
  name: 'memory',
  props: { persistence: Persistence.none(), acceptRisks: [Risk.NO_PERSISTENCE] },
  failures: [
    {
      name: "master's process killed, nothing on disk",
      happens: (cluster, master) => signal(cluster, master, 'SIGKILL'),
      sudden: true,
      next: 'another',
    },
  ],
};

/** Every replica has restarted, so none may be chosen; both are ahead of their marks, for they stopped under traffic. */
const orphaned: Failure = {
  name: 'all nodes stop together, and the master stays away',
  happens: async (cluster, master) => {
    const nodes = ['--selector', 'app.kubernetes.io/component=node'];
    await cluster.kubectl('delete', 'pod', ...nodes, '--grace-period=5', '--wait=false');
    await cluster.scale([master], 0);
    await cluster.gone([master], 60);
    const start = performance.now();
    const next = await until(150, 'another master takes writes', async () => {
      const tried = cluster.othersThan(master).map(async (node) => {
        const answer = await cluster.direct(node).set('probe', '1').catch(String);
        return answer === 'OK' ? node : undefined;
      });
      return (await Promise.all(tried)).find((node) => node !== undefined);
    });
    const waited = (performance.now() - start) / 1000;
    await cluster.scale([master], 1);
    return `${next} took over after ${waited.toFixed(0)} s`;
  },
  next: 'another',
  mayLose: 'how full a replica is may be known a second late',
};

/** Two minutes of each wait for a master that might have come back. */
export const orphans: Scene[] = [
  {
    name: 'orphans-rdb',
    props: { persistence: Persistence.rdb() },
    thorough: true,
    failures: [{ ...orphaned, name: `${orphaned.name}, with snapshots` }],
  },
  {
    name: 'orphans-aof',
    props: {},
    thorough: true,
    failures: [{ ...orphaned, name: `${orphaned.name}, with an append-only file` }],
  },
];
