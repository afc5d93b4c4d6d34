import type { AlertName, RedisSentinelClusterProps } from '../../../lib';
import type { LiveCluster, Patch } from './live-cluster';

/** Something that happens to a cluster, and what must hold afterwards. */
export interface Failure {
  /** As it stands in docs/failures.md. */
  readonly name: string;
  /** Makes what must be so before, with no client there, and waits until it is. */
  readonly prepare?: (cluster: LiveCluster, master: string) => Promise<unknown>;
  /** Lets it happen under the clients. A text that it returns is a remark for the table; what is wrong it throws. */
  readonly happens: (cluster: LiveCluster, master: string) => Promise<unknown>;
  /**
   * Seconds until everybody must agree again.
   *
   * @default 60
   */
  readonly limit?: number;
  /**
   * Who must be master afterwards.
   *
   * @default - nothing is expected
   */
  readonly next?: 'same' | 'another';
  /**
   * Whether the master goes without a word and another takes over. Redis may answer a write in the moment before it sends
   * it to its replicas: the last one of each client before the silence may be lost then, and no other.
   *
   * @default false
   */
  readonly sudden?: boolean;
  /**
   * Why acknowledged writes may be lost: then they are counted and not judged.
   *
   * @default - none may be lost
   */
  readonly mayLose?: string;
  /**
   * The alerts above info that it raises while it lasts. They end when the cluster is healthy.
   *
   * @default - none
   */
  readonly alerts?: AlertName[];
  /**
   * Whether CI leaves it out, for another row shows nearly the same or the wait is long.
   *
   * @default false
   */
  readonly thorough?: boolean;
  /**
   * Whether it takes a machine or a cable away, which needs a program in CLUSTER_TOOL.
   *
   * @default false
   */
  readonly takesMachines?: boolean;
}

/** Failures that need the same kind of cluster. */
export interface Scene<F extends Failure = Failure> {
  /** Part of a namespace's name. */
  readonly name: string;
  readonly props: RedisSentinelClusterProps;
  readonly patch?: Patch;
  readonly failures: F[];
  /**
   * Whether CI leaves all of it out.
   *
   * @default false
   */
  readonly thorough?: boolean;
}
