import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { RedisSentinelClusterProps } from '../lib';
import { IMAGES } from '../test/live/kit/images';
import { kubectl } from '../test/live/kit/kubectl';
import type { LiveCluster } from '../test/live/kit/live-cluster';
import { failuresPage } from './failures-page';
import { type Conditions, type Loaded, fileOf, resultsOf } from './results';

const PAGE = join(__dirname, '..', 'docs', 'failures.md');

/** What every bench on a cluster can be told. The origin is that of the images. */
export const OPTIONS = {
  runs: { type: 'string', default: '5' },
  images: { type: 'string', default: 'redis-8-2,valkey-8' },
  origin: { type: 'string', default: 'official image' },
} as const;

/** Props for each of these images. */
export function propsFor(images: string): RedisSentinelClusterProps[] {
  const wanted = images.split(',');
  const unknown = wanted.filter((name) => !IMAGES.some(([known]) => known === name));
  if (unknown.length > 0) throw new Error(`no image ${unknown.join(', ')}: ${IMAGES.map(([name]) => name).join(', ')}`);
  return IMAGES.filter(([name]) => wanted.includes(name)).map(([, props]) => props);
}

/** Under what is measured on a cluster now. */
export async function conditionsOf(cluster: LiveCluster, origin: string): Promise<Conditions> {
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
  return {
    image,
    server: `${name} ${version}`,
    origin,
    kubernetes: await kubernetesVersion(),
    library: commit(),
    day: new Date().toISOString().slice(0, 10),
  };
}

/** How busy the machine is. */
export function loadOf(): Loaded {
  return { load: Number((loadavg()[1] ?? 0).toFixed(1)) };
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: __dirname, encoding: 'utf8' }).trim();
}

async function kubernetesVersion(): Promise<string> {
  const { stdout } = await kubectl(['version', '--output=json']);
  return (JSON.parse(stdout) as { serverVersion: { gitVersion: string } }).serverVersion.gitVersion;
}

/**
 * Keeps what was measured in the place of what has the same key, and writes docs/failures.md. Called after each run, for hours
 * of measuring must not be lost.
 */
export function keep<T extends Conditions>(bench: string, measured: T[], key: (one: T) => string): void {
  const anew = new Set(measured.map(key));
  const all = [...resultsOf<T>(bench).filter((old) => !anew.has(key(old))), ...measured];
  writeFileSync(fileOf(bench), `[\n${all.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
  writeFileSync(PAGE, failuresPage());
}
