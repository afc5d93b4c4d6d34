import { Duration } from 'cdk8s';
import { ImageOptions } from '../image/props';
import { ContainerResources, k8s } from '../core/kplus';
import { Storage } from '../storage/props';

/** What one Deployment may have of its own. */
export interface MemberOptions {
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
   * Address by which clients, nodes and sentinels know it instead of its Service's name. Only with `hostNetwork`,
   * or for an image that configures itself.
   *
   * @default - the Service's name
   */
  readonly announceHost?: string;

  /**
   * Use the machine's network. Pod Security `baseline` and `restricted` refuse it.
   *
   * To network policies such a member is no pod but its machine: whoever reaches the machine may try passwords. Where one member has it,
   * the policies let all others of the cluster reach its port at any address, and let everybody in to the ports of nodes and sentinels.
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
  /** Labels of the machine. `kubernetes.io/os` is `linux` on every pod, and nothing else. @default - any Linux machine */
  readonly nodeSelector?: Record<string, string>;
  /** Zone: the machine's `topology.kubernetes.io/zone`. @default - any zone */
  readonly zone?: string;
  /** Affinities, added to this library's own. @default - none */
  readonly affinity?: k8s.Affinity;
  /** Taints that are tolerated. @default - none */
  readonly tolerations?: k8s.Toleration[];
  /** PriorityClass. @default - the cluster's default */
  readonly priorityClassName?: string;

  /**
   * RuntimeClass, for machines that run containers in a sandbox.
   *
   * @see https://kubernetes.io/docs/concepts/containers/runtime-class/
   * @default - the machine's default
   */
  readonly runtimeClassName?: string;

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
   * own stop, 20 for a sentinel's. Nodes write and read their data on the way: for each GiB that the largest may have in
   * memory, 40 seconds more for each other, and 10 for its own stop. A member that is alone in stopping needs little of it.
   *
   * @default - just that: 370 seconds for one of 3 nodes with 1 GiB, 260 seconds for one of 3 sentinels
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
