import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { checkProps } from './check-props';
import { Configuration } from './workload/config-maps';
import { Connection } from './connection/parts';
import { DisruptionBudgets } from './disruption-budgets/parts';
import { HealthCheck } from './health-check/parts';
import { problemsWithNeighbours } from './neighbours';
import { NetworkPolicies } from './network-policy/parts';
import { InvalidClusterError, Problem } from './core/problems';
import { RedisSentinelClusterProps } from './props';
import { RedisNode } from './nodes/parts';
import { ResolvedCluster, resolve } from './resolve';
import { problemsOf } from './rules';
import { Sentinel } from './sentinels/parts';

/**
 * Redis or Valkey with Sentinel: one master, its replicas, and the sentinels that watch them. Each is a Deployment of its
 * own, with its own claim and Service.
 *
 * @example
 * new RedisSentinelCluster(chart, 'cache');
 */
export class RedisSentinelCluster extends Construct {
  /** Scripts and settings, which all nodes and all sentinels share. */
  public readonly configuration: Configuration;
  /** The node that is master at the first start. */
  public readonly master: RedisNode;
  /** The nodes that are replicas at the first start, in order. */
  public readonly replicas: RedisNode[];
  /** The sentinels, in order. */
  public readonly sentinels: Sentinel[];
  /** Budgets for drains. */
  public readonly disruptionBudgets: DisruptionBudgets;
  /** Who may reach whom. */
  public readonly networkPolicies: NetworkPolicies;
  /** A Job that checks the cluster, where one is wanted. */
  public readonly healthCheck: HealthCheck;
  /** What a client needs to find the master. */
  public readonly connection: Connection;

  /**
   * @param scope the chart, or a construct in it
   * @param id name of the cluster, unless `props.name` says otherwise
   * @param props what is not as by default
   * @throws InvalidClusterError where the props can't work: every problem at once, and nothing is made
   */
  public constructor(scope: Construct, id: string, props: RedisSentinelClusterProps = {}) {
    super(scope, id);
    const cluster = resolveOrThrow(this, id, props);

    this.configuration = new Configuration(this, 'configuration', cluster);
    const [master, ...replicas] = cluster.nodes.map(
      (node, index) =>
        new RedisNode(this, index === 0 ? 'master' : `replica-${index}`, cluster, node, this.configuration),
    );
    this.master = master as RedisNode;
    this.replicas = replicas;
    this.sentinels = cluster.sentinels.map(
      (sentinel, index) => new Sentinel(this, `sentinel-${index + 1}`, cluster, sentinel, this.configuration),
    );
    this.disruptionBudgets = new DisruptionBudgets(this, 'disruption-budgets', cluster);
    this.networkPolicies = new NetworkPolicies(this, 'network-policies', cluster);
    this.healthCheck = new HealthCheck(this, 'health-check', cluster, this.configuration);
    this.connection = new Connection(this, cluster, this.sentinels);
  }
}

function resolveOrThrow(scope: Construct, id: string, props: RedisSentinelClusterProps): ResolvedCluster {
  const stop = (problems: Problem[]): void => {
    if (problems.length > 0) throw new InvalidClusterError(scope.node.path, problems);
  };
  stop(checkProps(props));
  const cluster = resolve(id, Chart.of(scope).namespace, props);
  stop(problemsOf(cluster));
  stop(problemsWithNeighbours(scope, cluster));
  return cluster;
}
