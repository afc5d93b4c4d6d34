import { parseArgs } from 'node:util';
import { SCENES } from '../test/live/failures';
import type { Failure, Scene } from '../test/live/kit/failure';
import { possible } from '../test/live/kit/faults';
import { started } from '../test/live/kit/health';
import type { LiveCluster } from '../test/live/kit/live-cluster';
import { observe, violations } from '../test/live/kit/observed';
import type { Account } from '../test/live/kit/writers';
import type { Client, Measurement } from './failures-page';
import { OPTIONS, conditionsOf, keep, propsFor } from './record';
import type { Conditions } from './results';

/**
 * `npm run bench:failures -- [--runs N] [--images redis-8-2,valkey-8] [--only PATTERN] [--origin TEXT]`: lets every failure
 * happen so many times on the cluster of KUBECONFIG, keeps what was measured in bench/failures.json, and writes
 * docs/failures.md from it. The origin is that of the images.
 *
 * What is measured replaces what was measured of the same image and failure before.
 */
const { values: options } = parseArgs({ options: { ...OPTIONS, only: { type: 'string', default: '' } } });

const pattern = new RegExp(options.only);
const scenes: Scene[] = SCENES.map((scene) => ({
  ...scene,
  failures: possible(scene.failures).filter(({ name }) => pattern.test(name)),
})).filter(({ failures }) => failures.length > 0);

async function main(): Promise<void> {
  for (const props of propsFor(options.images)) {
    for (const scene of scenes) {
      const measured: Measurement[] = [];
      let cluster: LiveCluster | undefined;
      for (let run = 0; run < Number(options.runs); run++) {
        for (const failure of scene.failures) {
          cluster ??= await started(`bench-${scene.name}`, { ...scene.props, ...props }, scene.patch);
          const measurement = await measure(cluster, failure, await conditionsOf(cluster, options.origin));
          measured.push(measurement);
          keep('failures', measured, ({ image, failure: name }) => `${image} ${name}`);
          // What comes after a failure that did not heal would measure that one once more.
          if (measurement.problem !== undefined) {
            await cluster.destroy();
            cluster = undefined;
          }
        }
      }
      await cluster?.destroy();
    }
  }
}

async function measure(cluster: LiveCluster, failure: Failure, conditions: Conditions): Promise<Measurement> {
  const what = { ...conditions, failure: failure.name };
  try {
    const observation = await observe(cluster, failure);
    const { pooled, reconnecting, seconds, twoMasters, emptyMasters, remark } = observation;
    const wrong = violations(failure, observation);
    return {
      ...what,
      seconds: Number(seconds.toFixed(1)),
      twoMasters: twoMasters.length,
      emptyMasters: emptyMasters.length,
      pooled: client(pooled),
      reconnecting: client(reconnecting),
      ...(remark !== '' && { remark }),
      ...(wrong.length > 0 && { problem: wrong.join('; ') }),
    };
  } catch (error) {
    return { ...what, problem: String(error).split('\n').slice(0, 3).join('; ') };
  }
}

const client = ({ acknowledged, gap, lost }: Account): Client => ({ acknowledged, gap, lost: lost.length });

void main().then(() => process.exit()); // clients of clusters that are gone go on asking for them
