import { Duration } from 'cdk8s';
import { ContainerResources, ImagePullPolicy } from '../core/kplus';
import { SchedulingOptions } from '../member/props';

/**
 * One address for clients that know no Sentinel: HAProxy, which leads them to the master and follows it.
 *
 * A connection is led to a node only while that says that it is master and a majority of the sentinels names it, and is cut when
 * either ends: a client that has lost its connection connects again, to the same address. docs/proxy.md has more.
 *
 * @example
 * { proxy: { reads: {} } }
 */
export interface ProxyOptions {
  /** How many there are, 1 to 9. One alone needs {@link Risk.SINGLE_PROXY}. @default 2 */
  readonly replicas?: number;

  /** Port for writes, and for reads that must see them, 1024 to 65535. @default 6379 */
  readonly port?: number;

  /** A second address, for reads that may be a little old. @default - none */
  readonly reads?: ProxyReadsOptions;

  /**
   * What happens when the proxies reach no majority of the sentinels that names one master.
   *
   * @default WhenSentinelsAreAway.REFUSE
   */
  readonly whenSentinelsAreAway?: WhenSentinelsAreAway;

  /**
   * How often each sentinel is asked for each node, and each node for its role, whole milliseconds, 50 to 5,000 and at most a
   * twentieth of `sentinels.downAfter`: clients must have lost a master before another one is made. Every proxy asks.
   *
   * @default - a quarter of a second, or a twentieth of `sentinels.downAfter` where that is less
   */
  readonly checkInterval?: Duration;

  /** Clients of one proxy at a time, by both addresses together, 10 to 1,000,000. Further ones wait. @default 4000 */
  readonly maxConnections?: number;

  /** How clients reach the proxies. @default ProxyService.clusterIp() */
  readonly service?: ProxyService;

  /**
   * How long a proxy that is told to stop goes on serving, whole seconds, 5 seconds to 10 minutes: until nobody sends it new
   * connections. A balancer of a provider's takes its interval times its threshold to find out that a machine has no proxy any more;
   * where that is longer, new connections fail in every rollout and drain.
   *
   * @default - 5 seconds, and 30 for a way in from outside with TrafficPolicy.LOCAL
   * @see https://kubernetes.io/docs/tutorials/services/pods-and-endpoint-termination-flow/
   */
  readonly drain?: Duration;

  /** Port of health and metrics, 1024 to 65535. @default 8404 */
  readonly healthPort?: number;

  /** What the proxies run. @default - a fixed version of HAProxy: docker.io/library/haproxy:3.2.26 */
  readonly image?: ProxyImageOptions;

  /**
   * CPU and memory of each. Given whole: what is left out has no request or limit.
   *
   * @default - 100m CPU, no CPU limit, 32 MiB memory, 24 MiB more with `tls`, and 32 KiB more for each of `maxConnections`
   */
  readonly resources?: ContainerResources;

  /** Where the pods may run. @default - anywhere, apart from one another where possible */
  readonly scheduling?: SchedulingOptions;
}

/** Reads by replicas. */
export interface ProxyReadsOptions {
  /** Port, 1024 to 65535. @default 6380 */
  readonly port?: number;

  /**
   * A replica that has heard nothing from its master for longer gets no reads, and those that it serves are cut, whole seconds, 1
   * second to 1 minute. One whose link is down, or that copies, gets none in any case.
   *
   * @default Duration.seconds(2)
   */
  readonly maxLag?: Duration;

  /** Whether the master serves reads while no replica may. @default true */
  readonly fallBackToMaster?: boolean;
}

/** What happens when no majority of the sentinels names one master. */
export enum WhenSentinelsAreAway {
  /** Nobody is led to the master any more: it may not be the master for long. */
  REFUSE = 'refuse',
  /**
   * A node that says that it is master keeps its clients, until a majority names another. While proxies are cut off from the sentinels
   * together with a master, clients write to that one until it finds itself without replicas: see `settings.minReplicasToWrite`.
   */
  KEEP_CURRENT = 'keep-current',
}

/** The image of the proxies. */
export interface ProxyImageOptions {
  /** Registry and repository. @default 'docker.io/library/haproxy' */
  readonly repository?: string;

  /** Tag: '3.2' or later. One that moves needs {@link Risk.MOVING_TAG}. @default - '3.2.26', where there is no digest */
  readonly tag?: string;

  /** Digest, `sha256:` and 64 hexadecimal digits. It decides; a tag beside it is for the reader. @default - none */
  readonly digest?: string;

  /** When the image is pulled. A registry's Secrets are those of the members: `image.pullSecrets`. @default ImagePullPolicy.IF_NOT_PRESENT */
  readonly pullPolicy?: ImagePullPolicy;
}

/** Which machines hand connections from outside on, and whether a proxy sees who it is. */
export enum TrafficPolicy {
  /** Those with a proxy. It sees the client's own address. */
  LOCAL = 'Local',
  /** All of them, each to any proxy. It sees the machine's address in place of the client's. */
  CLUSTER = 'Cluster',
}

/** What a way in from outside has, of whatever kind. */
export interface ProxyOutsideOptions {
  /**
   * Networks that clients are in, as `203.0.113.0/24`. Without them everybody who reaches the address may try passwords: that needs
   * {@link Risk.OPEN_TO_ALL}.
   *
   * @default - all
   */
  readonly sourceRanges?: string[];

  /** Annotations of the Service, by which providers take their settings. @default - none */
  readonly annotations?: Record<string, string>;

  /** Which machines hand connections on. @default - TrafficPolicy.LOCAL, by which the source ranges can be looked at */
  readonly trafficPolicy?: TrafficPolicy;
}

/** A balancer of the provider's. */
export interface ProxyLoadBalancerOptions extends ProxyOutsideOptions {
  /** Which kind of balancer, where there are several: `spec.loadBalancerClass`. @default - the provider's default */
  readonly loadBalancerClass?: string;
}

/** A port of every machine. */
export interface ProxyNodePortOptions extends ProxyOutsideOptions {
  /** Port for writes, of those that the cluster gives to Services. @default - Kubernetes chooses one */
  readonly port?: number;
  /** Port for reads. @default - Kubernetes chooses one */
  readonly readsPort?: number;
}

/** How clients reach the proxies. */
export class ProxyService {
  /** From inside the cluster only. */
  public static clusterIp(): ProxyService {
    return new ProxyService('ClusterIP', {});
  }

  /** From outside too, by a balancer of the provider's. */
  public static loadBalancer(options: ProxyLoadBalancerOptions = {}): ProxyService {
    return new ProxyService('LoadBalancer', options);
  }

  /** From outside too, by a port of every machine. */
  public static nodePort(options: ProxyNodePortOptions = {}): ProxyService {
    return new ProxyService('NodePort', options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'ClusterIP' | 'LoadBalancer' | 'NodePort',
    /** @internal */
    public readonly _options: ProxyLoadBalancerOptions & ProxyNodePortOptions,
  ) {}
}
