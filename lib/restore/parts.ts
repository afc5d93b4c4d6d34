import { Construct } from 'constructs';
import { targetPorts } from '../backup/target';
import { k8s } from '../core/kplus';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { firstMasterPolicyProps } from '../network-policy/parts';
import { ResolvedNetworkPolicy } from '../network-policy/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { ResolvedSentinels } from '../sentinels/resolve';
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

export function restoreProps(
  cluster: ResolvedIdentity & ResolvedNodes & ResolvedSentinels & ResolvedNetworkPolicy & ResolvedRestore,
): RestoreProps {
  const { restore, name } = cluster;
  if (restore === undefined) return {};
  const networkPolicy = firstMasterPolicyProps(cluster, naming.restore(name), targetPorts(restore.target));
  return networkPolicy === undefined ? {} : { networkPolicy };
}
