import { Duration } from 'cdk8s';
import { Auth } from './auth/props';
import { ImageOptions } from './image/props';
import { ContainerResources } from './core/kplus';
import { Risk } from './risks';
import { SecurityOptions } from './security/props';
import { RedisSettings } from './settings/props';
import { Persistence } from './storage/props';
import { WorkloadOptions } from './workload/props';

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
   * @default - a fixed version of Redis: docker.io/library/redis:8.0.2
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
   * Dangers that this cluster takes on. One that is not needed is refused.
   *
   * @default - none
   */
  readonly acceptRisks?: Risk[];
}

/** Labels and annotations. */
export interface MetadataOptions {
  /** Labels of every object. They never are in a selector. @default - none */
  readonly labels?: Record<string, string>;
  /** Annotations of every object. @default - none */
  readonly annotations?: Record<string, string>;
  /** Labels of every pod. @default - none */
  readonly podLabels?: Record<string, string>;
  /** Annotations of every pod. @default - none */
  readonly podAnnotations?: Record<string, string>;
}

/** The Redis servers. What is given here holds for each of them, unless `master` or `replicaOverrides` says otherwise. */
export interface NodesOptions extends WorkloadOptions {
  /**
   * Number of replicas, 0 to 9. None needs {@link Risk.NO_REPLICA}.
   *
   * @default 2
   */
  readonly replicas?: number;

  /** Port, 1 to 65535. @default 6379 */
  readonly port?: number;

  /** What the first master's Deployment has of its own. @default - nothing */
  readonly master?: WorkloadOptions;

  /**
   * What a replica's Deployment has of its own, by its number: `{ 2: { scheduling: { zone: 'z3' } } }`.
   *
   * @default - nothing
   */
  readonly replicaOverrides?: Record<string, WorkloadOptions>;

  /** CPU and memory of the keeper beside each server. @default - 10m CPU, no CPU limit, 32 MiB memory */
  readonly keeperResources?: ContainerResources;
}

/** The sentinels. What is given here holds for each of them, unless `overrides` says otherwise. */
export interface SentinelsOptions extends WorkloadOptions {
  /**
   * Number of sentinels, 1 to 9. One, or an even number, is a {@link Risk}.
   *
   * @default 3
   */
  readonly count?: number;

  /** Port, 1 to 65535. @default 26379 */
  readonly port?: number;

  /**
   * Number of sentinels that must agree that the master is down, 1 to `count`.
   *
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/
   * @default - a majority: floor(count / 2) + 1
   */
  readonly quorum?: number;

  /**
   * A master that was silent for so long is down, 100 milliseconds to 1 hour. Below 3 seconds it is a {@link Risk}.
   *
   * A client writes again 0.3 to 1.5 seconds later.
   *
   * @default Duration.seconds(5)
   */
  readonly downAfter?: Duration;

  /**
   * A failed attempt is repeated after twice this time, 1 second to 1 hour.
   *
   * @default Duration.seconds(10)
   */
  readonly failoverTimeout?: Duration;

  /**
   * Replicas that copy from a new master at once, 1 to 9.
   *
   * @default 1
   */
  readonly parallelSyncs?: number;

  /**
   * Other directives of the sentinel's file, as in redis.conf: `{ loglevel: 'verbose' }`. Refused as in {@link RedisSettings.directives}.
   *
   * @default - none
   */
  readonly directives?: Record<string, string>;

  /** What a sentinel's Deployment has of its own, by its number. @default - nothing */
  readonly overrides?: Record<string, WorkloadOptions>;

  /** CPU and memory of the keeper beside each sentinel. @default - 10m CPU, no CPU limit, 32 MiB memory */
  readonly keeperResources?: ContainerResources;
}

/** Pods that are clients. */
export interface ClientOptions {
  /** Labels of the pods. @default - all pods of the namespaces */
  readonly podLabels?: Record<string, string>;
  /** Labels of their namespaces. @default - the cluster's own namespace */
  readonly namespaceLabels?: Record<string, string>;
}

/** Who may reach whom. */
export interface NetworkPolicyOptions {
  /** Render the policies. Without them everybody in the network reaches the cluster. @default true */
  readonly enabled?: boolean;

  /** Pods that may connect to nodes and sentinels. @default - those of this namespace with `connection.clientLabels` */
  readonly clients?: ClientOptions[];

  /** Ports of DNS, TCP and UDP. @default - 53, and 5353 for OpenShift */
  readonly dnsPorts?: number[];
}

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
