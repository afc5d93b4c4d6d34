import { pathToFileURL } from 'node:url';
import { application } from '../../../examples/gitops/argo-cd';
import { kubectl, until } from '../../live/kit/kubectl';
import { type Manifest, apply } from '../../live/kit/live-cluster';
import type { GitOps } from './gitops';
import { LONGEST_SYNC, Repository, filesOf } from './repository';

const NAMESPACE = 'argocd';

/** An Application, as far as it is looked at. */
export interface Status {
  readonly sync?: { readonly status: string; readonly revision: string };
  readonly health?: { readonly status: string };
  readonly operationState?: {
    readonly phase: string;
    readonly message?: string;
    readonly startedAt: string;
    readonly syncResult?: {
      readonly revision: string;
      readonly resources?: { readonly kind: string; readonly hookPhase?: string }[];
    };
  };
  readonly resources?: {
    readonly kind: string;
    readonly name: string;
    readonly status?: string;
    readonly requiresPruning?: boolean;
  }[];
  readonly conditions?: { readonly message: string }[];
}

/** One Application of Argo CD, in which a namespace of a cluster is a folder. */
export class ArgoCd implements GitOps {
  public readonly allOrNothing = false;
  public readonly left = ['persistentvolumeclaim'];
  public readonly repository = new Repository();
  private revision = '';

  public constructor(private readonly name: string) {}

  public async deliver(namespace: string, objects: Manifest[]): Promise<void> {
    this.revision = this.repository.commit(namespace, filesOf(objects));
    await apply([
      application({
        name: this.name,
        repository: pathToFileURL(this.repository.folder).href,
        path: '.',
        namespace,
        project: 'default',
      }),
    ]);
    await this.refresh('normal');
  }

  public async delivered(): Promise<void> {
    let status: Status = {};
    const wanted = {
      sync: 'Synced',
      revision: this.revision,
      health: 'Healthy',
      phase: 'Succeeded',
      applied: this.revision,
    };
    try {
      await until(LONGEST_SYNC, `${this.name} is applied`, async () => {
        status = await this.status();
        const { sync, health, operationState } = status;
        const seen = {
          sync: sync?.status,
          revision: sync?.revision,
          health: health?.status,
          phase: operationState?.phase,
          applied: operationState?.syncResult?.revision,
        };
        return JSON.stringify(seen) === JSON.stringify(wanted) ? true : undefined;
      });
    } catch (error) {
      throw new Error(`${String(error)}: ${JSON.stringify(status)}`, { cause: error });
    }
  }

  public async withdraw(): Promise<void> {
    const patch = '{"metadata":{"finalizers":null}}';
    await this.kubectl('patch', this.target, '--type=merge', '--patch', patch).catch(() => undefined);
    await this.kubectl('delete', this.target, '--ignore-not-found');
    this.repository.delete();
  }

  public async cascade(): Promise<void> {
    await this.kubectl('delete', this.target, '--timeout=300s');
  }

  public async said(): Promise<string> {
    return JSON.stringify(await this.status());
  }

  public async differences(): Promise<string[]> {
    const before = await this.status();
    await this.refresh('hard');
    await until(60, `${this.name} is looked at`, async () => {
      const path = '--output=jsonpath={.metadata.annotations}';
      return (await this.kubectl('get', this.target, path)).includes('/refresh') ? undefined : true;
    });
    const after = await this.status();
    const { sync, resources = [], conditions = [], operationState } = after;
    return [
      ...(sync?.status === 'Synced' ? [] : [`it is ${sync?.status ?? 'not known'}`]),
      ...resources
        // What is no longer in Git and stays for all that is no difference of the whole.
        .filter(({ status = 'Synced', requiresPruning = false }) => status !== 'Synced' && !requiresPruning)
        .map(({ kind, name, status = '' }) => `${kind} ${name} is ${status}`),
      ...conditions.map(({ message }) => message),
      ...(operationState?.startedAt === before.operationState?.startedAt ? [] : ['it has applied something']),
    ];
  }

  public async again(): Promise<void> {
    const { startedAt } = (await this.status()).operationState ?? {};
    await this.begin();
    await until(LONGEST_SYNC, `${this.name} is applied again`, async () => {
      const { operationState } = await this.status();
      if (operationState?.startedAt === startedAt) return undefined;
      return operationState?.phase === 'Succeeded' ? true : undefined;
    });
  }

  /** Has it apply once more what is committed. What fails it tries again, as all that it does by itself. */
  public async begin(): Promise<void> {
    const sync = { prune: true, syncOptions: ['ServerSideApply=true'], syncStrategy: { hook: {} } };
    await this.kubectl('patch', this.target, '--type=merge', '--patch', JSON.stringify({ operation: { sync } }));
  }

  /** How the check has ended, the hook of the last sync. */
  public async check(): Promise<string | undefined> {
    const { resources = [] } = (await this.status()).operationState?.syncResult ?? {};
    return resources.find(({ kind }) => kind === 'Job')?.hookPhase;
  }

  /** As `argocd app terminate-op` does. */
  public async terminate(): Promise<void> {
    const patch = '{"status":{"operationState":{"phase":"Terminating"}}}';
    await this.kubectl('patch', this.target, '--type=merge', '--patch', patch);
  }

  public async status(): Promise<Status> {
    const json = await this.kubectl('get', this.target, '--output=json');
    return (JSON.parse(json) as { status?: Status }).status ?? {};
  }

  private get target(): string {
    return `application/${this.name}`;
  }

  private async refresh(how: 'normal' | 'hard'): Promise<void> {
    await this.kubectl('annotate', this.target, `argocd.argoproj.io/refresh=${how}`, '--overwrite');
  }

  private async kubectl(...args: string[]): Promise<string> {
    return (await kubectl(['-n', NAMESPACE, ...args])).stdout;
  }
}
