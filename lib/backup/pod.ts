import { passwordMounts, passwordVolumes } from '../auth/pod';
import { ResolvedAuth } from '../auth/resolve';
import { command } from '../config-maps/scripts';
import { literal } from '../core/env';
import { k8s } from '../core/kplus';
import { resourceRequirements, sizeQuantity } from '../core/quantities';
import { PodCluster, SCRIPT_MOUNTS, jobTemplate, scriptContainer, scriptVolumes, selfVariables } from '../member/pod';
import { PlannedPod } from '../pod/plan';
import { ResolvedSettings } from '../settings/resolve';
import { tlsMounts, tlsVolumes } from '../tls/pod';
import { ResolvedTls } from '../tls/resolve';
import { ResolvedBackup } from './resolve';
import { rcloneParts } from './target';

/** Where backups are in the props, and the name of their pod in errors. */
export const BACKUP = 'backup';

const SCRATCH_PATH = '/scratch';

type Cluster = PodCluster & ResolvedAuth & ResolvedBackup & ResolvedSettings & ResolvedTls;

/** In turn: a copy of a replica, whether that is sound, and then it is stored. What a step could not do ends the pod. */
export function backupPods(cluster: Cluster): PlannedPod[] {
  if (cluster.backup === undefined) return [];
  const { as, target, encryption, image, resources, scratch, check, count, age, serviceAccountName } = cluster.backup;
  const rclone = rcloneParts(cluster.name, target, encryption);
  const common = scriptContainer(cluster, as);
  const env = [...selfVariables(as), literal('SCRATCH', SCRATCH_PATH)];
  const small = resourceRequirements(as.keeperResources);
  const mounts: k8s.VolumeMount[] = [...SCRIPT_MOUNTS, { name: 'scratch', mountPath: SCRATCH_PATH }];
  const encrypted = tlsMounts(cluster);
  const databases = cluster.settings.variables['REDIS_CONF_DATABASES'];
  const template = jobTemplate(cluster, as, 'backup', {
    ...(serviceAccountName !== undefined && { serviceAccountName }),
    initContainers: [
      {
        ...common,
        name: 'names',
        command: command('names'),
        env,
        resources: small,
        volumeMounts: [...SCRIPT_MOUNTS, ...encrypted],
      },
      {
        ...common,
        name: 'dump',
        command: command('backup-dump'),
        env,
        resources: small,
        volumeMounts: [...mounts, ...passwordMounts(cluster), ...encrypted],
      },
      {
        ...common,
        name: 'verify',
        command: command('backup-verify'),
        env: [...env, literal('VERIFY', check), ...(databases === undefined ? [] : [literal('DATABASES', databases)])],
        resources: resourceRequirements(as.resources),
        volumeMounts: mounts,
      },
    ],
    containers: [
      {
        ...common,
        image: image.image,
        imagePullPolicy: image.pullPolicy,
        name: 'store',
        command: command('backup-upload'),
        env: [
          ...env,
          literal('KEEP_COUNT', String(count)),
          literal('KEEP_DAYS', String(age === undefined ? 0 : Math.floor(age.toDays({ integral: false })))),
          ...rclone.env,
        ],
        envFrom: [...(common.envFrom ?? []), ...rclone.envFrom],
        resources: resourceRequirements(resources),
        volumeMounts: [...mounts, ...rclone.volumeMounts],
      },
    ],
    volumes: [
      ...scriptVolumes(cluster),
      ...passwordVolumes(cluster),
      ...tlsVolumes(cluster),
      { name: 'scratch', emptyDir: { sizeLimit: sizeQuantity(scratch) } },
      ...rclone.volumes,
    ],
  });
  return [
    {
      name: BACKUP,
      property: BACKUP,
      template,
      resourcesAt: {
        names: 'nodes.keeperResources',
        dump: 'nodes.keeperResources',
        verify: 'nodes.resources',
        store: 'backup.resources',
      },
      imagesAt: { store: 'backup.image.tag' },
    },
  ];
}
