import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { componentLabels, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { ResolvedSentinels, majorityOf } from '../sentinels/resolve';
import { ResolvedDisruptionBudgets } from './resolve';

/** The budgets of a cluster, as Kubernetes has them. */
export interface DisruptionBudgetsProps {
  /** That of the nodes. @default - none */
  readonly nodes?: k8s.KubePodDisruptionBudgetProps;
  /** That of the sentinels. @default - none */
  readonly sentinels?: k8s.KubePodDisruptionBudgetProps;
}

/** How many pods a drain must leave. */
export class DisruptionBudgets extends Construct {
  /** That of the nodes; undefined where there is none. */
  public readonly nodes: k8s.KubePodDisruptionBudget | undefined;
  /** That of the sentinels; undefined where there is none. */
  public readonly sentinels: k8s.KubePodDisruptionBudget | undefined;

  public constructor(scope: Construct, id: string, props: DisruptionBudgetsProps) {
    super(scope, id);
    this.nodes = props.nodes && new k8s.KubePodDisruptionBudget(this, 'node', props.nodes);
    this.sentinels = props.sentinels && new k8s.KubePodDisruptionBudget(this, 'sentinel', props.sentinels);
  }
}

type Cluster = ResolvedIdentity & ResolvedNodes & ResolvedSentinels & ResolvedDisruptionBudgets;

export function disruptionBudgetsProps(cluster: Cluster): DisruptionBudgetsProps {
  if (!cluster.disruptionBudgets) return {};
  const needed = Math.max(cluster.quorum, majorityOf(cluster.sentinels.length));
  const nodes = budgetProps(cluster, 'node', naming.nodes(cluster.name), cluster.nodes.length - 1);
  const sentinels = budgetProps(cluster, 'sentinel', naming.sentinels(cluster.name), needed);
  return { ...(nodes !== undefined && { nodes }), ...(sentinels !== undefined && { sentinels }) };
}

/**
 * Only budgets that leave something to take: a drain would wait for ever. How many must stay, and not how many it may take: of
 * a Deployment that was scaled to two by mistake the second pod is never placed, and would count as taken.
 */
function budgetProps(
  cluster: Cluster,
  component: 'node' | 'sentinel',
  name: string,
  minAvailable: number,
): k8s.KubePodDisruptionBudgetProps | undefined {
  if (minAvailable === 0 || minAvailable >= cluster[`${component}s`].length) return undefined;
  return {
    metadata: objectMetadata(cluster, name),
    spec: {
      minAvailable: k8s.IntOrString.fromNumber(minAvailable),
      selector: { matchLabels: componentLabels(cluster.name, component) },
    },
  };
}
