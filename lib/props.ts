import { Auth } from './auth/props';
import { BackupOptions } from './backup/props';
import { HealthCheckOptions } from './health-check/props';
import { MetadataOptions } from './identity/props';
import { ImageOptions } from './image/props';
import { MetricsOptions } from './metrics/props';
import { MigrationOptions } from './migration/props';
import { NetworkPolicyOptions } from './network-policy/props';
import { NodesOptions } from './nodes/props';
import { RestoreOptions } from './restore/props';
import { ProxyOptions } from './proxy/props';
import { Risk } from './risks';
import { SecurityOptions } from './security/props';
import { SentinelsOptions } from './sentinels/props';
import { RedisSettings } from './settings/props';
import { Persistence } from './storage/props';
import { Tls } from './tls/props';
import { AclUser } from './users/props';

/**
 * A Redis or Valkey cluster: one master, its replicas, and the sentinels that watch them.
 *
 * Everything has a safe default; the only thing that must exist is a Secret with a password (see {@link Auth.secret}).
 */
export interface RedisSentinelClusterProps {
  /**
   * Name of the cluster, and beginning of the name of every object.
   *
   * A DNS label (lower case letters, digits, `-`) of at most 40 characters. A new name is a new, empty cluster: claims
   * have it too.
   *
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * Name by which the sentinels and clients know the master: letters, digits, `.`, `_`, `-`.
   *
   * @default - the cluster's name, so that sentinels of two clusters never take one another for their own
   */
  readonly masterName?: string;

  /**
   * Labels and annotations of objects and pods.
   *
   * @default - only this library's own labels
   */
  readonly metadata?: MetadataOptions;

  /**
   * What the containers run.
   *
   * @default - a fixed version of Redis: docker.io/library/redis:8.2.10
   */
  readonly image?: ImageOptions;

  /**
   * The Redis servers: one master and its replicas.
   *
   * @default - a master and two replicas
   */
  readonly nodes?: NodesOptions;

  /**
   * The sentinels.
   *
   * @default - three, that agree by majority
   */
  readonly sentinels?: SentinelsOptions;

  /**
   * What nodes write to their volumes.
   *
   * @default Persistence.aof()
   */
  readonly persistence?: Persistence;

  /**
   * redis.conf of the nodes.
   *
   * @default - see each setting
   */
  readonly settings?: RedisSettings;

  /**
   * Passwords.
   *
   * @default Auth.secret()
   */
  readonly auth?: Auth;

  /**
   * Users of clients, beside the default user.
   *
   * @default - none
   */
  readonly users?: AclUser[];

  /**
   * Encryption: {@link Tls.secret} with a certificate of your own, {@link Tls.certManager} with one that is made and renewed.
   *
   * @default - all is in clear
   */
  readonly tls?: Tls;

  /**
   * Who the containers run as.
   *
   * @default - user, group and fsGroup 10001, as Pod Security `restricted` wants
   */
  readonly security?: SecurityOptions;

  /**
   * Who may reach whom.
   *
   * @default - nodes and sentinels of this cluster, and pods of this namespace with {@link Connection.clientLabels}
   */
  readonly networkPolicy?: NetworkPolicyOptions;

  /**
   * PodDisruptionBudgets: a drain takes one node at a time, and leaves a majority of the sentinels.
   *
   * @default true
   */
  readonly disruptionBudgets?: boolean;

  /**
   * A Job that says whether the cluster is healthy, and fails where it is not. Argo CD runs it after each sync.
   *
   * The same check by hand: `kubectl exec deploy/<cluster>-sentinel-1 -c sentinel -- sh /scripts/check.sh`.
   *
   * @default - none
   */
  readonly healthCheck?: HealthCheckOptions;

  /**
   * Numbers for Prometheus, alerts on them, and a dashboard.
   *
   * @default - none
   */
  readonly metrics?: MetricsOptions;

  /**
   * Backups: a CronJob that copies a replica, loads the copy, and stores it where it outlives the cluster.
   *
   * @default - none
   */
  readonly backup?: BackupOptions;

  /**
   * A backup that a new cluster begins with. One that has data ignores it.
   *
   * @default - a new cluster is empty
   */
  readonly restoreFrom?: RestoreOptions;

  /**
   * Another Redis or Valkey whose place a new cluster takes: it follows that, and is cut over. One that has data ignores it.
   *
   * @default - a new cluster is empty
   */
  readonly migrateFrom?: MigrationOptions;

  /**
   * One address for clients that know no Sentinel: HAProxy, which leads them to the master and follows it.
   *
   * @default - none
   */
  readonly proxy?: ProxyOptions;

  /**
   * Dangers that this cluster takes on. One that is not needed is refused.
   *
   * @default - none
   */
  readonly acceptRisks?: Risk[];
}
