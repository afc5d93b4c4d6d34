import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import { Auth, PasswordSource } from './auth/props';
import * as defaults from './defaults';
import { ContainerResources, ImagePullPolicy, PersistentVolumeAccessMode, k8s } from './core/kplus';
import { clientLabels, memberLabels } from './identity/labels';
import { naming } from './identity/naming';
import { EnvContract, ImageOptions, Product } from './image/props';
import {
  ClientOptions,
  HealthCheckOptions,
  MetadataOptions,
  NodesOptions,
  RedisSentinelClusterProps,
  SentinelsOptions,
} from './props';
import { ResolvedPod, SchedulingOptions, Spread, WorkloadOptions, mergePods } from './workload/props';
import { Risk } from './risks';
import { SecurityOptions, resolveSecurity } from './security/props';
import { withoutUndefined } from './core/checks';
import { renderSetting, RedisSettings, SETTINGS, variableOf } from './settings/props';
import { Persistence, Storage } from './storage/props';

/** The props with every default filled in: what the rules judge and the parts are made from. Nothing reads raw props. */
export interface ResolvedCluster {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly masterName: string;
  readonly metadata: Required<MetadataOptions>;
  /** The first master, then the replicas in order. */
  readonly nodes: ResolvedWorkload[];
  readonly sentinels: ResolvedWorkload[];
  readonly redisPort: number;
  readonly sentinelPort: number;
  readonly quorum: number;
  readonly downAfter: Duration;
  readonly failoverTimeout: Duration;
  readonly parallelSyncs: number;
  readonly persistence: Persistence;
  readonly settings: ResolvedSettings;
  readonly sentinelDirectives: Record<string, string>;
  readonly passwords: Passwords;
  readonly authKind: Auth['_kind'];
  readonly security: Required<SecurityOptions>;
  readonly networkPolicy: { enabled: boolean; clients: ClientOptions[]; dnsPorts: number[] };
  readonly disruptionBudgets: boolean;
  /** How long the check waits, and its pod; undefined without one. */
  readonly healthCheck: { readonly timeout: Duration; readonly pod: ResolvedWorkload } | undefined;
  readonly acceptedRisks: Risk[];
  /** The props as they were given, for rules about what would do nothing. */
  readonly given: RedisSentinelClusterProps;
}

/** Settings that other rules reckon with, and all that is written into the nodes' configuration. */
export interface ResolvedSettings {
  readonly maxmemory: Size;
  readonly minReplicasToWrite: number;
  readonly minReplicasMaxLag: Duration;
  readonly replBacklogSize: Size;
  readonly replicaOutputBufferLimit: Size;
  readonly given: RedisSettings;
  /** Variables of the nodes' containers. */
  readonly variables: Record<string, string>;
}

export interface Passwords {
  readonly redis?: PasswordSource;
  readonly previousRedis?: PasswordSource;
  readonly sentinel?: PasswordSource;
  readonly previousSentinel?: PasswordSource;
}

/** One Deployment: a node or a sentinel. */
export interface ResolvedWorkload {
  readonly component: 'node' | 'sentinel';
  readonly role: 'master' | 'replica' | 'sentinel';
  /** Where its own options are in the props. */
  readonly property: string;
  readonly name: string;
  /** How the others know it: its Service, or an address of its own. */
  readonly announced: string;
  readonly announceHost: string | undefined;
  readonly hostNetwork: boolean;
  readonly port: number;
  readonly product: Product;
  readonly image: string;
  readonly imageTag: string | undefined;
  readonly imageDigest: string | undefined;
  readonly pullPolicy: ImagePullPolicy;
  readonly pullSecrets: string[];
  readonly envContract: EnvContract;
  readonly resources: ContainerResources;
  readonly keeperResources: ContainerResources;
  readonly storage: ResolvedStorage;
  readonly scheduling: SchedulingOptions & { readonly spread: Spread };
  readonly pod: ResolvedPod;
  readonly deployment: ResolvedDeployment;
}

export interface ResolvedStorage {
  readonly kind: Storage['_kind'];
  readonly claimName: string;
  readonly size: Size;
  readonly storageClassName: string | undefined;
  readonly accessMode: PersistentVolumeAccessMode;
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
interface Group {
  readonly cluster: string;
  readonly component: 'node' | 'sentinel';
  readonly image: ImageOptions | undefined;
  readonly options: NodesOptions | SentinelsOptions;
  readonly port: number;
  readonly resources: ContainerResources;
  readonly claimSize: Size;
  readonly count: number;
}

export function resolve(id: string, namespace: string | undefined, given: RedisSentinelClusterProps): ResolvedCluster {
  const props = withoutUndefined(given);
  const name = props.name ?? id;
  const persistence = props.persistence ?? Persistence.aof();
  const nodes = resolveNodes(name, props);
  const sentinels = resolveSentinels(name, props);
  const downAfter = props.sentinels?.downAfter ?? defaults.DOWN_AFTER;
  return {
    name,
    namespace,
    masterName: props.masterName ?? name,
    metadata: { labels: {}, annotations: {}, podLabels: {}, podAnnotations: {}, ...props.metadata },
    nodes,
    sentinels,
    redisPort: props.nodes?.port ?? defaults.REDIS_PORT,
    sentinelPort: props.sentinels?.port ?? defaults.SENTINEL_PORT,
    quorum: props.sentinels?.quorum ?? majorityOf(sentinels.length),
    downAfter,
    failoverTimeout: props.sentinels?.failoverTimeout ?? defaults.FAILOVER_TIMEOUT,
    parallelSyncs: props.sentinels?.parallelSyncs ?? defaults.PARALLEL_SYNCS,
    persistence,
    settings: resolveSettings(props.settings ?? {}, nodes, persistence, downAfter),
    sentinelDirectives: props.sentinels?.directives ?? {},
    passwords: resolvePasswords(name, props.auth ?? Auth.secret()),
    authKind: (props.auth ?? Auth.secret())._kind,
    security: resolveSecurity(props.security ?? {}),
    networkPolicy: {
      enabled: props.networkPolicy?.enabled ?? true,
      clients: props.networkPolicy?.clients ?? [{ podLabels: clientLabels(name) }],
      dnsPorts: props.networkPolicy?.dnsPorts ?? defaults.DNS_PORTS,
    },
    disruptionBudgets: props.disruptionBudgets ?? true,
    healthCheck: props.healthCheck && resolveCheck(name, props, props.healthCheck),
    acceptedRisks: props.acceptRisks ?? [],
    given: props,
  };
}

export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

function resolveNodes(cluster: string, props: RedisSentinelClusterProps): ResolvedWorkload[] {
  const options = props.nodes ?? {};
  const group: Group = {
    cluster,
    component: 'node',
    image: props.image,
    options,
    port: options.port ?? defaults.REDIS_PORT,
    resources: defaults.NODE_RESOURCES,
    claimSize: defaults.NODE_CLAIM_SIZE,
    count: 1 + (options.replicas ?? defaults.REPLICAS),
  };
  const replicas = ordinals(options.replicas ?? defaults.REPLICAS).map((ordinal) =>
    resolveWorkload(
      group,
      'replica',
      naming.replica(cluster, ordinal),
      `nodes.replicaOverrides.${ordinal}`,
      options.replicaOverrides?.[ordinal],
    ),
  );
  return [resolveWorkload(group, 'master', naming.master(cluster), 'nodes.master', options.master), ...replicas];
}

/** The pod of the check is made as those of the nodes are, without what is in them and what a single one has of its own. */
function resolveCheck(
  cluster: string,
  props: RedisSentinelClusterProps,
  { timeout }: HealthCheckOptions,
): ResolvedCluster['healthCheck'] {
  const pod = { ...props.nodes?.pod, annotations: {} };
  const nodes = resolveNodes(cluster, { ...props, nodes: { ...props.nodes, master: {}, replicaOverrides: {}, pod } });
  const longest = Duration.seconds(neededGrace('node', nodes.length).toSeconds() + 60);
  return nodes[0] && { timeout: timeout ?? longest, pod: nodes[0] };
}

function resolveSentinels(cluster: string, props: RedisSentinelClusterProps): ResolvedWorkload[] {
  const options = props.sentinels ?? {};
  const group: Group = {
    cluster,
    component: 'sentinel',
    image: props.image,
    options,
    port: options.port ?? defaults.SENTINEL_PORT,
    resources: defaults.SENTINEL_RESOURCES,
    claimSize: defaults.SENTINEL_CLAIM_SIZE,
    count: options.count ?? defaults.SENTINELS,
  };
  return ordinals(options.count ?? defaults.SENTINELS).map((ordinal) =>
    resolveWorkload(
      group,
      'sentinel',
      naming.sentinel(cluster, ordinal),
      `sentinels.overrides.${ordinal}`,
      options.overrides?.[ordinal],
    ),
  );
}

function ordinals(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function resolveWorkload(
  group: Group,
  role: ResolvedWorkload['role'],
  defaultName: string,
  property: string,
  own: WorkloadOptions = {},
): ResolvedWorkload {
  const { options, component } = group;
  const name = own.name ?? defaultName;
  const announceHost = own.announceHost ?? options.announceHost;
  const storage = resolveStorage(name, group.claimSize, own.storage ?? options.storage ?? Storage.claim());
  const given = { ...options.deployment, ...own.deployment };
  const gracePeriod = given.terminationGracePeriod ?? neededGrace(component, group.count);
  return {
    component,
    role,
    property,
    name,
    announced: announceHost ?? name,
    announceHost,
    hostNetwork: own.hostNetwork ?? options.hostNetwork ?? false,
    port: group.port,
    ...resolveImage({ ...group.image, ...options.image, ...own.image }),
    resources: own.resources ?? options.resources ?? group.resources,
    keeperResources: options.keeperResources ?? defaults.KEEPER_RESOURCES,
    storage,
    scheduling: { spread: Spread.PREFERRED, ...options.scheduling, ...own.scheduling },
    pod: mergePods(options.pod ?? {}, own.pod ?? {}),
    deployment: {
      selector: memberLabels(group.cluster, component, name),
      strategy: { type: 'Recreate' },
      revisionHistoryLimit: defaults.REVISION_HISTORY_LIMIT,
      terminationGracePeriod: gracePeriod,
      progressDeadline: longestRollout(storage.size, gracePeriod),
      ...given,
      labels: { ...options.deployment?.labels, ...own.deployment?.labels },
      annotations: { ...options.deployment?.annotations, ...own.deployment?.annotations },
    },
  };
}

/** All others may stop first, one after another; then this one hands over and stops. */
export function neededGrace(component: 'node' | 'sentinel', count: number): Duration {
  const turns = (count - 1) * defaults.COMEBACK.toSeconds();
  return Duration.seconds(turns + timeToLeave(component).toSeconds());
}

/** What a member needs when its turn has come. */
export function timeToLeave(component: 'node' | 'sentinel'): Duration {
  const handOver = component === 'node' ? defaults.HAND_OVER.toSeconds() : 0;
  return Duration.seconds(handOver + defaults.SHUTDOWN.toSeconds());
}

/** A pod that waits for its turn is no failed rollout, nor is one that copies its data. */
function longestRollout(size: Size, gracePeriod: Duration): Duration {
  return Duration.seconds(gracePeriod.toSeconds() + Math.max(defaults.PROGRESS_DEADLINE_SECONDS, perGibibyte(size)));
}

/** How long it takes at most to read, write or copy a full volume of this size. */
export function perGibibyte(size: Size): number {
  return Math.ceil((size.toKibibytes() / 1024 ** 2) * defaults.SECONDS_PER_GIB);
}

function resolveImage(
  image: ImageOptions,
): Pick<
  ResolvedWorkload,
  'product' | 'image' | 'imageTag' | 'imageDigest' | 'pullPolicy' | 'pullSecrets' | 'envContract'
> {
  const product = image.product ?? Product.REDIS;
  const known = defaults.IMAGES[product];
  const repository = image.repository ?? known.repository;
  const tag = image.tag ?? (image.repository === undefined && image.digest === undefined ? known.tag : undefined);
  return {
    product,
    image: `${repository}${tag === undefined ? '' : `:${tag}`}${image.digest === undefined ? '' : `@${image.digest}`}`,
    imageTag: tag,
    imageDigest: image.digest,
    pullPolicy: image.pullPolicy ?? ImagePullPolicy.IF_NOT_PRESENT,
    pullSecrets: image.pullSecrets ?? [],
    envContract: image.envContract ?? EnvContract.SCRIPTS,
  };
}

function resolveStorage(name: string, defaultSize: Size, { _kind: kind, _options: options }: Storage): ResolvedStorage {
  return {
    kind,
    claimName: options.claimName ?? name,
    size: options.size ?? options.sizeLimit ?? defaultSize,
    storageClassName: options.storageClassName,
    accessMode: options.accessMode ?? PersistentVolumeAccessMode.READ_WRITE_ONCE,
  };
}

function resolveSettings(
  given: RedisSettings,
  nodes: ResolvedWorkload[],
  persistence: Persistence,
  downAfter: Duration,
): ResolvedSettings {
  const replBacklogSize = given.replBacklogSize ?? defaults.REPL_BACKLOG_SIZE;
  const replicaOutputBufferLimit = given.replicaOutputBufferLimit ?? defaults.REPLICA_OUTPUT_BUFFER_LIMIT;
  const guarded = nodes.length - 1 >= defaults.GUARDED_FROM_REPLICAS;
  const decided = {
    maxmemory: given.maxmemory ?? largestMaxmemory(nodes, replBacklogSize, replicaOutputBufferLimit),
    minReplicasToWrite: given.minReplicasToWrite ?? (guarded ? 1 : 0),
    minReplicasMaxLag: given.minReplicasMaxLag ?? largestLag(downAfter),
    replBacklogSize,
    replicaOutputBufferLimit,
  };
  const replication = { replDisklessSyncDelay: Duration.seconds(0), replTimeout: defaults.REPL_TIMEOUT };
  const all: RedisSettings = { ...replication, ...given, ...decided };
  const variables: Record<string, string> = {
    [variableOf('save')]:
      persistence._savePoints.map(({ seconds, changes }) => `${seconds} ${changes}`).join(' ') || '""',
    ...(persistence._fsync !== undefined && { [variableOf('appendfsync')]: persistence._fsync }),
    // Files of a full copy have no place where nothing is to be on disk.
    ...(persistence._none && { [variableOf('rdb-del-sync-files')]: 'yes' }),
  };
  for (const [property, setting] of Object.entries(SETTINGS)) {
    const value: unknown = all[property as keyof RedisSettings];
    if (value === undefined) continue;
    for (const directive of setting.directives) {
      variables[variableOf(directive)] = renderSetting(setting.kind, value) || '""';
    }
  }
  for (const [directive, value] of Object.entries(given.directives ?? {})) variables[variableOf(directive)] = value;
  return { ...decided, given, variables };
}

/** What the smallest node can hold: a replica must be able to take over all that its master has. */
function largestMaxmemory(nodes: ResolvedWorkload[], backlog: Size, buffer: Size): Size {
  const limits = nodes.map(
    ({ resources }) => resources.memory?.limit?.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR }) ?? 0,
  );
  const shared = Math.max(backlog.toKibibytes(), buffer.toKibibytes()) / 1024;
  return Size.mebibytes(Math.max(0, Math.floor((Math.min(...limits) - shared) / defaults.MEMORY_FACTOR)));
}

function largestLag(downAfter: Duration): Duration {
  const seconds = Math.floor((downAfter.toMilliseconds() - defaults.GUARD_MARGIN.toMilliseconds()) / 1000);
  return Duration.seconds(Math.max(1, Math.min(3, seconds)));
}

function resolvePasswords(cluster: string, auth: Auth): Passwords {
  if (auth._kind === 'none') return {};
  if (auth._kind === 'plain') {
    const { password = '', sentinelPassword } = auth._options;
    return { redis: { value: password }, sentinel: { value: sentinelPassword ?? password } };
  }
  const { secretName = naming.authSecret(cluster), passwordKey = 'password', ...keys } = auth._options;
  const redis = { secretName, key: passwordKey };
  const previous = keys.previousPasswordKey;
  const sentinelKey = keys.sentinelPasswordKey;
  const previousSentinel = keys.previousSentinelPasswordKey ?? (sentinelKey === undefined ? previous : undefined);
  return {
    redis,
    sentinel: sentinelKey === undefined ? redis : { secretName, key: sentinelKey },
    ...(previous !== undefined && { previousRedis: { secretName, key: previous } }),
    ...(previousSentinel !== undefined && { previousSentinel: { secretName, key: previousSentinel } }),
  };
}
