import type { Failure, Scene } from '../kit/failure';
import { mend, mendAt, signal, silenceDns, silenceDnsAt } from '../kit/faults';
import { healthy } from '../kit/health';
import { sleep } from '../kit/kubectl';
import { type ProxyFailure, leads, proxyPods, proxyProcesses } from '../kit/proxied';
import { crashes, cuts } from './crashes';
import { ALL_RESTARTED, MASTER_DELETED, stops } from './planned';

/** Of the failures that every cluster survives, those in which a proxy has a part. */
const known = (...names: string[]): Failure[] =>
  [...stops, ...crashes, ...cuts].filter(({ name }) => names.includes(name)).map((one) => ({ ...one, thorough: true }));

const planned: Failure[] = [
  ...stops.filter(({ name }) => name === MASTER_DELETED),
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
    ALL_RESTARTED,
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
      const members = [...cluster.nodes, ...cluster.sentinels];
      await Promise.all(members.map((member) => silenceDns(cluster, member)));
      await Promise.all((await proxyProcesses(cluster)).map(silenceDnsAt));
      await signal(cluster, master, 'SIGSTOP');
      await sleep(12_000);
      await signal(cluster, master, 'SIGCONT');
      await healthy(cluster);
      await leads(cluster);
      await Promise.all(members.map((member) => mend(cluster, member)));
      await Promise.all((await proxyProcesses(cluster)).map(mendAt));
    },
    sudden: true,
    next: 'another',
  },
];

/** Milliseconds that a planned stop may cost a client of the proxies. */
const LONGEST_STOP = 1500;

/** What clients that know the proxies alone must survive. */
export const proxies: Scene<ProxyFailure> = {
  name: 'proxy',
  props: { proxy: { reads: {} } },
  failures: [...planned.map((failure) => ({ ...failure, longest: LONGEST_STOP })), ...sudden],
};
