import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Configuration } from './configuration';
import { ownerVariables, passwordVariable, selfVariables } from './environment';
import { k8s } from './kplus';
import { clusterLabels, objectMetadata } from './labels';
import { naming } from './naming';
import { SCRIPT_MOUNTS, podBasics, podSecurity, scriptContainer, scriptVolumes } from './pod';
import { resourceRequirements } from './quantities';
import { ResolvedCluster, ResolvedWorkload } from './resolve';
import { command } from './scripts';

/** Time for a pod to be placed and its image to be there, beside the check's own. */
const PLACEMENT = Duration.seconds(120);

/** A Job that fails where the cluster is not healthy. Argo CD runs it after each sync. */
export class HealthCheck extends Construct {
  public constructor(scope: Construct, id: string, cluster: ResolvedCluster, configuration: Configuration) {
    super(scope, id);
    const [node] = cluster.nodes;
    if (cluster.healthCheck === undefined || node === undefined) return;
    const spec = jobSpec(cluster, node, configuration, cluster.healthCheck.toSeconds());
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
  node: ResolvedWorkload,
  configuration: Configuration,
  seconds: number,
): k8s.JobSpec {
  const securityContext = podSecurity(cluster);
  const { redis, sentinel } = cluster.passwords;
  return {
    backoffLimit: 0,
    activeDeadlineSeconds: seconds + PLACEMENT.toSeconds(),
    template: {
      // The policies let in whoever is of this cluster.
      metadata: {
        labels: {
          ...cluster.metadata.podLabels,
          ...clusterLabels(cluster.name),
          'app.kubernetes.io/component': 'check',
        },
      },
      spec: {
        restartPolicy: 'Never',
        ...podBasics(node),
        ...(securityContext !== undefined && { securityContext }),
        containers: [
          {
            ...scriptContainer(cluster, node, configuration.nodes),
            name: 'check',
            command: [...command('check'), String(seconds)],
            env: [
              ...selfVariables(node),
              ...ownerVariables(naming.check(cluster.name)),
              ...passwordVariable('REDIS_PASSWORD', redis),
              ...passwordVariable('SENTINEL_PASSWORD', sentinel),
            ],
            resources: resourceRequirements(node.keeperResources),
            volumeMounts: SCRIPT_MOUNTS,
          },
        ],
        volumes: scriptVolumes(configuration),
      },
    },
  };
}
