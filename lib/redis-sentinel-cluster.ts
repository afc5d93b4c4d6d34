import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { PlainTextPasswords, plainTextPasswordsProps } from './auth/parts';
import { Backups, backupsProps } from './backup/parts';
import { ConfigMaps, configMapsProps } from './config-maps/parts';
import { Connection, connectionProps } from './connection/parts';
import { struct } from './core/checks';
import { InvalidClusterError, Problem } from './core/problems';
import { DisruptionBudgets, disruptionBudgetsProps } from './disruption-budgets/parts';
import { CHECKS, ResolvedCluster, resolve } from './features';
import { HealthCheck, healthCheckProps } from './health-check/parts';
import { problemsOf } from './judge';
import { MemberProps, memberProps } from './member/parts';
import { ResolvedMember } from './member/resolve';
import { Metrics, metricsProps } from './metrics/parts';
import { Migration, migrationProps } from './migration/parts';
import { problemsWithNeighbours } from './neighbours';
import { NetworkPolicies, networkPoliciesProps } from './network-policy/parts';
import { RedisNode } from './nodes/parts';
import { RedisSentinelClusterProps } from './props';
import { Restore, restoreProps } from './restore/parts';
import { Proxy, proxyProps } from './proxy/parts';
import { Sentinel } from './sentinels/parts';
import { Certificates, certificatesProps } from './tls/parts';
import { Users, usersProps } from './users/parts';

/**
 * Redis or Valkey with Sentinel: one master, its replicas, and the sentinels that watch them. Each is a Deployment of its
 * own, with its own claim and Service.
 *
 * @example
 * new RedisSentinelCluster(chart, 'cache');
 */
export class RedisSentinelCluster extends Construct {
  /** The Secret with the passwords, where they are part of the manifest. */
  public readonly passwords: PlainTextPasswords;
  /** Users of clients, where there are any. */
  public readonly users: Users;
  /** The certificate that cert-manager makes, where it is asked to. */
  public readonly certificates: Certificates;
  /** What all members share: scripts, and the names and ports of the cluster. */
  public readonly configMaps: ConfigMaps;
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
  /** How Prometheus finds its numbers, alerts on them, and a dashboard, where they are wanted. */
  public readonly metrics: Metrics;
  /** Backups, where they are wanted. */
  public readonly backups: Backups;
  /** What a cluster that begins with a backup needs beside its members. */
  public readonly restore: Restore;
  /** What a cluster that takes the place of another one needs beside its members. */
  public readonly migration: Migration;
  /** One address for clients that know no Sentinel, where one is wanted. */
  public readonly proxy: Proxy;
  /** What a client needs to find the master. */
  public readonly connection: Connection;
  /** Every image of every pod, in order: what a mirror must have, and a scanner look at. */
  public readonly images: string[];

  /**
   * @param scope the chart, or a construct in it
   * @param id name of the cluster, unless `props.name` says otherwise
   * @param props what is not as by default
   * @throws InvalidClusterError where the props can't work: every problem at once, and nothing is made
   */
  public constructor(scope: Construct, id: string, props: RedisSentinelClusterProps = {}) {
    super(scope, id);
    const cluster = resolveOrThrow(this, id, props);
    const objectsOf = (member: ResolvedMember): MemberProps => {
      const pod = cluster.pods.find(({ property }) => property === member.property);
      if (pod === undefined) throw new Error(`no pod for ${member.name}`);
      return memberProps(cluster, member, pod);
    };

    this.passwords = new PlainTextPasswords(this, 'passwords', plainTextPasswordsProps(cluster));
    this.users = new Users(this, 'users', usersProps(cluster));
    this.certificates = new Certificates(this, 'certificates', certificatesProps(cluster));
    this.configMaps = new ConfigMaps(this, 'config-maps', configMapsProps(cluster));
    const [master, ...replicas] = cluster.nodes.map(
      (node, index) => new RedisNode(this, index === 0 ? 'master' : `replica-${index}`, objectsOf(node)),
    );
    this.master = master as RedisNode;
    this.replicas = replicas;
    this.sentinels = cluster.sentinels.map(
      (sentinel, index) => new Sentinel(this, `sentinel-${index + 1}`, objectsOf(sentinel)),
    );
    this.disruptionBudgets = new DisruptionBudgets(this, 'disruption-budgets', disruptionBudgetsProps(cluster));
    this.networkPolicies = new NetworkPolicies(this, 'network-policies', networkPoliciesProps(cluster));
    this.healthCheck = new HealthCheck(this, 'health-check', healthCheckProps(cluster));
    this.metrics = new Metrics(this, 'metrics', metricsProps(cluster));
    this.backups = new Backups(this, 'backups', backupsProps(cluster));
    this.restore = new Restore(this, 'restore', restoreProps(cluster));
    this.migration = new Migration(this, 'migration', migrationProps(cluster));
    this.proxy = new Proxy(this, 'proxy', proxyProps(cluster));
    this.connection = new Connection(this, connectionProps(cluster));
    this.images = cluster.images.map(({ image }) => image).sort();
  }
}

function resolveOrThrow(scope: Construct, id: string, props: RedisSentinelClusterProps): ResolvedCluster {
  const stop = (problems: Problem[]): void => {
    if (problems.length > 0) throw new InvalidClusterError(scope.node.path, problems);
  };
  stop(problemsOfShape(props));
  const cluster = resolve(props, { id, namespace: Chart.of(scope).namespace });
  stop(problemsOf(cluster));
  stop(problemsWithNeighbours(scope, cluster));
  return cluster;
}

/** What each prop must be by itself; how they fit together is the business of the rules. */
function problemsOfShape(props: RedisSentinelClusterProps): Problem[] {
  const problems: Problem[] = [];
  struct(CHECKS)(props, '', problems);
  return problems;
}
