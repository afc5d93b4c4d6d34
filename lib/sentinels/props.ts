import { Duration } from 'cdk8s';
import { ContainerResources } from '../core/kplus';
import { MemberOptions } from '../member/props';

/** The sentinels. What is given here holds for each of them, unless `overrides` says otherwise. */
export interface SentinelsOptions extends MemberOptions {
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
   * @default Duration.seconds(5)
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

  /** What a sentinel's Deployment has of its own, by its number: `{ sentinel3: { … } }`. @default - nothing */
  readonly overrides?: SentinelOverrides;

  /**
   * CPU and memory of the keeper beside each sentinel. It asks all nodes at once, or all sentinels, and needs memory for each.
   *
   * @default - 10m CPU, no CPU limit, 32 MiB memory, and 6 MiB more for each beyond three of the nodes, or of the sentinels where those are more
   */
  readonly keeperResources?: ContainerResources;
}

/** What single sentinels have of their own. Members and not a map, so that a misspelt one is an error in every language. */
export interface SentinelOverrides {
  /** Sentinel 1. @default - as the others */
  readonly sentinel1?: MemberOptions;
  /** Sentinel 2. @default - as the others */
  readonly sentinel2?: MemberOptions;
  /** Sentinel 3. @default - as the others */
  readonly sentinel3?: MemberOptions;
  /** Sentinel 4. @default - as the others */
  readonly sentinel4?: MemberOptions;
  /** Sentinel 5. @default - as the others */
  readonly sentinel5?: MemberOptions;
  /** Sentinel 6. @default - as the others */
  readonly sentinel6?: MemberOptions;
  /** Sentinel 7. @default - as the others */
  readonly sentinel7?: MemberOptions;
  /** Sentinel 8. @default - as the others */
  readonly sentinel8?: MemberOptions;
  /** Sentinel 9. @default - as the others */
  readonly sentinel9?: MemberOptions;
}
