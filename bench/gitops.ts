import { parseArgs } from 'node:util';
import { sceneOf } from '../test/gitops/events';
import { ArgoCd } from '../test/gitops/kit/argo-cd';
import { delivered } from '../test/gitops/kit/delivered';
import { Flux } from '../test/gitops/kit/flux';
import { type Delivered, FROM_NOTHING } from './gitops-section';
import { measureAll, measureOne } from './measure';
import { OPTIONS, conditionsOf, keep, loadOf } from './record';

/**
 * `npm run bench:gitops -- --tool 'Argo CD 3.2.6' [--runs N] [--only PATTERN] [--origin TEXT]`: lets everything that a team does by
 * commits happen so many times, keeps what was measured in bench/gitops.json, and writes docs/failures.md from it. The tool is one of
 * Argo CD and Flux; its version is not asked for, but shown. The origin is that of the image.
 *
 * What is measured replaces what was measured of the same tool, image and event before.
 */
const { values: options } = parseArgs({
  options: { ...OPTIONS, tool: { type: 'string', default: 'Argo CD' }, only: { type: 'string', default: '' } },
});

const flux = options.tool.startsWith('Flux') ? new Flux('bench') : undefined;
const tool = flux ?? new ArgoCd('bench');
const scene = sceneOf(tool);
const pattern = new RegExp(options.only);

const what = () => ({ tool: options.tool, ...loadOf() });

async function main(): Promise<void> {
  await flux?.start();
  const starts: Delivered[] = [];
  await measureAll<Delivered>({
    failures: scene.failures.filter(({ name }) => pattern.test(name)),
    runs: Number(options.runs),
    start: async () => {
      const { cluster, seconds } = await delivered({ ...scene, name: 'bench-gitops' }, tool);
      const conditions = await conditionsOf(cluster, options.origin);
      if (pattern.test(FROM_NOTHING))
        starts.push({ ...conditions, ...what(), failure: FROM_NOTHING, seconds: Number(seconds.toFixed(1)) });
      return cluster;
    },
    measure: async (cluster, failure) => {
      const measurement = await measureOne(cluster, failure, await conditionsOf(cluster, options.origin));
      const left = measurement.problem === undefined ? await tool.differences() : [];
      const problem = left.length > 0 && { problem: `left to do: ${left.join(', ')}` };
      return { ...measurement, ...problem, ...what() };
    },
    keep: (measured) => {
      keep('gitops', [...starts, ...measured], (one) => `${one.tool} ${one.image} ${one.failure}`);
    },
  });
}

void main()
  .finally(() => flux?.stop())
  .then(() => process.exit()); // clients of clusters that are gone go on asking for them
