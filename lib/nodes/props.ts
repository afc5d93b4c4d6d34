import { ContainerResources } from '../core/kplus';
import { MemberOptions } from '../member/props';

/** The Redis servers. What is given here holds for each of them, unless `master` or `replicaOverrides` says otherwise. */
export interface NodesOptions extends MemberOptions {
  /**
   * Number of replicas, 0 to 9. None needs {@link Risk.NO_REPLICA}.
   *
   * @default 2
   */
  readonly replicas?: number;

  /** Port, 1 to 65535. @default 6379 */
  readonly port?: number;

  /** What the first master's Deployment has of its own. @default - nothing */
  readonly master?: MemberOptions;

  /**
   * What a replica's Deployment has of its own, by its number: `{ replica2: { scheduling: { zone: 'z3' } } }`.
   *
   * @default - nothing
   */
  readonly replicaOverrides?: ReplicaOverrides;

  /**
   * CPU and memory of the keeper beside each server. It asks all nodes at once, or all sentinels, and needs memory for each.
   *
   * @default - 10m CPU, no CPU limit, 32 MiB memory, and 6 MiB more for each beyond three of the nodes, or of the sentinels where those are more
   */
  readonly keeperResources?: ContainerResources;
}

/**
 * What single replicas have of their own. Members and not a map, so that a misspelt one is an error in every language.
 *
 * @example
 * { replica1: { scheduling: { zone: 'z2' } }, replica2: { scheduling: { zone: 'z3' } } }
 */
export interface ReplicaOverrides {
  /** Replica 1. @default - as the others */
  readonly replica1?: MemberOptions;
  /** Replica 2. @default - as the others */
  readonly replica2?: MemberOptions;
  /** Replica 3. @default - as the others */
  readonly replica3?: MemberOptions;
  /** Replica 4. @default - as the others */
  readonly replica4?: MemberOptions;
  /** Replica 5. @default - as the others */
  readonly replica5?: MemberOptions;
  /** Replica 6. @default - as the others */
  readonly replica6?: MemberOptions;
  /** Replica 7. @default - as the others */
  readonly replica7?: MemberOptions;
  /** Replica 8. @default - as the others */
  readonly replica8?: MemberOptions;
  /** Replica 9. @default - as the others */
  readonly replica9?: MemberOptions;
}
