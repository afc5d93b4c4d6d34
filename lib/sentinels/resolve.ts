import { Duration } from 'cdk8s';
import * as defaults from '../defaults';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { ImageOptions } from '../image/props';
import { GivenCounts, Group, ResolvedMember, keeperResourcesFor, ordinals, resolveMember } from '../member/resolve';
import { SentinelOverrides, SentinelsOptions } from './props';

export interface ResolvedSentinels {
  readonly sentinels: ResolvedMember[];
  readonly sentinelPort: number;
  readonly quorum: number;
  readonly downAfter: Duration;
  readonly failoverTimeout: Duration;
  readonly parallelSyncs: number;
  /** Further directives of their file. */
  readonly sentinelDirectives: Record<string, string>;
  /** Sentinels that were given something of their own, whether there are as many or not. */
  readonly overriddenSentinels: string[];
}

/** What the sentinels are made from. */
interface GivenSentinels extends GivenCounts {
  readonly image?: ImageOptions;
  readonly sentinels?: SentinelsOptions;
}

export function resolveSentinels(props: GivenSentinels, cluster: ResolvedIdentity): ResolvedSentinels {
  const options = props.sentinels ?? {};
  const count = options.count ?? defaults.SENTINELS;
  const overrides = options.overrides ?? {};
  const group: Group = {
    component: 'sentinel',
    property: 'sentinels',
    image: props.image,
    options,
    port: options.port ?? defaults.SENTINEL_PORT,
    resources: defaults.SENTINEL_RESOURCES,
    keeperResources: keeperResourcesFor(props),
    claimSize: defaults.SENTINEL_CLAIM_SIZE,
    count,
  };
  return {
    sentinels: ordinals(count).map((ordinal) =>
      resolveMember(cluster, group, {
        role: 'sentinel',
        defaultName: naming.sentinel(cluster.name, ordinal),
        property: `sentinels.overrides.sentinel${ordinal}`,
        options: overrides[`sentinel${ordinal}` as keyof SentinelOverrides],
      }),
    ),
    sentinelPort: group.port,
    quorum: options.quorum ?? majorityOf(count),
    downAfter: options.downAfter ?? defaults.DOWN_AFTER,
    failoverTimeout: options.failoverTimeout ?? defaults.FAILOVER_TIMEOUT,
    parallelSyncs: options.parallelSyncs ?? defaults.PARALLEL_SYNCS,
    sentinelDirectives: options.directives ?? {},
    overriddenSentinels: Object.keys(overrides),
  };
}

export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}
