import { Duration, Size } from 'cdk8s';
import { Persistence, Storage, type MemberOptions } from '../../../lib';
import type { Failure, Scene } from '../kit/failure';
import { cut, mend } from '../kit/faults';
import { healthy } from '../kit/health';
import { sleep, until } from '../kit/kubectl';
import type { LiveCluster } from '../kit/live-cluster';
import { ScriptWriter } from '../kit/writers';

export const MASTER_DELETED = "master's pod deleted";
export const ALL_RESTARTED = 'every Deployment restarted at once';

const restart = (cluster: LiveCluster): Promise<void> => cluster.restart();

const NEW_PASSWORD = 'the new one';

/** One edit of the Secret, until every member takes the new password; clients go on with the one before it. */
export async function takeNewPassword(cluster: LiveCluster): Promise<void> {
  await cluster.setPasswords({ password: NEW_PASSWORD });
  for (const member of [...cluster.nodes, ...cluster.sentinels]) {
    await until(KUBELET_SECONDS, `${member} takes the new password`, () => cluster.logsIn(member, NEW_PASSWORD));
  }
}
/** Until every kubelet has brought what is written in a Secret or ConfigMap. */
const KUBELET_SECONDS = 150;

/** What every image must survive. */
export const stops: Failure[] = [
  {
    name: MASTER_DELETED,
    happens: (cluster, master) => cluster.deletePod(master),
    next: 'another',
  },
  { name: ALL_RESTARTED, happens: restart },
];

export const underCommands: Failure = {
  name: `${MASTER_DELETED} under a blocked client, an open transaction and scripts`,
  happens: async (cluster, master) => {
    const [waiting, transaction] = [cluster.patient(master), cluster.patient(master)];
    const scripts = new ScriptWriter(cluster);
    try {
      const popped = waiting.blpop('queue', 0).then(
        () => 'an answer',
        (error: unknown) => String(error),
      );
      await transaction.multi({ pipeline: false });
      await transaction.set('half', '1');
      await scripts.acknowledges(10);

      await cluster.deletePod(master);

      const { master: next } = await healthy(cluster);
      await scripts.acknowledges(10);
      const executed = await transaction.exec().then(
        () => true,
        () => false,
      );
      const half = await cluster.direct(next).exists('half');
      if (executed || half > 0) throw new Error('a transaction that was open during the hand-over was executed');
      await scripts.stop();
      const { lost } = await scripts.account();
      if (lost.length > 0) throw new Error(`lost writes of scripts: ${lost.join(' ')}`);
      return `the blocked client got: ${await Promise.race([popped, sleep(1000).then(() => 'nothing')])}`;
    } finally {
      await scripts.stop();
      waiting.disconnect();
      transaction.disconnect();
    }
  },
  next: 'another',
};

/** Longer than a sentinel or a hook waits for an answer, and shorter than `down-after`. */
const BUSY_SECONDS = 3;
/** A second less than down-after. */
const LONGEST_SILENCE = 4;

/** The server does nothing else meanwhile. Seconds of its processor, for TIME stands still in a script. */
const LONG_SCRIPT = `local start = os.clock() while os.clock() - start < ${BUSY_SECONDS} do end`;

export const underLongScript: Failure = {
  name: `${MASTER_DELETED} while a script keeps it busy for ${BUSY_SECONDS} s`,
  happens: async (cluster, master) => {
    const since = new Date().toISOString();
    const busy = cluster.patient(master);
    const start = performance.now();
    const script = busy.eval(LONG_SCRIPT, 0).then(
      () => (performance.now() - start) / 1000,
      () => 0,
    );
    await sleep(300);
    await cluster.deletePod(master);
    await healthy(cluster);
    const seconds = await script;
    busy.disconnect();
    // Where others have the processor, the sentinels are right to hold it for dead, and this was another failure.
    if (seconds > LONGEST_SILENCE) return `busy for ${seconds.toFixed(1)} s`;
    const logs = await Promise.all(
      cluster.sentinels.map((sentinel) => cluster.kubectl('logs', `deployment/${sentinel}`, `--since-time=${since}`)),
    );
    const dead = logs.join('').match(/^.*\+odown master.*$/gm) ?? [];
    if (dead.length > 0) throw new Error(`it did not hand over: ${dead.join('\n')}`);
    return undefined;
  },
  next: 'another',
};

/** Milliseconds from the master's to the others', about when it has seen that it is its turn, and takes it. */
const MOMENTS = [1500, 1700, 1900, 2100];

export const toldFirst: Failure = {
  name: "all pods of nodes deleted, the master's a moment before the others'",
  happens: async (cluster) => {
    for (const moment of MOMENTS) {
      const { master } = await healthy(cluster);
      const later = async (replica: string) => sleep(moment).then(() => cluster.deletePod(replica));
      await Promise.all([cluster.deletePod(master), ...cluster.othersThan(master).map(later)]);
    }
    return `${MOMENTS.length} times, one after another`;
  },
  limit: 90,
  thorough: true, // a few moments of many
};

export const leftBehind: Failure = {
  name: `${MASTER_DELETED} while no sentinel reaches one of the replicas`,
  happens: async (cluster, master) => {
    const left = cluster.othersThan(master).at(-1) ?? ''; // of two that are level the first is chosen
    await cut(cluster, left, cluster.sentinels);
    await cluster.deletePod(master);
    await mend(cluster, left);
  },
  limit: 90,
  thorough: true, // a minute of it waits for sentinels that find it again
  next: 'another',
};

export const scaledToTwo: Failure = {
  name: "a Deployment scaled to two by mistake, and the master's pod evicted",
  happens: async (cluster, master) => {
    const [replica = ''] = cluster.othersThan(master);
    await cluster.scale([replica], 2);
    await sleep(2000); // until the second pod is known, and waits for ever
    await cluster.evict(master);
    await healthy(cluster);
    await cluster.scale([replica], 1);
  },
  next: 'another',
};

export const setting: Failure = {
  name: 'a setting changed and applied',
  happens: (cluster) => cluster.change({ settings: { timeout: Duration.minutes(++changes) } }),
};
let changes = 1;

export const move: Failure = {
  name: 'all data moved to larger volumes, node by node',
  happens: async (cluster, master) => {
    const { nodes } = cluster.props; // whoever has not moved yet keeps what it has
    const storage = Storage.claim({ size: Size.gibibytes(4 + ++moves) });
    const moved: Record<string, MemberOptions> = {};
    for (const node of [...cluster.othersThan(master), master]) {
      await cluster.scale([node], 0);
      await cluster.gone([node]);
      await cluster.kubectl('delete', 'persistentvolumeclaim', node);
      moved[node.replace('cache-replica-', 'replica')] = { storage };
      const { 'cache-master': own = {}, ...replicaOverrides } = moved;
      await cluster.change({ nodes: { ...nodes, master: own, replicaOverrides } });
      await healthy(cluster);
    }
    await cluster.change({ nodes: { ...nodes, storage } });
  },
  next: 'another',
};
let moves = 0;

/** Enough for a copy to take seconds: 300 MB. */
const fill = (cluster: LiveCluster, master: string): Promise<void> =>
  cluster.fill(master, (written) => Promise.resolve(written < 30_000));

export const changing: Scene[] = [
  {
    name: 'two',
    props: { nodes: { replicas: 1 } },
    failures: [{ name: `${ALL_RESTARTED}, two nodes`, happens: restart }],
  },
  {
    name: 'five',
    props: { nodes: { replicas: 4 }, sentinels: { count: 5 } },
    thorough: true,
    failures: [{ name: `${ALL_RESTARTED}, five nodes and five sentinels`, happens: restart, limit: 120 }],
  },
  {
    name: 'full',
    props: {},
    failures: [{ name: `${ALL_RESTARTED}, 300 MB of data`, prepare: fill, happens: restart, limit: 120 }],
  },
  {
    name: 'passwords',
    props: {},
    failures: [
      {
        name: 'password changed in its Secret',
        happens: async (cluster) => {
          await takeNewPassword(cluster);
          return 'the clients still with the old password';
        },
        limit: 120,
      },
    ],
  },
  {
    name: 'forms',
    props: { persistence: Persistence.rdb() },
    failures: [
      {
        name: 'from snapshots to an append-only file',
        happens: (cluster) => cluster.change({ persistence: Persistence.aof() }),
      },
      { name: 'back to snapshots', happens: (cluster) => cluster.change({ persistence: Persistence.rdb() }) },
      {
        name: 'all nodes stopped, then started again, with snapshots',
        thorough: true, // two minutes of it wait for members that might have come back
        happens: async (cluster) => {
          await cluster.scale(cluster.nodes, 0);
          await cluster.gone(cluster.nodes);
          await cluster.scale(cluster.nodes, 1);
        },
      },
    ],
  },
];

/** The image of the cluster is an older one at first. */
export const upgrade: Scene = {
  name: 'upgrade',
  props: { image: { tag: '7.0.15' } },
  failures: [
    {
      name: 'upgraded from Redis 7.0.15 to 8.2.3',
      happens: (cluster) => cluster.change({ image: { tag: '8.2.3' } }),
      limit: 120,
    },
  ],
};
