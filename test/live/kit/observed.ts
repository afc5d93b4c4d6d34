import { expect } from '@jest/globals';
import { addressesKnown, healthy, report } from './health';
import { LiveCluster } from './live-cluster';
import { Sampler } from './sampler';
import { type Account, PooledWriter, ReconnectingWriter } from './writers';

/** What an event looked like from outside. */
export interface Observation {
  readonly pooled: Account;
  readonly reconnecting: Account;
  /** Seconds from the event until everybody agrees again. */
  readonly seconds: number;
}

/**
 * Lets an event happen under two kinds of client, waits until the cluster is healthy, and holds what must hold after every
 * event: one writable master at a time, none of them empty, nobody known by the address of a pod, no acknowledged write lost.
 */
export async function observed(
  cluster: LiveCluster,
  event: string,
  happens: () => Promise<unknown>,
  limit = 120,
): Promise<Observation> {
  const writers = { pooled: new PooledWriter(cluster), reconnecting: new ReconnectingWriter(cluster) };
  let sampler: Sampler | undefined;
  let seconds: number;
  try {
    await Promise.all([writers.pooled.acknowledges(100), writers.reconnecting.acknowledges(5)]);
    sampler = new Sampler(cluster); // not before there are data: an empty master would be nothing strange
    const start = performance.now();
    await happens();
    await healthy(cluster, limit);
    seconds = (performance.now() - start) / 1000;
    await Promise.all([writers.pooled.acknowledges(10), writers.reconnecting.acknowledges(2)]);
  } finally {
    await Promise.all([sampler?.stop(), writers.pooled.stop(), writers.reconnecting.stop()]);
  }
  const pooled = await writers.pooled.account();
  const reconnecting = await writers.reconnecting.account();
  console.log(
    `${cluster.namespace}: ${event}: healthy after ${seconds.toFixed(1)} s; ` +
      [pooled, reconnecting]
        .map(
          ({ acknowledged, gap, lost }, index) =>
            `${index === 0 ? 'pooled' : 'reconnecting'} ${acknowledged} writes, gap ${gap} ms, ${lost.length} lost`,
        )
        .join('; '),
  );
  try {
    expect({
      twoMasters: sampler.twoMasters,
      emptyMasters: sampler.emptyMasters,
      podAddresses: await addressesKnown(cluster),
      lost: [...pooled.lost, ...reconnecting.lost],
    }).toEqual({ twoMasters: [], emptyMasters: [], podAddresses: [], lost: [] });
  } catch (error) {
    throw new Error(`${event}: ${String(error)}\n${await report(cluster)}`, { cause: error });
  }
  return { pooled, reconnecting, seconds };
}
