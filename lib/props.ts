import { Duration } from 'cdk8s';
import { Auth } from './auth';
import { ContainerResources, ImagePullPolicy, k8s } from './kplus';
import { Risk } from './risks';
import { RedisSettings } from './settings';
import { Persistence, Storage } from './storage';

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

/** The server's family. It decides the default image and which directives are refused. */
export enum Product {
  REDIS = 'redis',
  VALKEY = 'valkey',
}

/** How an image is told what to do. */
export enum EnvContract {
  /** By this library's scripts, which run in any official image of Redis 7.0.8 or later, or Valkey. */
  SCRIPTS = 'scripts',
  /**
   * By the image itself, from the variables of the article this project began with (`QUONUM`, `REDIS_SLAVE_OF`, …).
   * Needs {@link Risk.SELF_CONFIGURED_IMAGE}.
   */
  SELF_CONFIGURED = 'self-configured',
}

/** A container image. */
export interface ImageOptions {
  /** The server's family. @default Product.REDIS */
  readonly product?: Product;

  /**
   * Registry and repository.
   *
   * @default - 'docker.io/library/redis' or 'docker.io/valkey/valkey'
   */
  readonly repository?: string;

  /**
   * Tag. One that moves (`latest`, `8`) needs {@link Risk.MOVING_TAG}.
   *
   * @default - '8.0.2' for Redis, '8.1' for Valkey, where the repository is the default one and there is no digest
   */
  readonly tag?: string;

  /**
   * Digest, `sha256:` and 64 hexadecimal digits. It decides; a tag beside it is for the reader.
   *
   * @default - none
   */
  readonly digest?: string;

  /** When the image is pulled. @default ImagePullPolicy.IF_NOT_PRESENT */
  readonly pullPolicy?: ImagePullPolicy;

  /** Names of Secrets for a private registry. @default - none */
  readonly pullSecrets?: string[];

  /** How the image is told what to do. @default EnvContract.SCRIPTS */
  readonly envContract?: EnvContract;
}

/** What one Deployment may have of its own. */
export interface WorkloadOptions {
  /**
   * Name of the Deployment, its claim and its Service.
   *
   * @default - `<cluster>-master`, `<cluster>-replica-<n>` or `<cluster>-sentinel-<n>`
   */
  readonly name?: string;

  /**
   * Image, field by field over the cluster's.
   *
   * @default - the cluster's
   */
  readonly image?: ImageOptions;

  /**
   * CPU, memory and ephemeral storage of the server's container. Given whole: what is left out has no request or limit.
   *
   * @default - nodes: 100m CPU, no CPU limit, 1 GiB memory; sentinels: 50m CPU, no CPU limit, 64 MiB memory
   */
  readonly resources?: ContainerResources;

  /**
   * Where the data are.
   *
   * @default Storage.claim()
   */
  readonly storage?: Storage;

  /**
   * Where the pod may run, field by field over the group's.
   *
   * @default - anywhere, apart from the others of its kind where possible
   */
  readonly scheduling?: SchedulingOptions;

  /**
   * More in the pod, added to the group's.
   *
   * @default - nothing
   */
  readonly pod?: PodOptions;

  /**
   * The Deployment, field by field over the group's.
   *
   * @default - recreated, never two pods at once
   */
  readonly deployment?: DeploymentOptions;

  /**
   * Address by which clients, nodes and sentinels know it instead of its Service's name. Only with `hostNetwork`.
   *
   * @default - the Service's name
   */
  readonly announceHost?: string;

  /**
   * Use the machine's network. Pod Security `baseline` and `restricted` refuse it.
   *
   * @default false
   */
  readonly hostNetwork?: boolean;
}

/** How far apart pods of one kind are kept. */
export enum Spread {
  /** On different machines and zones where there are enough. */
  PREFERRED = 'preferred',
  /** On different machines, or not at all; on different zones where there are enough. */
  REQUIRED = 'required',
  /** Not by this library. */
  NONE = 'none',
}

/** Where a pod may run. */
export interface SchedulingOptions {
  /** Labels of the machine. @default - any machine */
  readonly nodeSelector?: Record<string, string>;
  /** Zone: the machine's `topology.kubernetes.io/zone`. @default - any zone */
  readonly zone?: string;
  /** Affinities, added to this library's own. @default - none */
  readonly affinity?: k8s.Affinity;
  /** Taints that are tolerated. @default - none */
  readonly tolerations?: k8s.Toleration[];
  /** PriorityClass. @default - the cluster's default */
  readonly priorityClassName?: string;
  /** How far apart nodes, and sentinels, are kept. @default Spread.PREFERRED */
  readonly spread?: Spread;
}

/** More in a pod. Names and paths of this library are refused. */
export interface PodOptions {
  /** Labels of the pod. @default - none */
  readonly labels?: Record<string, string>;
  /** Annotations of the pod. @default - none */
  readonly annotations?: Record<string, string>;
  /** Variables of the server's container. @default - none */
  readonly env?: k8s.EnvVar[];
  /** Volumes. @default - none */
  readonly volumes?: k8s.Volume[];
  /** Mounts of the server's container. @default - none */
  readonly volumeMounts?: k8s.VolumeMount[];
  /** Containers that run before the server, after this library's own. @default - none */
  readonly initContainers?: k8s.Container[];
  /** Containers beside the server. @default - none */
  readonly containers?: k8s.Container[];
  /** ServiceAccount. Its token is not mounted. @default - the namespace's default */
  readonly serviceAccountName?: string;
}

/** A Deployment. */
export interface DeploymentOptions {
  /** Labels of the Deployment. @default - none */
  readonly labels?: Record<string, string>;
  /** Annotations of the Deployment. @default - none */
  readonly annotations?: Record<string, string>;

  /**
   * Labels by which the Deployment knows its pods. They can't be changed later.
   *
   * @default - this library's own: the cluster, and the node or sentinel
   */
  readonly selector?: Record<string, string>;

  /**
   * How pods are replaced. A strategy with a surge is refused: the second pod would wait for the first for ever.
   *
   * @default - Recreate
   */
  readonly strategy?: k8s.DeploymentStrategy;

  /** Old ReplicaSets that are kept, 0 to 100. @default 3 */
  readonly revisionHistoryLimit?: number;

  /**
   * Time between the request to stop and SIGKILL, whole seconds, 1 second to 1 day.
   *
   * Members stop one after another, so it must cover the turns of all others: 120 seconds for each, and 40 for a node's
   * own stop, 20 for a sentinel's. A member that is alone in stopping needs some seconds of it.
   *
   * @default - just that: 280 seconds for one of 3 nodes, 260 seconds for one of 3 sentinels
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * A rollout that makes no progress for longer is reported as failed, whole
   * seconds, 1 second to 7 days. It must be longer than the grace period.
   *
   * @default - the grace period, and 10 seconds for each GiB of the claim, at least 600
   */
  readonly progressDeadline?: Duration;
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

/** Who the containers run as. */
export interface SecurityOptions {
  /** User id, 1 to 65534. @default 10001 */
  readonly user?: number;
  /** Group id, 1 to 65534. @default 10001 */
  readonly group?: number;
  /** Group that owns the volumes, 1 to 65534. @default - the group */
  readonly fsGroup?: number;

  /**
   * Root can't be, the file system is read-only, no capability, the runtime's seccomp profile.
   *
   * `false` leaves all of this section out, for images that must start as root; Pod Security `restricted` refuses them.
   *
   * @default true
   */
  readonly restricted?: boolean;
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
