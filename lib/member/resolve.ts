import { Duration, Size } from 'cdk8s';
import { ContainerResources, k8s } from '../core/kplus';
import { reserved } from '../core/quantities';
import * as defaults from '../defaults';
import { memberLabels } from '../identity/labels';
import { serviceHost } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { ImageOptions } from '../image/props';
import { ResolvedImage, resolveImage } from '../image/resolve';
import { ResolvedStorage, resolveStorage } from '../storage/resolve';
import { MemberOptions, PodOptions, SchedulingOptions, Spread } from './props';

/** One Deployment: a node or a sentinel. */
export interface ResolvedMember extends ResolvedImage {
  readonly component: 'node' | 'sentinel';
  readonly role: 'master' | 'replica' | 'sentinel';
  /** Where its own options are in the props. */
  readonly property: string;
  /** Where those of all of its kind are. */
  readonly groupProperty: string;
  readonly name: string;
  /** How clients know it. */
  readonly host: string;
  /** How the others know it: its Service, or an address of its own. */
  readonly announced: string;
  readonly announceHost: string | undefined;
  readonly hostNetwork: boolean;
  readonly port: number;
  readonly resources: ContainerResources;
  readonly keeperResources: ContainerResources;
  readonly storage: ResolvedStorage;
  readonly scheduling: SchedulingOptions & { readonly spread: Spread };
  readonly pod: ResolvedPod;
  readonly deployment: ResolvedDeployment;
  readonly times: Times;
}

export interface ResolvedDeployment {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly selector: Record<string, string>;
  readonly strategy: k8s.DeploymentStrategy;
  readonly revisionHistoryLimit: number;
  readonly terminationGracePeriod: Duration;
  readonly progressDeadline: Duration;
}

/** What is the same for all nodes, or for all sentinels. */
export interface Group {
  readonly component: 'node' | 'sentinel';
  readonly property: string;
  readonly image: ImageOptions | undefined;
  readonly options: MemberOptions & { readonly keeperResources?: ContainerResources };
  readonly port: number;
  readonly resources: ContainerResources;
  readonly keeperResources: ContainerResources;
  readonly claimSize: Size;
  readonly count: number;
  /** What the largest of them can have in memory; nothing that must be read or written where it is left out. */
  readonly memory?: Size;
}

/** What one of them has of its own. */
export interface Own {
  readonly role: ResolvedMember['role'];
  readonly defaultName: string;
  readonly property: string;
  readonly options: MemberOptions | undefined;
}

export function resolveMember(
  cluster: ResolvedIdentity,
  group: Group,
  { role, defaultName, property, options: own = {} }: Own,
): ResolvedMember {
  const { options, component } = group;
  const name = own.name ?? defaultName;
  const announceHost = own.announceHost ?? options.announceHost;
  const storage = resolveStorage(name, group.claimSize, own.storage ?? options.storage ?? defaults.STORAGE);
  const given = { ...options.deployment, ...own.deployment };
  const times = timesOf(group);
  const gracePeriod = given.terminationGracePeriod ?? times.grace;
  return {
    component,
    role,
    property,
    groupProperty: group.property,
    name,
    host: announceHost ?? serviceHost(name, cluster.namespace),
    announced: announceHost ?? name,
    announceHost,
    hostNetwork: own.hostNetwork ?? options.hostNetwork ?? defaults.HOST_NETWORK,
    port: group.port,
    ...resolveImage({ ...group.image, ...options.image, ...own.image }),
    resources: own.resources ?? options.resources ?? group.resources,
    keeperResources: options.keeperResources ?? group.keeperResources,
    storage,
    scheduling: { spread: defaults.SPREAD, ...options.scheduling, ...own.scheduling },
    pod: mergePods(options.pod ?? {}, own.pod ?? {}),
    times,
    deployment: {
      selector: memberLabels(cluster.name, component, name),
      strategy: defaults.STRATEGY,
      revisionHistoryLimit: defaults.REVISION_HISTORY_LIMIT,
      terminationGracePeriod: gracePeriod,
      progressDeadline: longestRollout(storage.size, gracePeriod),
      ...given,
      labels: { ...options.deployment?.labels, ...own.deployment?.labels },
      annotations: { ...options.deployment?.annotations, ...own.deployment?.annotations },
    },
  };
}

/** 1 to `count`: numbers of replicas, or of sentinels. */
export function ordinals(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** How many members there are to be. */
export interface GivenCounts {
  readonly nodes?: { readonly replicas?: number };
  readonly sentinels?: { readonly count?: number };
}

/** What a keeper has by default: it asks all nodes at once, or all sentinels. */
export function keeperResourcesFor({ nodes, sentinels }: GivenCounts): ContainerResources {
  const asked = Math.max(1 + (nodes?.replicas ?? defaults.REPLICAS), sentinels?.count ?? defaults.SENTINELS);
  const more = Math.max(0, asked - defaults.SENTINELS) * defaults.KEEPER_MEMORY_EACH.toMebibytes();
  const memory = Size.mebibytes(defaults.KEEPER_MEMORY.toMebibytes() + more);
  return reserved(defaults.KEEPER_CPU, memory);
}

/** How long a stop takes at most. */
export interface Times {
  /** Until another that has stopped answers again. */
  readonly comeback: Duration;
  /** What a member needs when its turn has come. */
  readonly leaving: Duration;
  /** All others may stop first, one after another, and come back; then this one leaves. */
  readonly grace: Duration;
}

/** A node that stops writes all that it has. It comes back when it has read that, and perhaps copied and written it again. */
function timesOf({ component, count, memory = Size.kibibytes(0) }: Group): Times {
  const once = timeFor(memory).toSeconds();
  const handOver = component === 'node' ? defaults.HAND_OVER.toSeconds() : 0;
  const leaving = handOver + defaults.SHUTDOWN.toSeconds() + once;
  const comeback = defaults.COMEBACK.toSeconds() + 2 * once;
  const grace = (count - 1) * (comeback + 2 * once) + leaving;
  return {
    comeback: Duration.seconds(comeback),
    leaving: Duration.seconds(leaving),
    grace: Duration.seconds(grace),
  };
}

/** A pod that waits for its turn is no failed rollout, nor is one that copies its data. */
function longestRollout(size: Size, gracePeriod: Duration): Duration {
  const work = Math.max(defaults.PROGRESS_DEADLINE.toSeconds(), timeFor(size).toSeconds());
  return Duration.seconds(gracePeriod.toSeconds() + work);
}

/** How long it takes at most to read, write or copy a full volume of this size. */
export function timeFor(size: Size): Duration {
  return Duration.seconds(Math.ceil((size.toKibibytes() / 1024 ** 2) * defaults.TIME_PER_GIB.toSeconds()));
}

/** What a group and a member have in a pod. */
export type ResolvedPod = Required<Omit<PodOptions, 'serviceAccountName'>> & Pick<PodOptions, 'serviceAccountName'>;

function mergePods(group: PodOptions, own: PodOptions): ResolvedPod {
  const serviceAccountName = own.serviceAccountName ?? group.serviceAccountName;
  return {
    labels: { ...group.labels, ...own.labels },
    annotations: { ...group.annotations, ...own.annotations },
    env: [...(group.env ?? []), ...(own.env ?? [])],
    volumes: [...(group.volumes ?? []), ...(own.volumes ?? [])],
    volumeMounts: [...(group.volumeMounts ?? []), ...(own.volumeMounts ?? [])],
    initContainers: [...(group.initContainers ?? []), ...(own.initContainers ?? [])],
    containers: [...(group.containers ?? []), ...(own.containers ?? [])],
    ...(serviceAccountName !== undefined && { serviceAccountName }),
  };
}
