import { Alert, AlertedCluster } from './alert';
import { backupAlerts } from './backup-alerts';
import { certificateAlerts } from './certificate-alerts';
import { Selectors } from './promql';
import { proxyAlerts } from './proxy-alerts';
import { ResolvedAlerts } from './resolve';
import { clientAlerts, diskAlerts, memoryAlerts } from './resource-alerts';
import { masterAlerts, memberAlerts, replicationAlerts, sentinelAlerts } from './service-alerts';

/** Every alert that a cluster can raise; what it can't have, as a full disk without one, is not among them. */
export function alertsOf(
  cluster: AlertedCluster,
  namespace: string,
  at: ResolvedAlerts['thresholds'],
  interval: number,
  of: Selectors,
): Alert[] {
  const about = {
    cluster,
    namespace,
    at,
    interval,
    of,
    outage: at.outage.toSeconds(),
    patience: at.patience.toSeconds(),
  };
  return [
    ...masterAlerts(about),
    ...sentinelAlerts(about),
    ...memberAlerts(about),
    ...replicationAlerts(about),
    ...memoryAlerts(about),
    ...clientAlerts(about),
    ...diskAlerts(about),
    ...certificateAlerts(about),
    ...backupAlerts(about),
    ...proxyAlerts(about),
  ];
}
