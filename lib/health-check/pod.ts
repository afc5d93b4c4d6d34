import { ResolvedAuth } from '../auth/resolve';
import { naming } from '../identity/naming';
import { PodCluster } from '../member/pod';
import { askingPod } from '../nodes/job';
import { PlannedPod } from '../pod/plan';
import { userListMounts, userListVolumes } from '../users/pod';
import { ResolvedUsers } from '../users/resolve';
import { ResolvedTls } from '../tls/resolve';
import { ResolvedHealthCheck } from './resolve';

/** Where the check is in the props, and the name of its pod in errors. */
export const CHECK = 'healthCheck';

export function healthCheckPods(
  cluster: PodCluster & ResolvedAuth & ResolvedUsers & ResolvedTls & ResolvedHealthCheck,
): PlannedPod[] {
  if (cluster.healthCheck === undefined) return [];
  const { as, timeout } = cluster.healthCheck;
  return [
    askingPod(cluster, as, {
      name: 'check',
      workload: naming.check(cluster.name),
      property: CHECK,
      timeout,
      volumeMounts: userListMounts(cluster),
      volumes: userListVolumes(cluster),
    }),
  ];
}
