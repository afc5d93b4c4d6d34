import { parseArgs } from 'node:util';
import { started } from '../test/live/kit/health';
import { machineOf } from '../test/live/kit/faults';
import { kubectl, sleep } from '../test/live/kit/kubectl';
import type { LiveCluster } from '../test/live/kit/live-cluster';
import type { Idle, Usage } from './idle-section';
import { OPTIONS, conditionsOf, keep, propsFor } from './record';

/**
 * `npm run bench:idle -- [--runs N] [--images redis-8-2] [--origin TEXT]`: what every container of a cluster that nobody uses
 * takes in a minute, by the kubelets' own count, kept in bench/idle.json and docs/failures.md.
 *
 * What is measured replaces what was measured of the same image before.
 */
const { values: options } = parseArgs({ options: { ...OPTIONS, images: { ...OPTIONS.images, default: 'redis-8-2' } } });

/** Milliseconds from a cluster that is healthy to one that has come to rest. */
const REST = 30_000;
/** Milliseconds of a run. A kubelet counts anew every 10 to 20 s, and says when: shorter is not exact. */
const RUN = 60_000;

/** What a kubelet says of a container. */
interface Counted {
  readonly name: string;
  readonly startTime: string;
  readonly cpu?: { readonly time: string; readonly usageCoreNanoSeconds?: number };
  readonly memory?: { readonly workingSetBytes?: number };
}

interface Summary {
  readonly pods: { readonly podRef: { readonly name: string }; readonly containers?: Counted[] }[];
}

async function main(): Promise<void> {
  for (const props of propsFor(options.images)) {
    const cluster = await started('bench-idle', props);
    try {
      const conditions = await conditionsOf(cluster, options.origin);
      cluster.hangUp();
      await sleep(REST);
      const measured: Idle[] = [];
      for (let run = 0; run < Number(options.runs); run++) {
        measured.push({ ...conditions, containers: await minute(cluster) });
        keep('idle', measured, ({ image }) => image);
      }
    } finally {
      await cluster.destroy();
    }
  }
}

async function minute(cluster: LiveCluster): Promise<Usage[]> {
  const before = await count(cluster);
  await sleep(RUN);
  const after = await count(cluster);
  return after.map(({ member, counted }) => {
    const { name, startTime } = counted;
    const earlier = before.find((one) => one.member === member && one.counted.name === name)?.counted;
    if (earlier?.startTime !== startTime) throw new Error(`${name} of ${member} restarted: this was no rest`);
    const seconds = (Date.parse(counted.cpu?.time ?? '') - Date.parse(earlier.cpu?.time ?? '')) / 1000;
    const used = (counted.cpu?.usageCoreNanoSeconds ?? NaN) - (earlier.cpu?.usageCoreNanoSeconds ?? NaN);
    const cpu = Number((used / 1e6 / seconds).toFixed(2));
    const memory = counted.memory?.workingSetBytes ?? NaN;
    if (!Number.isFinite(cpu) || Number.isNaN(memory)) throw new Error(`the kubelet counted no ${name} of ${member}`);
    return { member, container: name, cpu, memory };
  });
}

/** What the kubelets say of every container, in the order of the members, of each the server first. */
async function count(cluster: LiveCluster): Promise<{ member: string; counted: Counted }[]> {
  const members = [...cluster.nodes, ...cluster.sentinels];
  const machines = await Promise.all(members.map((member) => machineOf(cluster, member)));
  const pods = await Promise.all(members.map((member) => cluster.podOf(member, '.metadata.name')));
  const summaries = new Map(
    await Promise.all([...new Set(machines)].map(async (machine) => [machine, await summaryOf(machine)] as const)),
  );
  return members.flatMap((member, index) => {
    const said = summaries.get(machines[index] ?? '')?.pods.find(({ podRef }) => podRef.name === pods[index]);
    const containers = [...(said?.containers ?? [])].sort((a, b) => b.name.localeCompare(a.name));
    return containers.map((counted) => ({ member, counted }));
  });
}

async function summaryOf(machine: string): Promise<Summary> {
  const { stdout } = await kubectl(['get', '--raw', `/api/v1/nodes/${machine}/proxy/stats/summary`]);
  return JSON.parse(stdout) as Summary;
}

void main().then(() => process.exit()); // clients of clusters that are gone go on asking for them
