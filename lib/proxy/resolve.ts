import { Duration, Size } from 'cdk8s';
import { ResolvedConfigMap } from '../config-maps/resolve';
import { SCRIPT_FILES } from '../config-maps/script-files';
import { PROXY_SCRIPTS } from '../config-maps/scripts';
import { ContainerResources, ImagePullPolicy } from '../core/kplus';
import { reserved } from '../core/quantities';
import * as defaults from '../defaults';
import { naming, serviceHost } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { imageName } from '../image/resolve';
import { ResolvedMember } from '../member/resolve';
import { ResolvedMetrics } from '../metrics/resolve';
import { GivenNodes, ResolvedNodes, resolveNodes } from '../nodes/resolve';
import { ResolvedSentinels, majorityOf } from '../sentinels/resolve';
import { ResolvedTls } from '../tls/resolve';
import { Proxied, haproxyConfig } from './haproxy';
import { ProxyOptions, ProxyService, TrafficPolicy, WhenSentinelsAreAway } from './props';
import { tunnelConfig } from './tunnel';

export interface ResolvedReads {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly maxLag: Duration;
  readonly fallBackToMaster: boolean;
}

export interface ResolvedProxyOptions {
  readonly name: string;
  /** How clients know it. */
  readonly host: string;
  readonly replicas: number;
  readonly port: number;
  readonly healthPort: number;
  readonly reads: ResolvedReads | undefined;
  readonly whenSentinelsAreAway: WhenSentinelsAreAway;
  readonly checkInterval: Duration;
  readonly maxConnections: number;
  readonly service: {
    readonly kind: ProxyService['_kind'];
    readonly options: ProxyService['_options'];
    /** Undefined where nobody comes from outside. */
    readonly trafficPolicy: TrafficPolicy | undefined;
  };
  readonly drain: Duration;
  readonly image: string;
  readonly pullPolicy: ImagePullPolicy;
  readonly resources: ContainerResources;
  /** What its pods have in common with those of the nodes. */
  readonly as: ResolvedMember;
  /** Its configuration and its scripts. */
  readonly files: ResolvedConfigMap;
}

export interface ResolvedProxy {
  /** Undefined where nobody asked for one. */
  readonly proxy: ResolvedProxyOptions | undefined;
}

/** Names of its Services, of which the first is that of its Deployment too. */
export function proxyNames({ proxy }: ResolvedProxy): string[] {
  return proxy === undefined ? [] : [proxy.name, ...(proxy.reads === undefined ? [] : [proxy.reads.name])];
}

interface Given extends GivenNodes {
  readonly proxy?: ProxyOptions;
}

type Cluster = ResolvedIdentity & ResolvedNodes & ResolvedSentinels & ResolvedTls & ResolvedMetrics;

export function resolveProxy(props: Given, cluster: Cluster): ResolvedProxy {
  const options = props.proxy;
  const as = options && likeNodes(props, cluster, options);
  if (as === undefined) return { proxy: undefined };
  const { reads, service = defaults.PROXY_SERVICE, image = {} } = options ?? {};
  const name = naming.proxy(cluster.name);
  const maxConnections = options?.maxConnections ?? defaults.PROXY_CONNECTIONS;
  const decided = {
    port: options?.port ?? defaults.REDIS_PORT,
    healthPort: options?.healthPort ?? defaults.PROXY_HEALTH_PORT,
    whenSentinelsAreAway: options?.whenSentinelsAreAway ?? defaults.WHEN_SENTINELS_ARE_AWAY,
    checkInterval: options?.checkInterval ?? intervalFor(cluster.downAfter),
    maxConnections,
    reads: reads && {
      name: naming.reads(cluster.name),
      host: serviceHost(naming.reads(cluster.name), cluster.namespace),
      port: reads.port ?? defaults.PROXY_READS_PORT,
      maxLag: reads.maxLag ?? defaults.PROXY_MAX_LAG,
      fallBackToMaster: reads.fallBackToMaster ?? defaults.FALL_BACK_TO_MASTER,
    },
  };
  const trafficPolicy =
    service._kind === 'ClusterIP' ? undefined : (service._options.trafficPolicy ?? defaults.PROXY_TRAFFIC_POLICY);
  const proxied: Proxied = {
    ...cluster,
    ...decided,
    majority: majorityOf(cluster.sentinels.length),
    metrics: cluster.metrics !== undefined,
  };
  const scripts = PROXY_SCRIPTS.map((file) => [file, SCRIPT_FILES[file] ?? '']);
  const data = {
    ...(Object.fromEntries(scripts) as Record<string, string>),
    [CONFIG_FILE]: haproxyConfig(proxied),
    ...(cluster.tls !== undefined && { [TUNNEL_FILE]: tunnelConfig(proxied, cluster.tls.options) }),
  };
  return {
    proxy: {
      name,
      host: serviceHost(name, cluster.namespace),
      replicas: options?.replicas ?? defaults.PROXIES,
      ...decided,
      service: { kind: service._kind, options: service._options, trafficPolicy },
      drain:
        options?.drain ?? (trafficPolicy === TrafficPolicy.LOCAL ? defaults.PROXY_DRAIN_OUTSIDE : defaults.PROXY_DRAIN),
      image: imageName(
        image.repository ?? defaults.PROXY_IMAGE.repository,
        image.tag ?? (image.digest === undefined ? defaults.PROXY_IMAGE.tag : undefined),
        image.digest,
      ),
      pullPolicy: image.pullPolicy ?? defaults.PULL_POLICY,
      resources: options?.resources ?? reserved(defaults.PROXY_CPU, memoryFor(maxConnections, cluster)),
      as,
      files: { name: naming.hashed(name, data), data },
    },
  };
}

export const CONFIG_FILE = 'haproxy.cfg';
/** Of the process that puts TLS around the checks. */
export const TUNNEL_FILE = 'tunnel.cfg';

/** Pods that are made as those of the nodes are, without what is in them, what one has of its own, and where they run. */
function likeNodes(
  props: Given,
  cluster: ResolvedIdentity,
  { scheduling = {} }: ProxyOptions,
): ResolvedMember | undefined {
  const pod = props.nodes?.pod?.serviceAccountName;
  const nodes = {
    ...props.nodes,
    master: {},
    replicaOverrides: {},
    scheduling,
    pod: pod === undefined ? {} : { serviceAccountName: pod },
  };
  return resolveNodes({ ...props, nodes }, cluster).nodes[0];
}

function intervalFor(downAfter: Duration): Duration {
  const most = Math.floor(downAfter.toMilliseconds() / defaults.PROXY_CHECKS_IN_DOWN_AFTER);
  return Duration.millis(Math.min(defaults.PROXY_CHECK_INTERVAL.toMilliseconds(), most));
}

/** What so many connections need at most, when all of them are in the middle of something. */
export function memoryFor(connections: number, { tls }: ResolvedTls): Size {
  const kibibytes =
    defaults.PROXY_MEMORY.toKibibytes() +
    (tls === undefined ? 0 : defaults.TUNNEL_MEMORY.toKibibytes()) +
    connections * defaults.MEMORY_PER_CONNECTION.toKibibytes();
  return Size.mebibytes(Math.ceil(kibibytes / 1024));
}
