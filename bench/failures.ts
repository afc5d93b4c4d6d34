import { parseArgs } from 'node:util';
import { SCENES } from '../test/live/failures';
import type { Scene } from '../test/live/kit/failure';
import { possible } from '../test/live/kit/faults';
import { started } from '../test/live/kit/health';
import { measureAll, measureOne } from './measure';
import { OPTIONS, conditionsOf, keep, propsFor } from './record';

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
      await measureAll({
        failures: scene.failures,
        runs: Number(options.runs),
        start: () => started(`bench-${scene.name}`, { ...scene.props, ...props }, scene.patch),
        measure: async (cluster, failure) => measureOne(cluster, failure, await conditionsOf(cluster, options.origin)),
        keep: (measured) => {
          keep('failures', measured, ({ image, failure }) => `${image} ${failure}`);
        },
      });
    }
  }
}

void main().then(() => process.exit()); // clients of clusters that are gone go on asking for them
