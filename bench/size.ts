import { parseArgs } from 'node:util';
import type { RedisSentinelClusterProps } from '../lib';
import { size as scene } from '../test/live/failures';
import type { Failure } from '../test/live/kit/failure';
import { explained, started } from '../test/live/kit/health';
import type { LiveCluster } from '../test/live/kit/live-cluster';
import { keepData, missingData } from './kept';
import { measureAll, measureOne } from './measure';
import { OPTIONS, conditionsOf, keep, propsFor } from './record';
import { type Sized, bytesOf } from './size-section';
import { Watch } from './watch';

/**
 * `npm run bench:size -- [--size 1kB,256MB,2GB] [--runs N] [--images redis-8-2] [--only PATTERN] [--origin TEXT]`: what grows
 * with the data when something happens, kept in bench/size.json and docs/failures.md. 2 GB take about 10 GB of memory and
 * of disk, for all of it together.
 *
 * What is measured replaces what was measured of the same image, failure and size before.
 */
const { values: options } = parseArgs({
  options: {
    ...OPTIONS,
    images: { ...OPTIONS.images, default: 'redis-8-2' },
    only: { type: 'string', default: '' },
    size: { type: 'string', default: '1kB,256MB,2GB' },
  },
});

const pattern = new RegExp(options.only);
const sizes = options.size.split(',').map((size) => ({ size, bytes: bytesOf(size) }));

async function main(): Promise<void> {
  for (const props of propsFor(options.images)) {
    for (const { size, bytes } of sizes) {
      await measureAll({
        failures: scene.failures.filter(({ name }) => pattern.test(name)),
        runs: Number(options.runs),
        start: () => filled(props, bytes),
        measure: (cluster, failure) => measure(cluster, failure, size, bytes),
        keep: (measured) => {
          keep('size', measured, (one) => `${one.image} ${one.failure} ${one.size}`);
        },
      });
    }
  }
}

async function filled(props: RedisSentinelClusterProps, bytes: number): Promise<LiveCluster> {
  const cluster = await started(`bench-${scene.name}`, { ...scene.props, ...props });
  try {
    await explained(cluster, 'filling', () => keepData(cluster, bytes));
    return cluster;
  } catch (error) {
    await cluster.destroy(); // nobody else knows it
    throw error;
  }
}

async function measure(cluster: LiveCluster, failure: Failure, size: string, bytes: number): Promise<Sized> {
  let watch: Watch | undefined;
  const watched: Failure = {
    ...failure,
    prepare: async (...given) => {
      await failure.prepare?.(...given);
      watch = await Watch.begin(cluster);
    },
  };
  const { problem, ...measurement } = await measureOne(cluster, watched, await conditionsOf(cluster, options.origin));
  const work = await watch?.stop();
  const missing = await missingData(cluster, bytes).catch((error: unknown) => [String(error)]);
  const problems = [problem, ...missing].filter((one) => one !== undefined);
  return {
    ...measurement,
    size,
    ...(work !== undefined && { work }),
    ...(problems.length > 0 && { problem: problems.join('; ') }),
  };
}

void main().then(() => process.exit()); // clients of clusters that are gone go on asking for them
