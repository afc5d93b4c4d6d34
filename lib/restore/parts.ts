import { Construct } from 'constructs';
import { targetPorts } from '../backup/target';
import { k8s } from '../core/kplus';
import { objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedNetworkPolicy } from '../network-policy/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { ResolvedRestore } from './resolve';

/** What a restore needs beside its pod, as Kubernetes has it. */
export interface RestoreProps {
  /** Lets the first master reach the store. @default - no policy */
  readonly networkPolicy?: k8s.KubeNetworkPolicyProps;
}

/** What a restore needs beside its pod. */
export class Restore extends Construct {
  /** Lets the first master reach the store; undefined where it does already, or nothing is restored. */
  public readonly networkPolicy: k8s.KubeNetworkPolicy | undefined;

  public constructor(scope: Construct, id: string, props: RestoreProps) {
    super(scope, id);
    this.networkPolicy = props.networkPolicy && new k8s.KubeNetworkPolicy(this, 'network-policy', props.networkPolicy);
  }
}

/** Beside that of the nodes: where each of several policies lets out may go out. */
export function restoreProps(
  cluster: ResolvedIdentity & ResolvedNodes & ResolvedNetworkPolicy & ResolvedRestore,
): RestoreProps {
  const { restore, nodes, networkPolicy } = cluster;
  const [master] = nodes;
  if (restore === undefined || master === undefined || !networkPolicy.enabled) return {};
  const store = targetPorts(restore.target);
  if (store.length === 0) return {};
  return {
    networkPolicy: {
      metadata: objectMetadata(cluster, naming.restore(cluster.name)),
      spec: {
        podSelector: { matchLabels: master.deployment.selector },
        policyTypes: ['Egress'],
        egress: [{ ports: store }],
      },
    },
  };
}
