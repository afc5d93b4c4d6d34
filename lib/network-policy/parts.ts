import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { JobComponent, clusterLabels, componentLabels, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { ResolvedSentinels } from '../sentinels/resolve';
import { ClientOptions } from './props';
import { ResolvedNetworkPolicy } from './resolve';

/** The policies of a cluster, as Kubernetes has them. */
export interface NetworkPoliciesProps {
  /** Who may reach the nodes. @default - no policy */
  readonly nodes?: k8s.KubeNetworkPolicyProps;
  /** Who may reach the sentinels. @default - no policy */
  readonly sentinels?: k8s.KubeNetworkPolicyProps;
}

/** Who may reach whom: the members one another, the chosen clients all of them, the members a resolver; nothing else. */
export class NetworkPolicies extends Construct {
  /** Who may reach the nodes; undefined where everybody may. */
  public readonly nodes: k8s.KubeNetworkPolicy | undefined;
  /** Who may reach the sentinels; undefined where everybody may. */
  public readonly sentinels: k8s.KubeNetworkPolicy | undefined;

  public constructor(scope: Construct, id: string, props: NetworkPoliciesProps) {
    super(scope, id);
    this.nodes = props.nodes && new k8s.KubeNetworkPolicy(this, 'node', props.nodes);
    this.sentinels = props.sentinels && new k8s.KubeNetworkPolicy(this, 'sentinel', props.sentinels);
  }
}

type Members = ResolvedNodes & ResolvedSentinels;
/** What every policy is made from. */
export type Policed = ResolvedIdentity & Members & ResolvedNetworkPolicy;

export function networkPoliciesProps(cluster: Policed): NetworkPoliciesProps {
  if (!cluster.networkPolicy.enabled) return {};
  return {
    nodes: policyProps(cluster, 'node', naming.nodes(cluster.name), cluster.redisPort),
    sentinels: policyProps(cluster, 'sentinel', naming.sentinels(cluster.name), cluster.sentinelPort),
  };
}

/** Members come from a machine's address where they have its network, and nobody can say here which those are. */
function policyProps(
  cluster: Policed,
  component: 'node' | 'sentinel',
  name: string,
  port: number,
): k8s.KubeNetworkPolicyProps {
  return {
    metadata: objectMetadata(cluster, name),
    spec: {
      podSelector: { matchLabels: componentLabels(cluster.name, component) },
      policyTypes: ['Ingress', 'Egress'],
      ingress:
        onMachines(cluster).length > 0
          ? [{ ports: [tcp(port)] }]
          : letsIn([members(cluster), ...cluster.networkPolicy.clients.map(clientPeer)], [tcp(port)]),
      egress: toMembers(cluster),
    },
  };
}

function members({ name }: ResolvedIdentity): k8s.NetworkPolicyPeer {
  return { podSelector: { matchLabels: clusterLabels(name) } };
}

/** And to a resolver, by which they are found. */
function toMembers(cluster: Policed): k8s.NetworkPolicyEgressRule[] {
  return [
    { to: [members(cluster)], ports: [tcp(cluster.redisPort), tcp(cluster.sentinelPort)] },
    ...toMachines(cluster),
    dns(cluster.networkPolicy.dnsPorts),
  ];
}

/** To members on the network of their machines, wherever these are: they have its address, and to policies are no pods. */
export function toMachines(cluster: Members): k8s.NetworkPolicyEgressRule[] {
  const ports = onMachines(cluster);
  return ports.length === 0 ? [] : [{ ports }];
}

function onMachines({ nodes, sentinels }: Members): k8s.NetworkPolicyPort[] {
  const ports = [...nodes, ...sentinels].filter(({ hostNetwork }) => hostNetwork).map(({ port }) => port);
  return [...new Set(ports)].map(tcp);
}

/** Of a Job: nobody reaches it; it reaches the members, a resolver, and these ports wherever they are. */
export function jobPolicyProps(
  cluster: Policed,
  component: JobComponent,
  name: string,
  ports: k8s.NetworkPolicyPort[],
): k8s.KubeNetworkPolicyProps {
  return {
    metadata: objectMetadata(cluster, name),
    spec: {
      podSelector: { matchLabels: componentLabels(cluster.name, component) },
      policyTypes: ['Ingress', 'Egress'],
      egress: [...toMembers(cluster), ...(ports.length > 0 ? [{ ports }] : [])],
    },
  };
}

/** Lets the first master out to these ports. Beside the policy of the nodes: where each of several lets out may go out. */
export function firstMasterPolicyProps(
  cluster: Policed,
  name: string,
  ports: k8s.NetworkPolicyPort[],
): k8s.KubeNetworkPolicyProps | undefined {
  const [master] = cluster.nodes;
  if (!cluster.networkPolicy.enabled || master === undefined || ports.length === 0) return undefined;
  return {
    metadata: objectMetadata(cluster, name),
    spec: {
      podSelector: { matchLabels: master.deployment.selector },
      policyTypes: ['Egress'],
      egress: [{ ports }],
    },
  };
}

/** A rule for these to come in. For Kubernetes a list without anybody is everybody, so nobody is no rule. */
export function letsIn(from: k8s.NetworkPolicyPeer[], ports: k8s.NetworkPolicyPort[]): k8s.NetworkPolicyIngressRule[] {
  return from.length === 0 ? [] : [{ from, ports }];
}

export function clientPeer({ podLabels, namespaceLabels }: ClientOptions): k8s.NetworkPolicyPeer {
  return {
    // A peer without any selector is no peer: the API refuses it.
    ...((podLabels !== undefined || namespaceLabels === undefined) && {
      podSelector: { matchLabels: podLabels ?? {} },
    }),
    ...(namespaceLabels !== undefined && { namespaceSelector: { matchLabels: namespaceLabels } }),
  };
}

/** A resolver, wherever it is. */
export function dns(ports: readonly number[]): k8s.NetworkPolicyEgressRule {
  return { ports: ports.flatMap((port) => [{ protocol: 'UDP', port: k8s.IntOrString.fromNumber(port) }, tcp(port)]) };
}

export function tcp(port: number): k8s.NetworkPolicyPort {
  return { protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) };
}
