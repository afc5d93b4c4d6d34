import { Construct } from 'constructs';
import { k8s } from './kplus';
import { componentLabels, objectMetadata } from './labels';
import { naming } from './naming';
import { ResolvedCluster, majorityOf } from './resolve';

/** How many pods a drain may take at once. Only budgets that leave something to take: one of zero blocks a drain for ever. */
export class DisruptionBudgets extends Construct {
  public constructor(scope: Construct, id: string, cluster: ResolvedCluster) {
    super(scope, id);
    if (!cluster.disruptionBudgets) return;
    const spareSentinels = cluster.sentinels.length - Math.max(cluster.quorum, majorityOf(cluster.sentinels.length));
    if (cluster.nodes.length > 1) this.createBudget(cluster, 'node', naming.nodes(cluster.name), 1);
    if (spareSentinels > 0) this.createBudget(cluster, 'sentinel', naming.sentinels(cluster.name), spareSentinels);
  }

  private createBudget(
    cluster: ResolvedCluster,
    component: 'node' | 'sentinel',
    name: string,
    maxUnavailable: number,
  ): void {
    new k8s.KubePodDisruptionBudget(this, component, {
      metadata: objectMetadata(cluster, name),
      spec: {
        maxUnavailable: k8s.IntOrString.fromNumber(maxUnavailable),
        selector: { matchLabels: componentLabels(cluster.name, component) },
      },
    });
  }
}
