import { selects, type Labels, type NetworkPolicy, type NetworkPolicyPeer, type NetworkPolicyPort } from './manifests';

export interface Pod {
  readonly labels: Labels;
  readonly namespace: { readonly name: string; readonly labels: Labels };
  /** Has its machine's address: most networks then take it for no pod at all. */
  readonly hostNetwork?: boolean;
}

export interface Target {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** Whether a connection is let through by policies of one namespace, as Kubernetes defines it. */
export function isAllowed(policies: NetworkPolicy[], namespace: string, from: Pod, to: Pod, target: Target): boolean {
  return leaves(policies, namespace, from, to, target) && enters(policies, namespace, from, to, target);
}

/** A pod that no policy selects may connect to everything. */
export function leaves(policies: NetworkPolicy[], namespace: string, from: Pod, to: Pod, target: Target): boolean {
  const selecting = policies.filter((policy) => isSelected(policy, 'Egress', namespace, from));
  const rules = selecting.flatMap(({ spec }) => spec.egress ?? []);
  return selecting.length === 0 || rules.some((rule) => matches(rule.to, rule.ports, namespace, to, target));
}

/** A pod that no policy selects may be connected to by everything. */
export function enters(policies: NetworkPolicy[], namespace: string, from: Pod, to: Pod, target: Target): boolean {
  const selecting = policies.filter((policy) => isSelected(policy, 'Ingress', namespace, to));
  const rules = selecting.flatMap(({ spec }) => spec.ingress ?? []);
  return selecting.length === 0 || rules.some((rule) => matches(rule.from, rule.ports, namespace, from, target));
}

function isSelected({ spec }: NetworkPolicy, type: string, namespace: string, pod: Pod): boolean {
  const inNamespace = pod.namespace.name === namespace;
  const isPod = inNamespace && pod.hostNetwork !== true;
  return spec.policyTypes.includes(type) && isPod && selects(spec.podSelector.matchLabels, pod.labels);
}

/** A rule without peers is for all of them, and one without ports for all ports. */
function matches(
  peers: NetworkPolicyPeer[] = [],
  ports: NetworkPolicyPort[] = [],
  namespace: string,
  pod: Pod,
  target: Target,
): boolean {
  const isPort = ({ port, protocol }: NetworkPolicyPort) => port === target.port && protocol === target.protocol;
  return (
    (peers.length === 0 || peers.some((peer) => isPeer(peer, namespace, pod))) &&
    (ports.length === 0 || ports.some(isPort))
  );
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, namespace: string, pod: Pod): boolean {
  if (ipBlock !== undefined || pod.hostNetwork === true) return false; // networks outside, which have no pods
  if (podSelector === undefined && namespaceSelector === undefined) throw new Error('the API refuses an empty peer');
  const inNamespace =
    namespaceSelector === undefined
      ? pod.namespace.name === namespace
      : selects(namespaceSelector.matchLabels ?? {}, pod.namespace.labels);
  return inNamespace && selects(podSelector?.matchLabels ?? {}, pod.labels);
}
