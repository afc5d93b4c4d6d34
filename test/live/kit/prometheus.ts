import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

interface Series {
  readonly metric: Record<string, string>;
  readonly values: [number, string][];
}

/** The panel of the dashboard that stays empty where volumes are folders of a machine: the kubelet measures none of those. */
export const UNMEASURED = 'Claims';

/**
 * A real Prometheus in the cluster's network. It finds the exporters by the annotations of their pods, and labels their series by the
 * pods' labels, and the rules in the cluster's ConfigMap. Debian's is built without Kubernetes, so both are written into files for it.
 */
export class Prometheus {
  private stopped = false;

  private constructor(
    private readonly cluster: LiveCluster,
    private readonly server: ChildProcess,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  public static async start(cluster: LiveCluster): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const address = `127.0.0.1:${await freePort()}`;
    bring(folder, { ...(await found(cluster)), 'prometheus.yaml': JSON.stringify(CONFIGURATION) });
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
    await until(30, 'Prometheus answers', () => prometheus.query('vector(1)'));
    prometheus.discover().catch(() => undefined); // its folder goes when it is stopped
    return prometheus;
  }

  /** What an expression gives now. */
  public async query(expression: string): Promise<Sample[]> {
    const { result } = await this.ask<{ result: Sample[] }>(`query?query=${encodeURIComponent(expression)}`);
    return result;
  }

  /** What it gave from one time to another, in seconds, every so many seconds. */
  public async history(expression: string, start: number, end: number, step: number): Promise<Series[]> {
    const query = `query=${encodeURIComponent(expression)}&start=${start}&end=${end}&step=${step}`;
    return (await this.ask<{ result: Series[] }>(`query_range?${query}`)).result;
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

  /** Waits until none above info fires, nor is about to. */
  public async calms(seconds: number): Promise<void> {
    await until(seconds, 'no alert is raised', async () => {
      const { alerts } = await this.ask<{ alerts: Raised[] }>('alerts');
      const raised = alerts.filter(({ labels }) => labels.severity !== 'info').map(({ labels }) => labels.alertname);
      if (raised.length > 0) throw new Error(raised.join(', '));
      return true;
    });
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill();
    await ended;
    rmSync(this.folder, { recursive: true });
  }

  /** What its own discovery and the operator do. */
  private async discover(): Promise<void> {
    while (!this.stopped) {
      const changed = bring(this.folder, await found(this.cluster).catch(() => ({})));
      if (changed.includes(RULES)) this.server.kill('SIGHUP');
      await sleep(2000);
    }
  }

  private async ask<T>(path: string): Promise<T> {
    const answer = (await (await fetch(this.url + path)).json()) as { status: string; data: T; error?: string };
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error ?? ''}`);
    return answer.data;
  }
}

const RULES = 'rules.yaml';
const TARGETS = 'targets.json';

/** Writes what is not so yet, each file at once; returns the names of those. */
function bring(folder: string, files: Readonly<Record<string, string>>): string[] {
  const changed = Object.entries(files).filter(([name, text]) => {
    const file = join(folder, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  for (const [name, text] of changed) {
    writeFileSync(join(folder, 'new'), text);
    renameSync(join(folder, 'new'), join(folder, name));
  }
  return changed.map(([name]) => name);
}

/** The rules that the cluster has rendered into its ConfigMap, and every pod that runs, also one that is told to stop, until it is gone. */
async function found(cluster: LiveCluster): Promise<Record<string, string>> {
  const { items } = JSON.parse(await cluster.kubectl('get', 'pods,configmaps', '--output=json')) as {
    items: (Pod | ConfigMap)[];
  };
  const rules = items.find((item) => item.kind === 'ConfigMap' && item.metadata.name === 'cache-alerts') as ConfigMap;
  const targets = items.flatMap((item) => (item.kind === 'Pod' ? targetOf(item) : []));
  return { [RULES]: rules.data[RULES], [TARGETS]: JSON.stringify(targets) };
}

interface ConfigMap {
  readonly kind: 'ConfigMap';
  readonly metadata: { readonly name: string };
  readonly data: { readonly [RULES]: string };
}

interface Pod {
  readonly kind: 'Pod';
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
  rule_files: [RULES],
  scrape_configs: [{ job_name: 'pods', file_sd_configs: [{ files: [TARGETS], refresh_interval: `${LOOK}s` }] }],
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
