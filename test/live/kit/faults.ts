import { readFileSync, readdirSync } from 'node:fs';
import type { Failure } from './failure';
import { run } from './kubectl';
import { LiveCluster } from './live-cluster';

/**
 * A member's server on this machine: inside its container nothing can stop process 1. Only that one: a probe that is
 * stopped together with it would keep the kubelet waiting, as no hung server does.
 */
async function pidOf(cluster: LiveCluster, member: string, name = cluster.containerOf(member)): Promise<number> {
  const pid = processOf(await cluster.podOf(member, `.status.containerStatuses[?(@.name=="${name}")].containerID`));
  if (pid === undefined) throw new Error(`the server of ${member} is not on this machine`);
  return pid;
}

/** Process 1 of a container, by the id that Kubernetes knows; undefined where it is not on this machine. */
export function processOf(url: string): number | undefined {
  const id = url.replace(/^.*\/\//, '');
  const pid = readdirSync('/proc').find(
    (entry) =>
      /^\d+$/.test(entry) &&
      ofProcess(entry, 'cgroup').includes(id) &&
      /^NSpid:.*\t1$/m.test(ofProcess(entry, 'status')),
  );
  return id === '' || pid === undefined ? undefined : Number(pid);
}

function ofProcess(pid: string, file: 'cgroup' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

/** Kills, stops or continues a member's server. */
export async function signal(
  cluster: LiveCluster,
  member: string,
  what: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT',
): Promise<void> {
  process.kill(await pidOf(cluster, member), what);
}

/** The same of what runs beside it. */
export async function signalIn(
  cluster: LiveCluster,
  member: string,
  container: string,
  what: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT',
): Promise<void> {
  process.kill(await pidOf(cluster, member, container), what);
}

async function iptables(cluster: LiveCluster, member: string, ...rules: string[][]): Promise<void> {
  await iptablesAt(await pidOf(cluster, member), ...rules);
}

async function iptablesAt(pid: number, ...rules: string[][]): Promise<void> {
  for (const rule of rules) await run('nsenter', ['--target', String(pid), '--net', 'iptables', '--wait', ...rule]);
}

/** Nothing passes between a member's pod and all others any more. */
export async function isolate(cluster: LiveCluster, member: string): Promise<void> {
  await iptables(
    cluster,
    member,
    ['--insert', 'OUTPUT', '!', '--out-interface', 'lo', '--jump', 'DROP'],
    ['--insert', 'INPUT', '!', '--in-interface', 'lo', '--jump', 'DROP'],
  );
}

/** Nothing passes between a member's pod and these any more. */
export async function cut(cluster: LiveCluster, member: string, others: string[]): Promise<void> {
  const asked = others.flatMap((other) => [
    cluster.podOf(other, '.status.podIP'),
    cluster.kubectl('get', 'service', other, '--output=jsonpath={.spec.clusterIP}'),
  ]);
  const rules = (await Promise.all(asked)).flatMap((address) => [
    ['--insert', 'OUTPUT', '--destination', address, '--jump', 'DROP'],
    ['--insert', 'INPUT', '--source', address, '--jump', 'DROP'],
  ]);
  await iptables(cluster, member, ...rules);
}

/**
 * A sentinel's connection to a node is made anew, and refused by the network as one to a Service without a pod is: but only its
 * first packet, so that the next one gets through.
 */
export async function refuseWhileConnecting(cluster: LiveCluster, sentinel: string, node: string): Promise<void> {
  const address = await cluster.kubectl('get', 'service', node, '--output=jsonpath={.spec.clusterIP}');
  const rule = ['OUTPUT', '--protocol', 'tcp', '--syn', '--destination', address, '--jump', 'REJECT'];
  const id = String(await cluster.direct(sentinel).call('SENTINEL', 'MYID')).slice(0, 8);
  const server = cluster.direct(node);
  const connections = String(await server.client('LIST')).split('\n');
  const pid = await pidOf(cluster, sentinel);
  await iptables(cluster, sentinel, ['--insert', ...rule]);
  try {
    for (const connection of connections.filter((text) => text.includes(` name=sentinel-${id}-`)))
      await server.client('KILL', 'ID', /^id=(\d+)/.exec(connection)?.[1] ?? '');
    for (let looks = 0; looks < 100; looks++) {
      const { stdout } = await run('nsenter', [
        '--target',
        String(pid),
        '--net',
        'iptables',
        '--list-rules',
        'OUTPUT',
        '--verbose',
        '--wait',
      ]);
      if (/REJECT.* -c [1-9]|-c [1-9].*REJECT/.test(stdout)) break;
    }
  } finally {
    await iptables(cluster, sentinel, ['--delete', ...rule]);
  }
}

/** No name resolves in a member's pod any more. */
export async function silenceDns(cluster: LiveCluster, member: string): Promise<void> {
  await silenceDnsAt(await pidOf(cluster, member));
}

/** The same of a process' pod. */
export async function silenceDnsAt(pid: number): Promise<void> {
  const port53 = ['--dport', '53', '--jump', 'DROP'];
  const rules = ['udp', 'tcp'].map((protocol) => ['--insert', 'OUTPUT', '--protocol', protocol, ...port53]);
  await iptablesAt(pid, ...rules);
}

/** Undoes all that was cut in a member's pod. */
export async function mend(cluster: LiveCluster, member: string): Promise<void> {
  await mendAt(await pidOf(cluster, member));
}

/** The same in a process' pod. */
export async function mendAt(pid: number): Promise<void> {
  await iptablesAt(pid, ['--flush']);
}

/** Takes machines and cables away, where `CLUSTER_TOOL` names a program that can. */
const clusterTool = process.env.CLUSTER_TOOL;

/** What of these can happen here. */
export function possible(failures: Failure[]): Failure[] {
  return failures.filter(({ takesMachines = false }) => !takesMachines || clusterTool !== undefined);
}

export async function machine(
  command: 'isolate' | 'cut' | 'heal' | 'crash' | 'boot',
  ...nodes: string[]
): Promise<void> {
  // A daemon that `boot` starts keeps its output open: nobody waits for that.
  await run('sh', ['-c', '"$0" "$@" >/dev/null 2>&1 </dev/null', clusterTool ?? 'false', command, ...nodes]);
}

export async function machineOf(cluster: LiveCluster, member: string): Promise<string> {
  return cluster.podOf(member, '.spec.nodeName');
}
