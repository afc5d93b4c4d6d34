import { passwordMounts, passwordVolumes } from '../auth/pod';
import { ResolvedAuth } from '../auth/resolve';
import { command } from '../config-maps/scripts';
import { resourceRequirements } from '../core/quantities';
import { naming } from '../identity/naming';
import {
  PodCluster,
  SCRIPT_MOUNTS,
  jobTemplate,
  ownerVariables,
  scriptContainer,
  scriptVolumes,
  selfVariables,
} from '../member/pod';
import { PlannedPod } from '../pod/plan';
import { userListMounts, userListVolumes } from '../users/pod';
import { ResolvedUsers } from '../users/resolve';
import { tlsMounts, tlsVolumes } from '../tls/pod';
import { ResolvedTls } from '../tls/resolve';
import { ResolvedHealthCheck } from './resolve';

/** Where the check is in the props, and the name of its pod in errors. */
export const CHECK = 'healthCheck';

export function healthCheckPods(
  cluster: PodCluster & ResolvedAuth & ResolvedUsers & ResolvedTls & ResolvedHealthCheck,
): PlannedPod[] {
  if (cluster.healthCheck === undefined) return [];
  const { as, timeout } = cluster.healthCheck;
  const template = jobTemplate(cluster, as, 'check', {
    containers: [
      {
        ...scriptContainer(cluster, as),
        name: 'check',
        command: [...command('check'), String(timeout.toSeconds())],
        env: [...selfVariables(as), ...ownerVariables(naming.check(cluster.name))],
        resources: resourceRequirements(as.keeperResources),
        volumeMounts: [...SCRIPT_MOUNTS, ...passwordMounts(cluster), ...userListMounts(cluster), ...tlsMounts(cluster)],
      },
    ],
    volumes: [
      ...scriptVolumes(cluster),
      ...passwordVolumes(cluster),
      ...userListVolumes(cluster),
      ...tlsVolumes(cluster),
    ],
  });
  return [{ name: CHECK, property: CHECK, template, resourcesAt: { check: 'nodes.keeperResources' } }];
}
