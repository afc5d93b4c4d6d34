import { k8s } from '../core/kplus';
import { shown } from '../core/problems';
import { Finding } from '../core/rule';
import { ResolvedIdentity } from './resolve';

/** What a pod of a cluster is. */
export type Component = 'node' | 'sentinel' | JobComponent | 'proxy';

/** What a Job of a cluster is there for. */
export type JobComponent = 'check' | 'backup' | 'cut-over';

const MEMBER = 'redis-sentinel-cluster/member';

/** Labels of every object of a cluster. No version among them: they are in selectors, which can't be changed. */
export function clusterLabels(cluster: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'redis-sentinel-cluster',
    'app.kubernetes.io/instance': cluster,
  };
}

/** Selects all nodes, all sentinels, the checks, the backups, the cut-over or the proxies of a cluster. */
export function componentLabels(cluster: string, component: Component): Record<string, string> {
  return { ...clusterLabels(cluster), 'app.kubernetes.io/component': component };
}

/** Selects the pods of one Deployment. */
export function memberLabels(cluster: string, component: Component, member: string): Record<string, string> {
  return { ...componentLabels(cluster, component), [MEMBER]: member };
}

/** Labels that selectors need would be overwritten, so giving them another value would silently do nothing. */
export function overwritten(property: string, labels: Record<string, string>): Finding[] {
  const ours = Object.keys(memberLabels('', 'node', ''));
  return Object.entries(labels)
    .filter(([label]) => ours.includes(label))
    .map(([label, value]) => ({
      rule: 'owned-label',
      property: `${property}['${label}']`,
      value: shown(value),
      must: 'is a label by which this library selects pods',
      remedy: 'write another label',
    }));
}

/** What a client's pod wears so that the network policies let it in. */
export function clientLabels(cluster: string): Record<string, string> {
  return { [`${cluster}-client`]: 'true' };
}

/** Annotations of what others may still need while they change: Argo CD deletes it when they are healthy. */
export const PRUNED_LAST = { 'argocd.argoproj.io/sync-options': 'PruneLast=true' };

/** Annotations of what stays when it is no longer in Git, and is then no difference either. */
export const NOT_PRUNED = {
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
  'argocd.argoproj.io/sync-options': 'Prune=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};

/** @see https://kubernetes.io/docs/reference/labels-annotations-taints/#description */
const DESCRIPTION = 'kubernetes.io/description';

/** What an object has beside what all have. */
interface OwnMetadata {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  /** Why it is as it is, where a reviewer would ask. */
  readonly description?: string | undefined;
}

/** Metadata of an object: the user's labels and annotations, then ours, for those are in selectors. */
export function objectMetadata(cluster: ResolvedIdentity, name: string, own: OwnMetadata = {}): k8s.ObjectMeta {
  return {
    name,
    labels: { ...cluster.metadata.labels, ...clusterLabels(cluster.name), ...own.labels },
    annotations: {
      ...(own.description !== undefined && { [DESCRIPTION]: own.description }),
      ...cluster.metadata.annotations,
      ...joinedTo(cluster.metadata.annotations, own.annotations),
    },
  };
}

/** Annotations that are lists: one of the user's is about something else than ours, and must not be lost. */
const LISTS = ['argocd.argoproj.io/sync-options', 'argocd.argoproj.io/compare-options'];

/** Ours, with what the user has in the same lists. */
function joinedTo(given: Record<string, string>, own: Record<string, string> = {}): Record<string, string> {
  const joined = ([name, value]: [string, string]): [string, string] => {
    const others = given[name];
    if (others === undefined || !LISTS.includes(name)) return [name, value];
    return [name, [...new Set(`${value},${others}`.split(',').map((one) => one.trim()))].filter(Boolean).join(',')];
  };
  return Object.fromEntries(Object.entries(own).map(joined));
}
