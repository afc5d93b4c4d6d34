import { Duration } from 'cdk8s';
import { CHECK_MARGIN } from '../defaults';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedMember } from '../member/resolve';
import { GivenNodes, anyNode, resolveNodes } from '../nodes/resolve';
import { HealthCheckOptions } from './props';

export interface ResolvedHealthCheck {
  /** How long the check waits, and what its pod has in common with those of the nodes; undefined without one. */
  readonly healthCheck: { readonly timeout: Duration; readonly as: ResolvedMember } | undefined;
}

interface Given extends GivenNodes {
  readonly healthCheck?: HealthCheckOptions;
}

export function resolveHealthCheck(props: Given, cluster: ResolvedIdentity): ResolvedHealthCheck {
  if (props.healthCheck === undefined) return { healthCheck: undefined };
  const as = anyNode(props, cluster);
  // It waits for the largest too.
  const [node] = resolveNodes(props, cluster).nodes;
  if (as === undefined || node === undefined) return { healthCheck: undefined };
  const longest = Duration.seconds(node.times.grace.toSeconds() + CHECK_MARGIN.toSeconds());
  return { healthCheck: { timeout: props.healthCheck.timeout ?? longest, as } };
}
