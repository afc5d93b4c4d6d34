import { Duration } from 'cdk8s';
import { passwordMounts, passwordVolumes } from '../auth/pod';
import { ResolvedAuth } from '../auth/resolve';
import { Script, command } from '../config-maps/scripts';
import { k8s } from '../core/kplus';
import { resourceRequirements } from '../core/quantities';
import { JobComponent } from '../identity/labels';
import {
  PodCluster,
  SCRIPT_MOUNTS,
  jobTemplate,
  ownerVariables,
  scriptContainer,
  scriptVolumes,
  selfVariables,
} from '../member/pod';
import { ResolvedMember } from '../member/resolve';
import { PlannedPod } from '../pod/plan';
import { tlsMounts, tlsVolumes } from '../tls/pod';
import { ResolvedTls } from '../tls/resolve';

/** The one container of a Job: the script of that name, which asks the members. */
export interface AskingJob {
  /** Component, container and script. */
  readonly name: JobComponent & Script;
  /** Name of the Job, but for its hash. */
  readonly workload: string;
  /** Where it is in the props. */
  readonly property: string;
  /** How long the script may wait. */
  readonly timeout: Duration;
  /** What it reads beside passwords and certificates. */
  readonly volumeMounts: k8s.VolumeMount[];
  readonly volumes: k8s.Volume[];
}

export function askingPod(
  cluster: PodCluster & ResolvedAuth & ResolvedTls,
  as: ResolvedMember,
  { name, workload, property, timeout, volumeMounts, volumes }: AskingJob,
): PlannedPod {
  const template = jobTemplate(cluster, as, name, {
    containers: [
      {
        ...scriptContainer(cluster, as),
        name,
        command: [...command(name), String(timeout.toSeconds())],
        env: [...selfVariables(as), ...ownerVariables(workload)],
        resources: resourceRequirements(as.keeperResources),
        volumeMounts: [...SCRIPT_MOUNTS, ...passwordMounts(cluster), ...volumeMounts, ...tlsMounts(cluster)],
      },
    ],
    volumes: [...scriptVolumes(cluster), ...passwordVolumes(cluster), ...volumes, ...tlsVolumes(cluster)],
  });
  return { name: property, property, template, resourcesAt: { [name]: 'nodes.keeperResources' } };
}
