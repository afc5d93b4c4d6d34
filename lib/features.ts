import { article } from './article/feature';
import { auth } from './auth/feature';
import { backup } from './backup/feature';
import { configMaps } from './config-maps/feature';
import { ResolvedConfigMaps, resolveConfigMaps } from './config-maps/resolve';
import { Check, Members, list, oneOf, withoutUndefined } from './core/checks';
import { Given, givenIn } from './core/given';
import { Rule } from './core/rule';
import { disruptionBudgets } from './disruption-budgets/feature';
import { healthCheck } from './health-check/feature';
import { identity } from './identity/feature';
import { Place } from './identity/resolve';
import { image } from './image/feature';
import { UsedImage } from './image/rules';
import { member } from './member/feature';
import { ResolvedMember } from './member/resolve';
import { memberPod } from './member/pod';
import { metrics } from './metrics/feature';
import { networkPolicy } from './network-policy/feature';
import { migration } from './migration/feature';
import { nodes } from './nodes/feature';
import { pod } from './pod/feature';
import { PlannedPod, PodAddition, containersOf } from './pod/plan';
import { RedisSentinelClusterProps } from './props';
import { restore } from './restore/feature';
import { proxy } from './proxy/feature';
import { Risk } from './risks';
import { security } from './security/feature';
import { sentinels } from './sentinels/feature';
import { settings } from './settings/feature';
import { storage } from './storage/feature';
import { tls } from './tls/feature';
import { users } from './users/feature';

/**
 * Everything that a cluster has, and the one list that each stage is composed from. A feature is resolved after those above
 * it, and adds to a pod in this order.
 */
const FEATURES = [
  identity,
  image,
  security,
  storage,
  configMaps,
  pod,
  member,
  auth,
  users,
  tls,
  nodes,
  sentinels,
  settings,
  article,
  networkPolicy,
  disruptionBudgets,
  healthCheck,
  backup,
  restore,
  migration,
  metrics,
  proxy,
  {
    checks: { acceptRisks: list(oneOf(Risk)) },
    resolve: ({ acceptRisks }: RedisSentinelClusterProps) => ({ acceptedRisks: acceptRisks ?? [] }),
  },
] as const;

/** How a feature takes part in each stage. All of it is optional, and all of it is pure. */
interface Feature {
  /** What each of its props must be by itself. */
  readonly checks?: object;
  /** Its props with every default filled in. */
  readonly resolve?: (props: RedisSentinelClusterProps, cluster: ResolvedCluster) => object;
  /** How it must fit together with the rest. */
  readonly rules?: readonly Rule<ResolvedCluster>[];
  /** What each of our containers knows of the whole cluster. */
  readonly variables?: (cluster: ResolvedCluster) => Record<string, string>;
  /** What it adds to a member's pod. */
  readonly pod?: (cluster: ResolvedCluster, member: ResolvedMember) => PodAddition;
  /** Pods that it has beside those of the members. */
  readonly pods?: (cluster: ResolvedCluster) => PlannedPod[];
}

/** Here the compiler sees whether all that a feature needs is resolved by one. */
const features: readonly Feature[] = FEATURES;

type Part<Stage extends string> = Extract<(typeof FEATURES)[number], Record<Stage, unknown>>;
type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The props with every default filled in, and the pods: what the rules judge and the objects are made from. */
export type ResolvedCluster = AllOf<ReturnType<Part<'resolve'>['resolve']>> &
  ResolvedConfigMaps &
  Place & {
    /** Where the props say anything. */
    readonly given: Given;
    /** Nodes, then sentinels. */
    readonly members: ResolvedMember[];
    /** Every pod as it will be rendered. */
    readonly pods: PlannedPod[];
    /** Every image of every pod, once. */
    readonly images: UsedImage[];
  };

/** A prop that no feature checks does not compile here. */
export const CHECKS: Members<RedisSentinelClusterProps> = Object.assign(
  {},
  ...features.map(({ checks }) => checks),
) as AllOf<Part<'checks'>['checks']> satisfies Record<string, Check>;

export const RULES: Rule<ResolvedCluster>[] = features.flatMap(({ rules = [] }) => rules);

export function resolve(props: RedisSentinelClusterProps, place: Place): ResolvedCluster {
  const given = withoutUndefined({ ...props });
  // Filled from above: what a feature reads is there when its turn comes.
  const cluster = { ...place, given: givenIn(given) } as ResolvedCluster;
  const add = (part: Partial<ResolvedCluster>): ResolvedCluster => Object.assign(cluster, part);
  for (const feature of features) add(feature.resolve?.(given, cluster) ?? {});
  add({ members: [...cluster.nodes, ...cluster.sentinels] });
  const variables = features.map((feature) => feature.variables?.(cluster));
  add(resolveConfigMaps(cluster, Object.assign({}, ...variables) as Record<string, string>));
  add({ pods: podsOf(cluster) });
  return add({ images: imagesOf(cluster.pods) });
}

function podsOf(cluster: ResolvedCluster): PlannedPod[] {
  const additions = (one: ResolvedMember): PodAddition[] =>
    features.map((feature) => feature.pod?.(cluster, one) ?? {});
  return [
    ...cluster.members.map((one) => memberPod(cluster, one, additions(one))),
    ...features.flatMap((feature) => feature.pods?.(cluster) ?? []),
  ];
}

function imagesOf(pods: PlannedPod[]): UsedImage[] {
  const used = pods.flatMap(containersOf).map(({ container, imageAt }) => ({
    image: container.image ?? '',
    property: imageAt,
  }));
  return used.filter(({ image }, index) => used.findIndex((other) => other.image === image) === index);
}
