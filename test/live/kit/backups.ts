import { until } from './kubectl';
import type { LiveCluster } from './live-cluster';

/** What became of a backup. */
export interface Outcome {
  readonly succeeded: boolean;
  /** The last words of its containers, of each pod that it took. */
  readonly said: string;
  readonly seconds: number;
}

/** Begins one now, as somebody does by hand. */
export async function begin(cluster: LiveCluster, job: string): Promise<void> {
  await cluster.kubectl('create', 'job', job, '--from=cronjob/cache-backup');
}

/** Waits for its end. */
export async function ended(cluster: LiveCluster, job: string, seconds = 600): Promise<Outcome> {
  const start = performance.now();
  const condition = await until(seconds, `the backup ${job} ends`, async () => {
    const conditions = await cluster.kubectl('get', 'job', job, '--output=jsonpath={.status.conditions[*].type}');
    return /\b(Complete|Failed)\b/.exec(conditions)?.[0];
  });
  const words = ['initContainerStatuses', 'containerStatuses'].map(
    (list) => `{.status.${list}[*].state.terminated.message}`,
  );
  const said = await cluster.kubectl(
    'get',
    'pods',
    '--selector',
    `job-name=${job}`,
    `--output=jsonpath={range .items[*]}${words.join(' ')}{"\\n"}{end}`,
  );
  return { succeeded: condition === 'Complete', said, seconds: (performance.now() - start) / 1000 };
}

export async function backUp(cluster: LiveCluster, job: string): Promise<Outcome> {
  await begin(cluster, job);
  return ended(cluster, job);
}

/** What a container of a backup said. */
export async function logOf(cluster: LiveCluster, job: string, container: string): Promise<string> {
  return cluster.kubectl('logs', `job/${job}`, '--container', container);
}
