import { Construct } from 'constructs';
import { currentPasswords } from '../auth/variables';
import { ResolvedAuth } from '../auth/resolve';
import { command } from '../config-maps/scripts';
import { k8s } from '../core/kplus';
import { resourceRequirements } from '../core/quantities';
import { PLACEMENT_TIME } from '../defaults';
import { componentLabels, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import {
  PodCluster,
  SCRIPT_MOUNTS,
  ownerVariables,
  podTemplate,
  scriptContainer,
  scriptVolumes,
  selfVariables,
} from '../member/template';
import { PlannedPod } from '../pod/plan';
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

const PROPERTY = 'healthCheck';

const HOOK = {
  'argocd.argoproj.io/hook': 'PostSync',
  'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
};

export function healthCheckProps(
  cluster: ResolvedIdentity & ResolvedHealthCheck & { readonly pods: readonly PlannedPod[] },
): HealthCheckProps {
  const pod = cluster.pods.find(({ property }) => property === PROPERTY);
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

export function healthCheckPods(cluster: PodCluster & ResolvedAuth & ResolvedHealthCheck): PlannedPod[] {
  if (cluster.healthCheck === undefined) return [];
  const { as, timeout } = cluster.healthCheck;
  const { nodeAffinity } = as.scheduling.affinity ?? {};
  // The policies let in whoever is of this cluster.
  const labels = { ...cluster.metadata.podLabels, ...componentLabels(cluster.name, 'check') };
  const template = podTemplate(cluster, as, labels, {
    restartPolicy: 'Never',
    // Of the user's wishes only those about machines: it may run beside any pod.
    ...(nodeAffinity !== undefined && { affinity: { nodeAffinity } }),
    containers: [
      {
        ...scriptContainer(cluster, as),
        name: 'check',
        command: [...command('check'), String(timeout.toSeconds())],
        env: [...selfVariables(as), ...ownerVariables(naming.check(cluster.name)), ...currentPasswords(cluster)],
        resources: resourceRequirements(as.keeperResources),
        volumeMounts: SCRIPT_MOUNTS,
      },
    ],
    volumes: scriptVolumes(cluster),
  });
  return [{ name: PROPERTY, property: PROPERTY, template, resourcesAt: { check: 'nodes.keeperResources' } }];
}
