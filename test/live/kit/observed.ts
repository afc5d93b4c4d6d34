import type { Failure } from './failure';
import { addressesKnown, explained, healthy, masterOf, settled } from './health';
import { LiveCluster } from './live-cluster';
import { Sampler } from './sampler';
import { type Account, PooledWriter, ReconnectingWriter } from './writers';

/** What a failure looked like from outside. */
export interface Observation {
  readonly pooled: Account;
  readonly reconnecting: Account;
  /** Seconds from the event until everybody agrees again. */
  readonly seconds: number;
  /** Moments in which two nodes took a write. */
  readonly twoMasters: string[];
  /** Moments in which a node without data was master. */
  readonly emptyMasters: string[];
  /** Members that somebody knows by the address of a pod. */
  readonly podAddresses: string[];
  readonly before: string;
  readonly after: string;
  readonly remark: string;
}

/** Lets a failure happen under two kinds of client, and waits until the cluster is healthy. */
export async function observe(cluster: LiveCluster, failure: Failure): Promise<Observation> {
  const { master } = await healthy(cluster);
  await cluster.empty(master);
  await failure.prepare?.(cluster, master);
  await settled(cluster);
  const before = await masterOf(cluster);
  const writers = { pooled: new PooledWriter(cluster), reconnecting: new ReconnectingWriter(cluster) };
  let sampler: Sampler | undefined;
  let seconds: number;
  let after: string;
  let remark: string;
  try {
    await Promise.all([writers.pooled.acknowledges(100), writers.reconnecting.acknowledges(5)]);
    sampler = new Sampler(cluster); // not before there are data: an empty master would be nothing strange
    const start = performance.now();
    const said = await failure.happens(cluster, before);
    remark = typeof said === 'string' ? said : '';
    after = (await healthy(cluster, failure.limit)).master;
    seconds = (performance.now() - start) / 1000;
    await Promise.all([writers.pooled.acknowledges(10), writers.reconnecting.acknowledges(2)]);
  } finally {
    await Promise.all([sampler?.stop(), writers.pooled.stop(), writers.reconnecting.stop()]);
  }
  const observation = {
    pooled: await writers.pooled.account(),
    reconnecting: await writers.reconnecting.account(),
    seconds,
    twoMasters: sampler.twoMasters,
    emptyMasters: sampler.emptyMasters,
    podAddresses: await addressesKnown(cluster),
    before,
    after,
    remark,
  };
  console.log(summary(cluster, failure, observation));
  return observation;
}

function summary(
  cluster: LiveCluster,
  failure: Failure,
  { pooled, reconnecting, seconds, remark }: Observation,
): string {
  const clients = Object.entries({ pooled, reconnecting }).map(
    ([name, { acknowledged, gap, lost }]) => `${name} ${acknowledged} writes, gap ${gap} ms, ${lost.length} lost`,
  );
  return `${cluster.namespace}: ${failure.name}: healthy after ${seconds.toFixed(1)} s; ${clients.join('; ')}; ${remark}`;
}

/**
 * What must hold after every failure: one writable master at a time, none of them empty, nobody known by the address of a
 * pod, no acknowledged write lost that was owed. Says what is not so; empty where all is.
 */
export function violations(failure: Failure, observation: Observation): string[] {
  const { pooled, reconnecting, twoMasters, emptyMasters, podAddresses, before, after } = observation;
  const lost = failure.mayLose === undefined ? [pooled, reconnecting].flatMap((client) => owed(failure, client)) : [];
  const wrong = Object.entries({ twoMasters, emptyMasters, podAddresses, lost })
    .filter(([, found]) => found.length > 0)
    .map(([what, found]) => `${what}: ${found.slice(0, 20).join(', ')} (${found.length})`);
  if (failure.next !== undefined && (before === after) !== (failure.next === 'same'))
    wrong.push(`master before: ${before}, afterwards: ${after}, expected: ${failure.next}`);
  return wrong;
}

function owed({ sudden = false }: Failure, { lost, lastOnes }: Account): string[] {
  const isLast = (key: string): boolean => lastOnes.includes(key);
  return lost
    .filter((key) => !sudden || !isLast(key))
    .map((key) => (isLast(key) ? `${key}, the last before a silence` : key));
}

/** Lets it happen, and fails where something is not as it must be. */
export async function survives(cluster: LiveCluster, failure: Failure): Promise<void> {
  await explained(cluster, failure.name, async () => {
    const wrong = violations(failure, await observe(cluster, failure));
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  });
}
