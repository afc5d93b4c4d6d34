import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { kubectl, until } from '../../live/kit/kubectl';
import { type Manifest, apply } from '../../live/kit/live-cluster';
import { gitServer } from './git-server';
import { type GitOps, changed, contentOf } from './gitops';
import { LONGEST_SYNC, Repository, filesOf } from './repository';

const NAMESPACE = 'flux-system';
/** What runs of it. */
const CONTROLLERS = ['source-controller', 'kustomize-controller'];
/** Where one gives the other what it has fetched. */
const ARTIFACTS = '127.0.0.1:18085';

interface Status {
  readonly conditions?: { readonly type: string; readonly status: string; readonly message: string }[];
  readonly lastAppliedRevision?: string;
  readonly lastHandledReconcileAt?: string;
}

/** One GitRepository and one Kustomization of Flux, in which a namespace of a cluster is a folder. */
export class Flux implements GitOps {
  public readonly allOrNothing = true;
  /** To it a deletion is nothing else than pruning. */
  public readonly left = ['service', 'persistentvolumeclaim'];
  private readonly repository = new Repository();
  private readonly namespaces = new Set<string>();
  private readonly processes: ChildProcess[] = [];
  private readonly work = mkdtempSync(join(tmpdir(), 'flux-'));
  private git: { server: Server; url: string } | undefined;
  private revision = '';
  private requests = 0;

  public constructor(private readonly name: string) {}

  /** Its controllers, built by `flux.sh`, as processes beside this one. */
  public async start(): Promise<void> {
    const bin = execFileSync(join(__dirname, '..', 'flux.sh'), { encoding: 'utf8' }).trim();
    const crds = CONTROLLERS.map((controller) => readFileSync(join(bin, `${controller}.yaml`), 'utf8'));
    await kubectl(['apply', '--server-side', '--filename', '-'], crds.join('\n'));
    await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
    this.git = await gitServer(dirname(this.repository.folder));
    const own: Record<string, string[]> = {
      'source-controller': [
        `--storage-path=${this.work}`,
        `--storage-addr=${ARTIFACTS}`,
        `--storage-adv-addr=${ARTIFACTS}`,
      ],
      // Or a revert waits for the health of what it reverts.
      'kustomize-controller': ['--feature-gates=CancelHealthCheckOnNewRevision=true'],
    };
    for (const controller of CONTROLLERS) {
      const log = openSync(join(this.work, `${controller}.log`), 'w');
      const args = ['--metrics-addr=0', '--health-addr=0', ...(own[controller] ?? [])];
      const env = { ...process.env, RUNTIME_NAMESPACE: NAMESPACE };
      this.processes.push(spawn(join(bin, controller), args, { env, stdio: ['ignore', log, log] }));
    }
  }

  public stop(): void {
    for (const process of this.processes) process.kill();
    this.git?.server.close();
    rmSync(this.work, { recursive: true, force: true });
    this.repository.delete();
  }

  public async deliver(namespace: string, objects: Manifest[]): Promise<void> {
    this.namespaces.add(namespace);
    this.revision = this.repository.commit(namespace, filesOf(objects));
    await apply([this.source, this.kustomization]);
    await this.request();
  }

  public async delivered(): Promise<void> {
    let status: Status = {};
    try {
      await until(LONGEST_SYNC, `${this.name} is applied`, async () => {
        status = await this.status();
        const { conditions = [], lastAppliedRevision } = status;
        const ready = conditions.some((one) => one.type === 'Ready' && one.status === 'True');
        return ready && lastAppliedRevision === `main@sha1:${this.revision}` ? true : undefined;
      });
    } catch (error) {
      throw new Error(`${String(error)}: ${JSON.stringify(status)}`, { cause: error });
    }
  }

  public async withdraw(namespace: string): Promise<void> {
    this.repository.commit(namespace, {});
    this.namespaces.delete(namespace);
    const patch = '{"metadata":{"finalizers":null}}';
    const kustomization = `kustomization/${this.name}`;
    await this.kubectl('patch', kustomization, '--type=merge', '--patch', patch).catch(() => undefined);
    await this.kubectl('delete', kustomization, `gitrepository/${this.name}`, '--ignore-not-found');
  }

  public async cascade(): Promise<void> {
    await this.kubectl('delete', `kustomization/${this.name}`, '--timeout=300s');
  }

  public async said(): Promise<string> {
    return JSON.stringify(await this.status());
  }

  public async differences(): Promise<string[]> {
    const content = async () => (await Promise.all([...this.namespaces].map(contentOf))).flat();
    const before = await content();
    await this.again();
    return changed(before, await content());
  }

  public async again(): Promise<void> {
    const asked = await this.request();
    await until(LONGEST_SYNC, `${this.name} is applied again`, async () => {
      const { conditions = [], lastHandledReconcileAt } = await this.status();
      const ready = conditions.find(({ type }) => type === 'Ready');
      if (ready?.status === 'False') throw new Error(ready.message);
      return lastHandledReconcileAt === asked && ready?.status === 'True' ? true : undefined;
    });
  }

  private async status(): Promise<Status> {
    const json = await this.kubectl('get', `kustomization/${this.name}`, '--output=json');
    return (JSON.parse(json) as { status?: Status }).status ?? {};
  }

  /** Has it look now, as `flux reconcile kustomization --with-source` does. */
  private async request(): Promise<string> {
    const asked = `${process.pid}-${++this.requests}`;
    for (const target of [`gitrepository/${this.name}`, `kustomization/${this.name}`])
      await this.kubectl('annotate', target, `reconcile.fluxcd.io/requestedAt=${asked}`, '--overwrite');
    return asked;
  }

  private get source(): object {
    return {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: this.name, namespace: NAMESPACE },
      spec: {
        interval: '10m',
        url: `${this.git?.url ?? ''}/${basename(this.repository.folder)}/.git`,
        ref: { branch: 'main' },
      },
    };
  }

  private get kustomization(): object {
    return {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: this.name, namespace: NAMESPACE },
      spec: {
        interval: '10m',
        retryInterval: '10s',
        timeout: '5m',
        sourceRef: { kind: 'GitRepository', name: this.name },
        path: './',
        prune: true,
        wait: true,
      },
    };
  }

  private async kubectl(...args: string[]): Promise<string> {
    return (await kubectl(['-n', NAMESPACE, ...args])).stdout;
  }
}
