import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Configuration } from '../workload/config-maps';
import { ownerVariables, passwordVariable, selfVariables } from '../workload/environment';
import { k8s } from '../core/kplus';
import { checkLabels, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { SCRIPT_MOUNTS, podTemplate, scriptContainer, scriptVolumes } from '../workload/pod';
import { resourceRequirements } from '../core/quantities';
import { ResolvedCluster } from '../resolve';
import { command } from '../workload/scripts';

/** Time for a pod to be placed and its image to be there, beside the check's own. */
const PLACEMENT = Duration.seconds(120);

/** A Job that fails where the cluster is not healthy. Argo CD runs it after each sync. */
export class HealthCheck extends Construct {
  public constructor(scope: Construct, id: string, cluster: ResolvedCluster, configuration: Configuration) {
    super(scope, id);
    if (cluster.healthCheck === undefined) return;
    const spec = jobSpec(cluster, cluster.healthCheck, configuration);
    new k8s.KubeJob(this, 'job', {
      // A Job can't be changed, so a changed one needs a name of its own.
      metadata: objectMetadata(cluster, naming.hashed(naming.check(cluster.name), spec), {}, HOOK),
      spec,
    });
  }
}

const HOOK = {
  'argocd.argoproj.io/hook': 'PostSync',
  'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
};

function jobSpec(
  cluster: ResolvedCluster,
  { timeout, pod }: NonNullable<ResolvedCluster['healthCheck']>,
  configuration: Configuration,
): k8s.JobSpec {
  const { redis, sentinel } = cluster.passwords;
  const { nodeAffinity } = pod.scheduling.affinity ?? {};
  return {
    backoffLimit: 0,
    activeDeadlineSeconds: timeout.toSeconds() + PLACEMENT.toSeconds(),
    template: podTemplate(cluster, pod, checkLabels(cluster), {
      restartPolicy: 'Never',
      // Of the user's wishes only those about machines: it may run beside any pod.
      ...(nodeAffinity !== undefined && { affinity: { nodeAffinity } }),
      containers: [
        {
          ...scriptContainer(cluster, pod, configuration.nodes),
          name: 'check',
          command: [...command('check'), String(timeout.toSeconds())],
          env: [
            ...selfVariables(pod),
            ...ownerVariables(naming.check(cluster.name)),
            ...passwordVariable('REDIS_PASSWORD', redis),
            ...passwordVariable('SENTINEL_PASSWORD', sentinel),
          ],
          resources: resourceRequirements(pod.keeperResources),
          volumeMounts: SCRIPT_MOUNTS,
        },
      ],
      volumes: scriptVolumes(configuration),
    }),
  };
}
