import { Duration } from 'cdk8s';
import { CHECK_MARGIN } from '../defaults';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedMember } from '../member/resolve';
import { GivenNodes, resolveNodes } from '../nodes/resolve';
import { HealthCheckOptions } from './props';

export interface ResolvedHealthCheck {
  /** How long the check waits, and what its pod has in common with those of the nodes; undefined without one. */
  readonly healthCheck: { readonly timeout: Duration; readonly as: ResolvedMember } | undefined;
}

interface Given extends GivenNodes {
  readonly healthCheck?: HealthCheckOptions;
}

/** The pod of the check is made as those of the nodes are, without what is in them and what a single one has of its own. */
export function resolveHealthCheck(props: Given, cluster: ResolvedIdentity): ResolvedHealthCheck {
  if (props.healthCheck === undefined) return { healthCheck: undefined };
  const pod = { ...props.nodes?.pod, annotations: {} };
  const anyNode = { ...props, nodes: { ...props.nodes, master: {}, replicaOverrides: {}, pod } };
  const [as] = resolveNodes(anyNode, cluster).nodes;
  // It waits for the largest too.
  const [node] = resolveNodes(props, cluster).nodes;
  if (as === undefined || node === undefined) return { healthCheck: undefined };
  const longest = Duration.seconds(node.times.grace.toSeconds() + CHECK_MARGIN.toSeconds());
  return { healthCheck: { timeout: props.healthCheck.timeout ?? longest, as } };
}
