import { ResolvedAuth } from '../auth/resolve';
import { SOURCE_PASSWORDS_PATH } from '../config-maps/paths';
import { k8s } from '../core/kplus';
import { naming } from '../identity/naming';
import { isScripted } from '../image/resolve';
import { PodCluster } from '../member/pod';
import { ResolvedMember } from '../member/resolve';
import { askingPod } from '../nodes/job';
import { PlannedPod, PodAddition } from '../pod/plan';
import { secretMode } from '../security/pod';
import { ResolvedTls } from '../tls/resolve';
import { MigrationPhase } from './props';
import { ResolvedMigration } from './resolve';

/** Where a migration is in the props, and the name of its pod in errors. */
export const MIGRATION = 'migrateFrom';

type Cluster = PodCluster & ResolvedAuth & ResolvedTls & ResolvedMigration;

/** What all containers know: whom this cluster follows. */
export function sourceVariables({ migration }: ResolvedMigration): Record<string, string> {
  if (migration === undefined) return {};
  const { kind, hosts, port, masterName, auth, sentinelAuth, user, sentinelUser, tls } = migration;
  return {
    SOURCE_PORT: String(port),
    ...(kind === 'server' && { SOURCE_HOST: hosts.join(' ') }),
    ...(kind === 'sentinels' && { SOURCE_SENTINELS: hosts.join(' '), SOURCE_MASTER_NAME: masterName }),
    ...((auth !== undefined || sentinelAuth !== undefined) && { SOURCE_PASSWORDS_DIR: SOURCE_PASSWORDS_PATH }),
    ...(user !== undefined && { SOURCE_USER: user }),
    ...(sentinelUser !== undefined && { SOURCE_SENTINEL_USER: sentinelUser }),
    ...(tls && { SOURCE_TLS: 'yes' }),
  };
}

/** One that is gone keeps no pod from its start: after the cut-over the source's Secret may be deleted. */
function sourceVolumes(cluster: Cluster): k8s.Volume[] {
  const { auth, sentinelAuth } = cluster.migration ?? {};
  const sources = [
    ...(auth === undefined ? [] : [{ ...auth, path: 'password' }]),
    ...(sentinelAuth === undefined ? [] : [{ ...sentinelAuth, path: 'sentinel' }]),
  ].map(({ secretName: name, key, path }) => ({ secret: { name, items: [{ key, path }], optional: true } }));
  if (sources.length === 0) return [];
  return [{ name: 'source-passwords', projected: { defaultMode: secretMode(cluster), sources } }];
}

function sourceMounts(cluster: Cluster): k8s.VolumeMount[] {
  return sourceVolumes(cluster).map(({ name }) => ({ name, mountPath: SOURCE_PASSWORDS_PATH, readOnly: true }));
}

/** Only the first node follows the source; the others follow that. */
export function followerPod(cluster: Cluster, member: ResolvedMember): PodAddition {
  if (cluster.migration === undefined || member.role !== 'master' || !isScripted(member)) return {};
  return {
    containers: [{ name: 'keeper', volumeMounts: sourceMounts(cluster) }],
    volumes: sourceVolumes(cluster),
  };
}

/** The Job that cuts over. */
export function cutOverPods(cluster: Cluster): PlannedPod[] {
  const { migration } = cluster;
  if (migration?.phase !== MigrationPhase.CUT_OVER) return [];
  const { as, timeout } = migration;
  return [
    askingPod(cluster, as, {
      name: 'cut-over',
      workload: naming.cutOver(cluster.name),
      property: MIGRATION,
      timeout,
      volumeMounts: sourceMounts(cluster),
      volumes: sourceVolumes(cluster),
    }),
  ];
}
