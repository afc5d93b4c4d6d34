import { readFileSync, readdirSync } from 'node:fs';
import { run } from './kubectl';
import { LiveCluster } from './live-cluster';

/** SIGKILL for the processes of a container: from its machine, for inside nothing can kill process 1. */
export async function killContainer(cluster: LiveCluster, member: string, container: string): Promise<void> {
  const path = `{.items[0].status.containerStatuses[?(@.name=="${container}")].containerID}`;
  const selector = `redis-sentinel-cluster/member=${member}`;
  const url = await cluster.kubectl('get', 'pod', '--selector', selector, '--output', `jsonpath=${path}`);
  const id = url.replace(/^.*\/\//, '');
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && cgroupOf(name).includes(id));
  if (id === '' || pids.length === 0)
    throw new Error(`the processes of ${member}'s ${container} are not on this machine`);
  for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
}

function cgroupOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  } catch {
    return '';
  }
}

/** Takes machines and cables away, where `CLUSTER_TOOL` names a program that can. */
export const clusterTool = process.env.CLUSTER_TOOL;

export async function machine(
  command: 'isolate' | 'cut' | 'heal' | 'crash' | 'boot',
  ...nodes: string[]
): Promise<void> {
  // A daemon that `boot` starts keeps its output open: nobody waits for that.
  await run('sh', ['-c', '"$0" "$@" >/dev/null 2>&1 </dev/null', clusterTool ?? 'false', command, ...nodes]);
}

export async function machineOf(cluster: LiveCluster, member: string): Promise<string> {
  const selector = `redis-sentinel-cluster/member=${member}`;
  return cluster.kubectl('get', 'pod', '--selector', selector, '--output', 'jsonpath={.items[0].spec.nodeName}');
}
