import { PasswordSource } from '../auth/props';
import { EnvContract } from '../image/props';
import { k8s } from '../core/kplus';
import { ResolvedCluster, ResolvedWorkload, timeToLeave } from '../resolve';

/** A password as a variable: from its Secret, or in clear where that risk is accepted. */
export function passwordVariable(name: string, source: PasswordSource | undefined): k8s.EnvVar[] {
  if (source === undefined) return [];
  if (source.secretName === undefined || source.key === undefined) return [{ name, value: source.value ?? '' }];
  return [{ name, valueFrom: { secretKeyRef: { name: source.secretName, key: source.key } } }];
}

/** What the scripts need to know of their own pod. */
export function selfVariables(workload: ResolvedWorkload): k8s.EnvVar[] {
  return [
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    { name: 'SELF', value: workload.announced },
  ];
}

/** Whose pod it is and whose it must be: tools that rename objects leave the names in variables as they are. */
export function ownerVariables(workload: string): k8s.EnvVar[] {
  return [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'WORKLOAD', value: workload },
  ];
}

/** How long a stopping member may wait for its turn: all of the grace period but what it needs for leaving. */
export function stopVariable({ component, deployment }: ResolvedWorkload): k8s.EnvVar {
  const seconds = deployment.terminationGracePeriod.toSeconds() - timeToLeave(component).toSeconds();
  return { name: 'STOP_SECONDS', value: String(seconds) };
}

/** Images that configure themselves are those of all members or of none: a rule sees to it. */
export function isSelfConfigured({ nodes }: ResolvedCluster): boolean {
  return nodes.every(({ envContract }) => envContract === EnvContract.SELF_CONFIGURED);
}

/** Variables of an image that configures itself, with the names and spellings of the article's images. */
export function articleVariables(cluster: ResolvedCluster, workload: ResolvedWorkload): k8s.EnvVar[] {
  const master = cluster.nodes[0]?.announced ?? '';
  const { redis } = cluster.passwords;
  if (workload.component === 'sentinel') {
    return [
      { name: 'REDIS_SENTINEL_PORT', value: String(cluster.sentinelPort) },
      { name: 'MASTER_NAME', value: cluster.masterName },
      { name: 'MASTER_HOST', value: master },
      { name: 'MASTER_PORT', value: String(cluster.redisPort) },
      { name: 'QUONUM', value: String(cluster.quorum) },
      { name: 'DOWN_AFTER_MILLSECONDS', value: String(cluster.downAfter.toMilliseconds()) },
      { name: 'NUMSLAVES', value: String(cluster.nodes.length - 1) },
      { name: 'FAILOVER_TIMEOUT', value: String(cluster.failoverTimeout.toMilliseconds()) },
      ...passwordVariable('AUTH_PASS', redis),
    ];
  }
  const { maxmemory, given } = cluster.settings;
  return [
    { name: 'REDIS_PORT', value: String(cluster.redisPort) },
    ...passwordVariable('REDIS_PASSWORD', redis),
    { name: 'REDIS_MAXMEMORY', value: String(maxmemory.toKibibytes() * 1024) },
    ...passwordVariable('MASTER_AUTH', redis),
    ...(given.maxclients === undefined ? [] : [{ name: 'MAXCLIENTS', value: String(given.maxclients) }]),
    ...(workload.role === 'replica' ? [{ name: 'REDIS_SLAVE_OF', value: `${master} ${cluster.redisPort}` }] : []),
  ];
}
