import { Construct } from 'constructs';
import { COMEBACK, PAUSE_MARGIN, REPLICA_PRIORITY } from '../defaults';
import { isSelfConfigured } from './environment';
import { k8s } from '../core/kplus';
import { NOT_PRUNED, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedCluster } from '../resolve';
import { SCRIPT_FILES } from './scripts';
import { variableOf } from '../settings/props';

/** Where a container finds its volume, and what is kept in memory. */
export const DATA_PATH = '/data';
export const RUN_PATH = '/run/redis';

/**
 * What all pods of a kind share: the scripts, and the variables that the scripts turn into redis.conf and sentinel.conf.
 *
 * Each ConfigMap can't be changed and has its content in its name. A change is a new one, and so a rollout. There is none
 * for images that configure themselves: they would not read it.
 */
export class Configuration extends Construct {
  public readonly scripts: string;
  public readonly nodes: string;
  public readonly sentinels: string;

  public constructor(scope: Construct, id: string, cluster: ResolvedCluster) {
    super(scope, id);
    this.scripts = this.createConfigMap(cluster, 'scripts', SCRIPT_FILES);
    this.nodes = this.createConfigMap(cluster, 'nodes', nodeVariables(cluster));
    this.sentinels = this.createConfigMap(cluster, 'sentinels', sentinelVariables(cluster));
  }

  private createConfigMap(cluster: ResolvedCluster, what: string, data: Record<string, string>): string {
    const name = naming.hashed(`${cluster.name}-${what}`, data);
    if (isSelfConfigured(cluster)) return name;
    new k8s.KubeConfigMap(this, what, {
      // A Deployment that is rolled back needs the one of that time, and pods that wait for their turn the last one.
      metadata: objectMetadata(cluster, name, {}, NOT_PRUNED),
      immutable: true,
      data,
    });
    return name;
  }
}

function sharedVariables(cluster: ResolvedCluster): Record<string, string> {
  return {
    CLUSTER: cluster.name,
    MASTER_NAME: cluster.masterName,
    NODES: cluster.nodes.map(({ announced }) => announced).join(' '),
    SENTINELS: cluster.sentinels.map(({ announced }) => announced).join(' '),
    REDIS_PORT: String(cluster.redisPort),
    SENTINEL_PORT: String(cluster.sentinelPort),
    COMEBACK_SECONDS: String(COMEBACK.toSeconds()),
    DATA_DIR: DATA_PATH,
    RUN_DIR: RUN_PATH,
  };
}

function nodeVariables(cluster: ResolvedCluster): Record<string, string> {
  return {
    ...sharedVariables(cluster),
    AOF: cluster.persistence._aof ? 'yes' : 'no',
    PAUSE_MILLISECONDS: String(longestPause(cluster)),
    REPLICA_PRIORITY: String(REPLICA_PRIORITY),
    ...cluster.settings.variables,
  };
}

function longestPause({ downAfter }: ResolvedCluster): number {
  const milliseconds = downAfter.toMilliseconds();
  return Math.max(milliseconds - PAUSE_MARGIN.toMilliseconds(), Math.floor(milliseconds / 2));
}

function sentinelVariables(cluster: ResolvedCluster): Record<string, string> {
  const variables: Record<string, string> = {
    ...sharedVariables(cluster),
    QUORUM: String(cluster.quorum),
    [variableOf('down-after-milliseconds', 'SENTINEL_CONF')]: String(cluster.downAfter.toMilliseconds()),
    [variableOf('failover-timeout', 'SENTINEL_CONF')]: String(cluster.failoverTimeout.toMilliseconds()),
    [variableOf('parallel-syncs', 'SENTINEL_CONF')]: String(cluster.parallelSyncs),
  };
  for (const [directive, value] of Object.entries(cluster.sentinelDirectives)) variables[variableOf(directive)] = value;
  return variables;
}
