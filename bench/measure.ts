import type { Failure } from '../test/live/kit/failure';
import type { LiveCluster } from '../test/live/kit/live-cluster';
import { observe, violations } from '../test/live/kit/observed';
import { type ProxyFailure, observeBehindProxy, violationsBehindProxy } from '../test/live/kit/proxied';
import type { Account } from '../test/live/kit/writers';
import type { Client, Conditions, Measurement } from './results';

/** How failures are measured one after another, on one cluster as long as it heals. */
export interface Series<M extends Measurement, F extends Failure = Failure> {
  readonly failures: F[];
  readonly runs: number;
  readonly start: () => Promise<LiveCluster>;
  readonly measure: (cluster: LiveCluster, failure: F) => Promise<M>;
  /** Told all that was measured so far, after each. */
  readonly keep: (measured: M[]) => void;
}

export async function measureAll<M extends Measurement, F extends Failure = Failure>({
  failures,
  runs,
  start,
  measure,
  keep,
}: Series<M, F>): Promise<void> {
  const measured: M[] = [];
  let cluster: LiveCluster | undefined;
  for (let run = 0; run < runs; run++) {
    for (const failure of failures) {
      cluster ??= await start();
      const measurement = await measure(cluster, failure);
      measured.push(measurement);
      keep(measured);
      // What comes after a failure that did not heal would measure that one once more.
      if (measurement.problem !== undefined) {
        await cluster.destroy();
        cluster = undefined;
      }
    }
  }
  await cluster?.destroy();
}

/** One failure, once. */
export function measureOne(cluster: LiveCluster, failure: Failure, conditions: Conditions): Promise<Measurement> {
  return outcomeOf({ ...conditions, failure: failure.name }, async () => {
    const observation = await observe(cluster, failure);
    const { pooled, reconnecting, seconds, twoMasters, emptyMasters, remark } = observation;
    const seen = {
      seconds: Number(seconds.toFixed(1)),
      twoMasters: twoMasters.length,
      emptyMasters: emptyMasters.length,
      pooled: client(pooled),
      reconnecting: client(reconnecting),
      ...(remark !== '' && { remark }),
    };
    return [seen, violations(failure, observation)];
  });
}

/** One failure under clients of the proxies, once. */
export function measureBehindProxy<C extends Conditions>(cluster: LiveCluster, failure: ProxyFailure, conditions: C) {
  return outcomeOf({ ...conditions, failure: failure.name }, async () => {
    const observation = await observeBehindProxy(cluster, failure);
    const { beside, pooled, reconnecting, twoMasters } = observation;
    const seen = {
      twoMasters: twoMasters.length,
      beside: client(beside),
      pooled: client(pooled),
      reconnecting: client(reconnecting),
    };
    return [seen, violationsBehindProxy(failure, observation)];
  });
}

/** What was seen of it, with what was wrong then, or why nothing was. */
async function outcomeOf<W, S>(
  what: W,
  see: () => Promise<[seen: S, wrong: string[]]>,
): Promise<W & { problem?: string } & (S | object)> {
  try {
    const [seen, wrong] = await see();
    return { ...what, ...seen, ...(wrong.length > 0 && { problem: wrong.join('; ') }) };
  } catch (error) {
    return { ...what, problem: String(error).split('\n').slice(0, 3).join('; ') };
  }
}

const client = ({ acknowledged, gap, lost }: Account): Client => ({ acknowledged, gap, lost: lost.length });
