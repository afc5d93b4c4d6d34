import { parseArgs } from 'node:util';
import { BackupTarget } from '../lib';
import { size as scene } from '../test/live/failures';
import { backUp } from '../test/live/kit/backups';
import { explained, healthy } from '../test/live/kit/health';
import { RCLONE } from '../test/live/kit/images';
import { LiveCluster, apply } from '../test/live/kit/live-cluster';
import { ACCESS, BUCKET, Store } from '../test/live/kit/store';
import { keepData, missingData } from './kept';
import { bytesOf } from './size-section';

/**
 * `S3_IMAGE=… npm run bench:backup -- [--size 256MB,2GB]`: how long a backup takes, step by step, and how long a new cluster that
 * begins with it. 2 GB take about 16 GB of memory and of disk, for all of it together.
 *
 * It prints; docs/backup.md has what was measured.
 */
const { values: options } = parseArgs({ options: { size: { type: 'string', default: '256MB,2GB' } } });

const FOLDER = 'bench/cache';
const image = RCLONE;

/** Seconds in which the steps of a Job's pod ran. */
async function stepsOf(cluster: LiveCluster, job: string): Promise<string> {
  const pods = await cluster.kubectl('get', 'pods', '--selector', `job-name=${job}`, '--output=json');
  interface Status {
    readonly name: string;
    readonly state: { readonly terminated?: { readonly startedAt: string; readonly finishedAt: string } };
  }
  const { items } = JSON.parse(pods) as {
    readonly items: {
      readonly status: { readonly initContainerStatuses: Status[]; readonly containerStatuses: Status[] };
    }[];
  };
  return items
    .flatMap(({ status }) => [...status.initContainerStatuses, ...status.containerStatuses])
    .flatMap(({ name, state: { terminated } }) =>
      terminated === undefined
        ? []
        : [`${name} ${(Date.parse(terminated.finishedAt) - Date.parse(terminated.startedAt)) / 1000} s`],
    )
    .join(', ');
}

async function beginning(name: string, props: object, seconds: number): Promise<[LiveCluster, number]> {
  const cluster = await LiveCluster.prepare(name, { ...scene.props, ...props });
  const metadata = { name: 's3', namespace: cluster.namespace };
  await apply([{ apiVersion: 'v1', kind: 'Secret', metadata, stringData: ACCESS }]);
  const start = performance.now();
  await cluster.apply();
  await explained(cluster, name, () => healthy(cluster, seconds));
  return [cluster, (performance.now() - start) / 1000];
}

async function measure(size: string): Promise<void> {
  const bytes = bytesOf(size);
  const made: { destroy: () => Promise<void> }[] = [];
  try {
    const store = await Store.start('bench-store');
    made.push(store);
    const target = BackupTarget.s3({ bucket: BUCKET, endpoint: store.endpoint, secretName: 's3', prefix: FOLDER });
    const [cluster] = await beginning('bench-backup', { backup: { target, image, suspend: true } }, 120);
    made.push(cluster);
    await keepData(cluster, bytes);
    const outcome = await backUp(cluster, 'bench');
    if (!outcome.succeeded) throw new Error(outcome.said);
    console.log(`${size}: backup ${Math.round(outcome.seconds)} s: ${await stepsOf(cluster, 'bench')}`);
    await cluster.destroy(); // there is no memory for both
    const [restored, seconds] = await beginning('bench-restored', { restoreFrom: { target, image } }, 900);
    made.push(restored);
    const missing = await missingData(restored, bytes);
    console.log(`${size}: restored, all nodes in sync, after ${Math.round(seconds)} s; missing: ${missing.length}`);
  } finally {
    for (const one of made.reverse()) await one.destroy();
  }
}

async function main(): Promise<void> {
  for (const size of options.size.split(',')) await measure(size);
}

void main().then(() => process.exit()); // clients of clusters that are gone go on asking for them
