import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SCENES } from '../test/live/failures';
import type { Failure, Scene } from '../test/live/kit/failure';
import { possible } from '../test/live/kit/faults';
import { started } from '../test/live/kit/health';
import { IMAGES } from '../test/live/kit/images';
import { kubectl } from '../test/live/kit/kubectl';
import type { LiveCluster } from '../test/live/kit/live-cluster';
import { observe, violations } from '../test/live/kit/observed';
import type { Account } from '../test/live/kit/writers';
import { RESULTS, failuresPage, type Client, type Conditions, type Measurement } from './failures-page';

/**
 * `npm run bench:failures -- [--runs N] [--images redis-8-2,valkey-8] [--only PATTERN] [--origin TEXT]`: lets every failure
 * happen so many times on the cluster of KUBECONFIG, keeps what was measured in bench/failures.json, and writes
 * docs/failures.md from it. The origin is that of the images.
 *
 * What is measured replaces what was measured of the same image and failure before.
 */
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    images: { type: 'string', default: 'redis-8-2,valkey-8' },
    only: { type: 'string', default: '' },
    origin: { type: 'string', default: 'official image' },
  },
});
const PAGE = join(__dirname, '..', 'docs', 'failures.md');

const pattern = new RegExp(options.only);
const scenes: Scene[] = SCENES.map((scene) => ({
  ...scene,
  failures: possible(scene.failures).filter(({ name }) => pattern.test(name)),
})).filter(({ failures }) => failures.length > 0);

async function main(): Promise<void> {
  const everywhere = { origin: options.origin, kubernetes: await kubernetesVersion(), library: commit() };
  const images = IMAGES.filter(([name]) => options.images.split(',').includes(name));
  for (const [, props] of images) {
    for (const scene of scenes) {
      const measured: Measurement[] = [];
      let cluster: LiveCluster | undefined;
      for (let run = 0; run < Number(options.runs); run++) {
        for (const failure of scene.failures) {
          cluster ??= await started(`bench-${scene.name}`, { ...scene.props, ...props }, scene.patch);
          const measurement = await measure(cluster, failure, { ...(await serverOf(cluster)), ...everywhere });
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
  }
}

async function serverOf(cluster: LiveCluster): Promise<Pick<Conditions, 'image' | 'server'>> {
  const image = await cluster.podOf('cache-sentinel-1', '.spec.containers[0].image');
  const said = await cluster.kubectl(
    'exec',
    'deploy/cache-sentinel-1',
    '-c',
    'sentinel',
    '--',
    'redis-server',
    '--version',
  );
  const [, name = '', version = ''] = /^(\w+) server v=(\S+)/.exec(said) ?? [];
  return { image, server: `${name} ${version}` };
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: __dirname, encoding: 'utf8' }).trim();
}

async function measure(cluster: LiveCluster, failure: Failure, conditions: Conditions): Promise<Measurement> {
  const what = { ...conditions, failure: failure.name, day: new Date().toISOString().slice(0, 10) };
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

/** Written after each, for hours of measuring must not be lost. */
function keep(measured: Measurement[]): void {
  const key = ({ image, failure }: Measurement): string => `${image} ${failure}`;
  const anew = new Set(measured.map(key));
  const kept = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Measurement[]) : [];
  const all = [...kept.filter((old) => !anew.has(key(old))), ...measured];
  writeFileSync(RESULTS, `[\n${all.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
  writeFileSync(PAGE, failuresPage());
}

async function kubernetesVersion(): Promise<string> {
  const { stdout } = await kubectl(['version', '--output=json']);
  return (JSON.parse(stdout) as { serverVersion: { gitVersion: string } }).serverVersion.gitVersion;
}

void main().then(() => process.exit()); // clients of clusters that are gone go on asking for them
