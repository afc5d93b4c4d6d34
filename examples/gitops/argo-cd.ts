import { ApiObject, Chart } from 'cdk8s';
import type { ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';

/** Where Argo CD is, and looks for Applications. */
const ARGO_CD = 'argocd';
const CLUSTER = 'https://kubernetes.default.svc';

/** What Argo CD needs to know of one folder. */
export interface ApplicationOptions {
  readonly name: string;
  /** URL of the git repository. */
  readonly repository: string;
  /** The folder. */
  readonly path: string;
  /** Where to apply it. */
  readonly namespace: string;
  /**
   * Labels of the namespace, which is made then. It is no object in the folder: whoever prunes a namespace deletes the claims in it.
   *
   * @default - the namespace is there
   */
  readonly namespaceLabels?: Record<string, string>;
  /** The AppProject. */
  readonly project: string;
}

/** An Application that is kept as it is in Git. */
export function application(options: ApplicationOptions): ApiObjectProps {
  const { name, repository, path, namespace, namespaceLabels, project } = options;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace: ARGO_CD,
      // Deleted together with what it applied, but for the claims.
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    },
    spec: {
      project,
      source: { repoURL: repository, targetRevision: 'HEAD', path, directory: { recurse: true } },
      destination: { server: CLUSTER, namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        // A sync that failed is tried again with what is committed by then. Argo CD before 3.2 lacks it, and insists on the commit that failed.
        retry: { limit: 5, refresh: true, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
        syncOptions: ['ServerSideApply=true', ...(namespaceLabels === undefined ? [] : ['CreateNamespace=true'])],
        ...(namespaceLabels !== undefined && { managedNamespaceMetadata: { labels: namespaceLabels } }),
      },
    },
  };
}

/** Kinds that this library renders, and the two by which a password comes. A namespace is made by Argo CD itself. */
const KINDS: [group: string, kind: string][] = [
  ['', 'ConfigMap'],
  ['', 'PersistentVolumeClaim'],
  ['', 'Service'],
  ['apps', 'Deployment'],
  ['batch', 'Job'],
  ['networking.k8s.io', 'NetworkPolicy'],
  ['policy', 'PodDisruptionBudget'],
  ['bitnami.com', 'SealedSecret'],
  ['external-secrets.io', 'ExternalSecret'],
];

/** What the team may apply, and where. */
function project(name: string, repository: string, namespaces: string[]): ApiObjectProps {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    // Made first, and deleted last: an Application without its project can't delete what it applied.
    metadata: { name, namespace: ARGO_CD, annotations: { 'argocd.argoproj.io/sync-wave': '-1' } },
    spec: {
      sourceRepos: [repository],
      destinations: namespaces.map((namespace) => ({ server: CLUSTER, namespace })),
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
      namespaceResourceWhitelist: KINDS.map(([group, kind]) => ({ group, kind })),
    },
  };
}

export interface ApplicationsOptions {
  readonly repository: string;
  /** Folders of the environments, and the namespace of each. */
  readonly environments: Record<string, { readonly namespace: string }>;
}

const PROJECT = 'caches';
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };

/** The app of apps: an Application for each environment, and the project that they are in. */
export class ApplicationsChart extends Chart {
  public constructor(scope: Construct, id: string, { repository, environments }: ApplicationsOptions) {
    super(scope, id);
    const namespaces = Object.values(environments).map(({ namespace }) => namespace);
    new ApiObject(this, 'project', project(PROJECT, repository, namespaces));
    for (const [name, { namespace }] of Object.entries(environments)) {
      const folder = { repository, path: `dist/${name}`, namespace, namespaceLabels: RESTRICTED };
      new ApiObject(this, name, application({ ...folder, name: `cache-${name}`, project: PROJECT }));
    }
  }
}

/** The one object that somebody applies by hand: it applies the Applications. */
export class RootChart extends Chart {
  public constructor(scope: Construct, id: string, repository: string, applications: Chart) {
    super(scope, id);
    const folder = { repository, path: `dist/${applications.node.id}`, namespace: ARGO_CD };
    new ApiObject(this, 'caches', application({ ...folder, name: 'caches', project: 'default' }));
  }
}
