import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { NOT_PRUNED, componentLabels, objectMetadata } from '../identity/labels';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedMetrics } from '../metrics/resolve';
import { clientPeer, dns, letsIn, tcp, toMachines } from '../network-policy/parts';
import { ResolvedNetworkPolicy } from '../network-policy/resolve';
import { ResolvedDisruptionBudgets } from '../disruption-budgets/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { PlannedPod } from '../pod/plan';
import { ResolvedSentinels } from '../sentinels/resolve';
import { PROGRESS_DEADLINE, REVISION_HISTORY_LIMIT } from '../defaults';
import { PROXY, READS, WRITES } from './pod';
import { TrafficPolicy } from './props';
import { ResolvedProxy, ResolvedProxyOptions } from './resolve';

/** The proxies, as Kubernetes has them. */
export interface ProxyProps {
  /** Configuration and scripts. @default - none */
  readonly files?: k8s.KubeConfigMapProps;
  /** The pods. @default - none */
  readonly deployment?: k8s.KubeDeploymentProps;
  /** The address for writes. @default - none */
  readonly service?: k8s.KubeServiceProps;
  /** The address for reads. @default - none */
  readonly readsService?: k8s.KubeServiceProps;
  /** How many a drain must leave. @default - none */
  readonly disruptionBudget?: k8s.KubePodDisruptionBudgetProps;
  /** Who may reach the proxies. @default - no policy */
  readonly networkPolicy?: k8s.KubeNetworkPolicyProps;
}

/** One address for clients that know no Sentinel. */
export class Proxy extends Construct {
  /** Configuration and scripts; undefined where there are no proxies. */
  public readonly files: k8s.KubeConfigMap | undefined;
  /** The pods; undefined where there are none. */
  public readonly deployment: k8s.KubeDeployment | undefined;
  /** The address for writes; undefined where there is none. */
  public readonly service: k8s.KubeService | undefined;
  /** The address for reads; undefined where there is none. */
  public readonly readsService: k8s.KubeService | undefined;
  /** How many a drain must leave; undefined where it may take all. */
  public readonly disruptionBudget: k8s.KubePodDisruptionBudget | undefined;
  /** Who may reach the proxies; undefined where everybody may, or there are none. */
  public readonly networkPolicy: k8s.KubeNetworkPolicy | undefined;

  public constructor(scope: Construct, id: string, props: ProxyProps) {
    super(scope, id);
    this.files = props.files && new k8s.KubeConfigMap(this, 'files', props.files);
    this.deployment = props.deployment && new k8s.KubeDeployment(this, 'deployment', props.deployment);
    this.service = props.service && new k8s.KubeService(this, 'service', props.service);
    this.readsService = props.readsService && new k8s.KubeService(this, 'reads-service', props.readsService);
    this.disruptionBudget =
      props.disruptionBudget && new k8s.KubePodDisruptionBudget(this, 'disruption-budget', props.disruptionBudget);
    this.networkPolicy = props.networkPolicy && new k8s.KubeNetworkPolicy(this, 'network-policy', props.networkPolicy);
  }
}

type Cluster = ResolvedIdentity &
  ResolvedNodes &
  ResolvedSentinels &
  ResolvedDisruptionBudgets &
  ResolvedNetworkPolicy &
  ResolvedMetrics &
  ResolvedProxy & { readonly pods: readonly PlannedPod[] };

/** For a reviewer who asks why. */
const FILES_STAY = 'Stays when nothing names it any more: a Deployment that is rolled back needs the one of its time.';
const LEADS = 'Leads to the node that says it is master, while a majority of the sentinels names it.';
const LEADS_READS = 'Leads to replicas whose link to the master is up.';

export function proxyProps(cluster: Cluster): ProxyProps {
  const { proxy } = cluster;
  const pod = cluster.pods.find(({ property }) => property === PROXY);
  if (proxy === undefined || pod === undefined) return {};
  const { name, files, replicas, reads, port } = proxy;
  return {
    files: {
      metadata: objectMetadata(cluster, files.name, { annotations: NOT_PRUNED, description: FILES_STAY }),
      immutable: true,
      data: files.data,
    },
    deployment: deployment(cluster, proxy, pod),
    service: service(cluster, proxy, { name, of: WRITES, port, nodePort: proxy.service.options.port, why: LEADS }),
    ...(reads !== undefined && {
      readsService: service(cluster, proxy, {
        name: reads.name,
        of: READS,
        port: reads.port,
        nodePort: proxy.service.options.readsPort,
        why: LEADS_READS,
      }),
    }),
    ...(cluster.disruptionBudgets && replicas > 1 && { disruptionBudget: disruptionBudget(cluster, proxy) }),
    ...(cluster.networkPolicy.enabled && { networkPolicy: networkPolicy(cluster, proxy) }),
  };
}

function deployment(
  cluster: Cluster,
  { name, replicas }: ResolvedProxyOptions,
  { template }: PlannedPod,
): k8s.KubeDeploymentProps {
  const selector = componentLabels(cluster.name, PROXY);
  const grace = template.spec?.terminationGracePeriodSeconds ?? 0;
  return {
    metadata: objectMetadata(cluster, name, { labels: selector }),
    spec: {
      replicas,
      revisionHistoryLimit: REVISION_HISTORY_LIMIT,
      // A new one may wait for the machine of one that drains.
      progressDeadlineSeconds: Math.max(PROGRESS_DEADLINE.toSeconds(), 2 * grace),
      strategy: {
        type: 'RollingUpdate',
        // A new one has found the master before an old one goes.
        rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(0), maxSurge: k8s.IntOrString.fromNumber(1) },
      },
      selector: { matchLabels: selector },
      template,
    },
  };
}

interface Address {
  readonly name: string;
  readonly of: string;
  readonly port: number;
  readonly nodePort: number | undefined;
  readonly why: string;
}

function service(
  cluster: Cluster,
  { service: { kind, options, trafficPolicy } }: ResolvedProxyOptions,
  { name, of, port, nodePort, why }: Address,
): k8s.KubeServiceProps {
  const selector = componentLabels(cluster.name, PROXY);
  const { annotations = {}, loadBalancerClass, sourceRanges } = options;
  return {
    metadata: objectMetadata(cluster, name, { labels: selector, annotations, description: why }),
    spec: {
      type: kind,
      selector,
      ...(trafficPolicy !== undefined && { externalTrafficPolicy: trafficPolicy }),
      ...(kind === 'LoadBalancer' && {
        ...(loadBalancerClass !== undefined && { loadBalancerClass }),
        ...(sourceRanges !== undefined && { loadBalancerSourceRanges: sourceRanges }),
      }),
      ports: [
        { name: of, port, targetPort: k8s.IntOrString.fromString(of), ...(nodePort !== undefined && { nodePort }) },
      ],
    },
  };
}

function disruptionBudget(
  cluster: Cluster,
  { name, replicas }: ResolvedProxyOptions,
): k8s.KubePodDisruptionBudgetProps {
  return {
    metadata: objectMetadata(cluster, name),
    spec: {
      minAvailable: k8s.IntOrString.fromNumber(replicas - 1),
      selector: { matchLabels: componentLabels(cluster.name, PROXY) },
      // One that knows no master serves nobody: it may be what a drain waits for to bring one back.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
}

function networkPolicy(cluster: Cluster, proxy: ResolvedProxyOptions): k8s.KubeNetworkPolicyProps {
  const {
    port,
    reads,
    healthPort,
    service: { options, trafficPolicy },
  } = proxy;
  const ports = [tcp(port), ...(reads === undefined ? [] : [tcp(reads.port)])];
  // Where machines hand connections on under their own addresses, nobody can say here who it is.
  const seen = trafficPolicy === TrafficPolicy.LOCAL;
  const networks = (seen ? options.sourceRanges : undefined) ?? ['0.0.0.0/0', '::/0'];
  const outside = trafficPolicy === undefined ? [] : networks.map((cidr) => ({ ipBlock: { cidr } }));
  const members = (component: 'node' | 'sentinel'): k8s.NetworkPolicyPeer => ({
    podSelector: { matchLabels: componentLabels(cluster.name, component) },
  });
  return {
    metadata: objectMetadata(cluster, proxy.name),
    spec: {
      podSelector: { matchLabels: componentLabels(cluster.name, PROXY) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        ...letsIn([...cluster.networkPolicy.clients.map(clientPeer), ...outside], ports),
        ...letsIn((cluster.metrics?.scrapers ?? []).map(clientPeer), [tcp(healthPort)]),
      ],
      egress: [
        { to: [members('node')], ports: [tcp(cluster.redisPort)] },
        { to: [members('sentinel')], ports: [tcp(cluster.sentinelPort)] },
        ...toMachines(cluster),
        dns(cluster.networkPolicy.dnsPorts),
      ],
    },
  };
}
