import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { componentLabels, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedCluster, majorityOf } from '../resolve';

/**
 * How many pods a drain must leave. Only budgets that leave something to take: a drain would wait for ever. Not how many it may
 * take: of a Deployment that was scaled to two by mistake the second pod is never placed, and would count as taken.
 */
export class DisruptionBudgets extends Construct {
  public constructor(scope: Construct, id: string, cluster: ResolvedCluster) {
    super(scope, id);
    if (!cluster.disruptionBudgets) return;
    const needed = Math.max(cluster.quorum, majorityOf(cluster.sentinels.length));
    this.createBudget(cluster, 'node', naming.nodes(cluster.name), cluster.nodes.length - 1);
    this.createBudget(cluster, 'sentinel', naming.sentinels(cluster.name), needed);
  }

  private createBudget(
    cluster: ResolvedCluster,
    component: 'node' | 'sentinel',
    name: string,
    minAvailable: number,
  ): void {
    if (minAvailable === 0 || minAvailable >= cluster[`${component}s`].length) return;
    new k8s.KubePodDisruptionBudget(this, component, {
      metadata: objectMetadata(cluster, name),
      spec: {
        minAvailable: k8s.IntOrString.fromNumber(minAvailable),
        selector: { matchLabels: componentLabels(cluster.name, component) },
      },
    });
  }
}
