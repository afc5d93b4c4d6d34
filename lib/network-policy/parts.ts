import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { clusterLabels, componentLabels, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ClientOptions } from '../props';
import { ResolvedCluster } from '../resolve';

/** Who may reach whom: the members one another, the chosen clients all of them, the members a resolver; nothing else. */
export class NetworkPolicies extends Construct {
  public constructor(scope: Construct, id: string, cluster: ResolvedCluster) {
    super(scope, id);
    if (!cluster.networkPolicy.enabled) return;
    this.createPolicy(cluster, 'node', naming.nodes(cluster.name), cluster.redisPort);
    this.createPolicy(cluster, 'sentinel', naming.sentinels(cluster.name), cluster.sentinelPort);
  }

  private createPolicy(cluster: ResolvedCluster, component: 'node' | 'sentinel', name: string, port: number): void {
    const members = { podSelector: { matchLabels: clusterLabels(cluster.name) } };
    new k8s.KubeNetworkPolicy(this, component, {
      metadata: objectMetadata(cluster, name),
      spec: {
        podSelector: { matchLabels: componentLabels(cluster.name, component) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [members, ...cluster.networkPolicy.clients.map(clientPeer)], ports: [tcp(port)] }],
        egress: [
          { to: [members], ports: [tcp(cluster.redisPort), tcp(cluster.sentinelPort)] },
          {
            ports: cluster.networkPolicy.dnsPorts.flatMap((dns) => [
              { protocol: 'UDP', port: k8s.IntOrString.fromNumber(dns) },
              tcp(dns),
            ]),
          },
        ],
      },
    });
  }
}

function clientPeer({ podLabels, namespaceLabels }: ClientOptions): k8s.NetworkPolicyPeer {
  return {
    // A peer without any selector is no peer: the API refuses it.
    ...((podLabels !== undefined || namespaceLabels === undefined) && {
      podSelector: { matchLabels: podLabels ?? {} },
    }),
    ...(namespaceLabels !== undefined && { namespaceSelector: { matchLabels: namespaceLabels } }),
  };
}

function tcp(port: number): k8s.NetworkPolicyPort {
  return { protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) };
}
