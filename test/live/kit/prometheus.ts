import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, until } from './kubectl';
import type { LiveCluster } from './live-cluster';

/** Whether Prometheus is here: in Debian the package `prometheus`, which .ci/run takes. */
export const hasPrometheus = spawnSync('prometheus', ['--version']).error === undefined;
if (!hasPrometheus) console.warn('prometheus is not here, and what needs it is skipped: apt-get install prometheus');

/** Seconds between two looks of it. */
export const LOOK = 5;

/** An alert that is pending or firing. */
export interface Raised {
  readonly labels: { readonly alertname: string; readonly severity: string };
  readonly state: 'pending' | 'firing';
}

interface Sample {
  readonly metric: Record<string, string>;
  readonly value: [number, string];
}

/**
 * A real Prometheus in the cluster's network. It finds the exporters by the annotations of their pods, and labels their series by the
 * pods' labels. Debian's is built without Kubernetes, so what pods there are is written into a file for it.
 */
export class Prometheus {
  private stopped = false;

  private constructor(
    private readonly cluster: LiveCluster,
    private readonly server: ChildProcess,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  /** With the rules that the cluster has rendered into its ConfigMap. */
  public static async start(cluster: LiveCluster): Promise<Prometheus> {
    const rules = await cluster.kubectl(
      'get',
      'configmap',
      'cache-alerts',
      String.raw`--output=jsonpath={.data.rules\.yaml}`,
    );
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const address = `127.0.0.1:${await freePort()}`;
    writeFileSync(join(folder, 'rules.yaml'), rules);
    writeFileSync(join(folder, 'prometheus.yaml'), JSON.stringify(CONFIGURATION));
    const server = spawn(
      'prometheus',
      [
        `--config.file=${folder}/prometheus.yaml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=${address}`,
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const prometheus = new Prometheus(cluster, server, folder, `http://${address}/api/v1/`);
    prometheus.discover().catch(() => undefined); // its folder goes when it is stopped
    await until(30, 'Prometheus answers', () => prometheus.query('vector(1)'));
    return prometheus;
  }

  /** What an expression gives now. */
  public async query(expression: string): Promise<Sample[]> {
    const { result } = await this.ask<{ result: Sample[] }>(`query?query=${encodeURIComponent(expression)}`);
    return result;
  }

  /** The only number that an expression gives. */
  public async number(expression: string): Promise<number | undefined> {
    const [sample] = await this.query(expression);
    return sample === undefined ? undefined : Number(sample.value[1]);
  }

  /** Names of the alerts that fire. */
  public async firing(): Promise<string[]> {
    const { alerts } = await this.ask<{ alerts: Raised[] }>('alerts');
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
  }

  /** Those above info that have fired at any time within these seconds. */
  public async hasFired(seconds: number): Promise<string[]> {
    const fired = `max_over_time(ALERTS{alertstate="firing",severity!="info"}[${Math.ceil(seconds)}s])`;
    return [...new Set((await this.query(fired)).map(({ metric }) => metric.alertname ?? ''))];
  }

  /** What it could not make of its rules; empty where all is well. */
  public async mistakes(): Promise<string[]> {
    const { groups } = await this.ask<{ groups: { rules: { name: string; health: string; lastError?: string }[] }[] }>(
      'rules',
    );
    const rules = groups.flatMap((group) => group.rules);
    return rules
      .filter(({ health }) => health !== 'ok')
      .map(({ name, lastError }) => `${name}: ${lastError ?? 'not yet'}`);
  }

  public async raises(alert: string, seconds: number): Promise<void> {
    const start = performance.now();
    await until(seconds, `${alert} fires`, async () => ((await this.firing()).includes(alert) ? true : undefined));
    console.log(`${alert} fires after ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }

  public async clears(alerts: string[], seconds: number): Promise<void> {
    const start = performance.now();
    await until(seconds, `${alerts.join(', ')} end`, async () => {
      const firing = await this.firing();
      return alerts.some((alert) => firing.includes(alert)) ? undefined : true;
    });
    console.log(`${alerts.join(', ')} ended after ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill();
    await ended;
    rmSync(this.folder, { recursive: true });
  }

  /** What Prometheus' own discovery does: every pod that runs, also one that is told to stop, until it is gone. */
  private async discover(): Promise<void> {
    while (!this.stopped) {
      const pods = await this.cluster.kubectl('get', 'pods', '--output=json').catch(() => undefined);
      if (pods !== undefined) {
        const { items } = JSON.parse(pods) as { items: Pod[] };
        writeFileSync(join(this.folder, 'new'), JSON.stringify(items.flatMap(targetOf)));
        renameSync(join(this.folder, 'new'), join(this.folder, 'targets.json'));
      }
      await sleep(2000);
    }
  }

  private async ask<T>(path: string): Promise<T> {
    const answer = (await (await fetch(this.url + path)).json()) as { status: string; data: T; error?: string };
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error ?? ''}`);
    return answer.data;
  }
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly status: { readonly phase: string; readonly podIP?: string };
}

/** As the configuration in docs/monitoring.md makes one of a pod. */
function targetOf({ metadata: { name, namespace, labels, annotations = {} }, status }: Pod): object[] {
  if (annotations['prometheus.io/scrape'] !== 'true' || status.phase !== 'Running' || status.podIP === undefined)
    return [];
  const ofPod = Object.entries(labels).map(([label, value]) => [label.replaceAll(/[^a-zA-Z0-9_]/g, '_'), value]);
  return [
    {
      targets: [`${status.podIP}:${annotations['prometheus.io/port'] ?? ''}`],
      labels: { ...(Object.fromEntries(ofPod) as Record<string, string>), namespace, pod: name },
    },
  ];
}

const CONFIGURATION = {
  global: { scrape_interval: `${LOOK}s`, scrape_timeout: `${LOOK}s`, evaluation_interval: `${LOOK}s` },
  rule_files: ['rules.yaml'],
  scrape_configs: [{ job_name: 'pods', file_sd_configs: [{ files: ['targets.json'], refresh_interval: `${LOOK}s` }] }],
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
