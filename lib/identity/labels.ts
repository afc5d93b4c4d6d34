import { k8s } from '../core/kplus';
import { ResolvedCluster, ResolvedWorkload } from '../resolve';

/** The label that the kubelet of every machine writes, and the only system that our images and scripts run on. */
export const OS_LABEL = 'kubernetes.io/os';
export const LINUX = 'linux';

/** Labels of every object of a cluster. No version among them: they are in selectors, which can't be changed. */
export function clusterLabels(cluster: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'redis-sentinel-cluster',
    'app.kubernetes.io/instance': cluster,
  };
}

/** Selects all nodes, all sentinels, or the checks of a cluster. */
export function componentLabels(cluster: string, component: 'node' | 'sentinel' | 'check'): Record<string, string> {
  return { ...clusterLabels(cluster), 'app.kubernetes.io/component': component };
}

/** Selects the pods of one Deployment. */
export function memberLabels(cluster: string, component: 'node' | 'sentinel', member: string): Record<string, string> {
  return { ...componentLabels(cluster, component), 'redis-sentinel-cluster/member': member };
}

/** Labels of a member's pod: the user's, then ours, for policies and budgets know pods by those, and then its selector. */
export function podLabels(
  cluster: ResolvedCluster,
  { component, pod, deployment }: ResolvedWorkload,
): Record<string, string> {
  return {
    ...cluster.metadata.podLabels,
    ...pod.labels,
    ...componentLabels(cluster.name, component),
    ...deployment.selector,
  };
}

/** Labels of the check's pod: the policies let in whoever is of this cluster. */
export function checkLabels({ name, metadata }: ResolvedCluster): Record<string, string> {
  return { ...metadata.podLabels, ...componentLabels(name, 'check') };
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

/** Metadata of an object: the user's labels and annotations, then ours, for those are in selectors. */
export function objectMetadata(
  cluster: ResolvedCluster,
  name: string,
  labels: Record<string, string> = {},
  annotations: Record<string, string> = {},
): k8s.ObjectMeta {
  return {
    name,
    labels: { ...cluster.metadata.labels, ...clusterLabels(cluster.name), ...labels },
    annotations: { ...cluster.metadata.annotations, ...annotations },
  };
}
