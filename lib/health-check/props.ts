import { Duration } from 'cdk8s';

/**
 * A Job that checks the cluster.
 *
 * Its pod is made as those of the nodes are. It has what `nodes` says for all of them: node selector, zone, node affinity,
 * tolerations, priority class, ServiceAccount, image and pull secrets; but no spread, and nothing of a single node. Labels
 * and annotations are those of `metadata`: what `nodes.pod` has is the nodes' own.
 *
 * @example
 * // Where a mesh puts a container into every pod, the Job would never end.
 * { healthCheck: {}, metadata: { podAnnotations: { 'sidecar.istio.io/inject': 'false' } } }
 */
export interface HealthCheckOptions {
  /**
   * How long the cluster may take to be healthy before the Job fails, whole seconds, 1 second to 1 day.
   *
   * @default - the time in which all members may stop one after another, and a minute
   */
  readonly timeout?: Duration;
}
