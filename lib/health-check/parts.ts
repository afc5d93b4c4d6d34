import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { PLACEMENT_TIME } from '../defaults';
import { objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { PlannedPod } from '../pod/plan';
import { CHECK } from './pod';
import { ResolvedHealthCheck } from './resolve';

/** The Job of a check, as Kubernetes has it. */
export interface HealthCheckProps {
  /** The Job. @default - none */
  readonly job?: k8s.KubeJobProps;
}

/** A Job that fails where the cluster is not healthy. Argo CD runs it after each sync. */
export class HealthCheck extends Construct {
  /** The Job; undefined where none is wanted. */
  public readonly job: k8s.KubeJob | undefined;

  public constructor(scope: Construct, id: string, props: HealthCheckProps) {
    super(scope, id);
    this.job = props.job && new k8s.KubeJob(this, 'job', props.job);
  }
}

const HOOK = {
  'argocd.argoproj.io/hook': 'PostSync',
  'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
};

export function healthCheckProps(
  cluster: ResolvedIdentity & ResolvedHealthCheck & { readonly pods: readonly PlannedPod[] },
): HealthCheckProps {
  const pod = cluster.pods.find(({ property }) => property === CHECK);
  if (cluster.healthCheck === undefined || pod === undefined) return {};
  const spec: k8s.JobSpec = {
    backoffLimit: 0,
    activeDeadlineSeconds: cluster.healthCheck.timeout.toSeconds() + PLACEMENT_TIME.toSeconds(),
    template: pod.template,
  };
  // A Job can't be changed, so a changed one needs a name of its own.
  const name = naming.hashed(naming.check(cluster.name), spec);
  return { job: { metadata: objectMetadata(cluster, name, { annotations: HOOK }), spec } };
}
