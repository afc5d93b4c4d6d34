import { passwordMounts } from '../auth/pod';
import { ResolvedAuth } from '../auth/resolve';
import { rcloneParts } from '../backup/target';
import { command } from '../config-maps/scripts';
import { resourceRequirements } from '../core/quantities';
import { isScripted } from '../image/resolve';
import { PodCluster, scriptContainer } from '../member/pod';
import { ResolvedMember } from '../member/resolve';
import { PodAddition } from '../pod/plan';
import { ResolvedRestore } from './resolve';

/** At the first master, before its server: is the cluster new, bring the backup, make it the data. The others copy it. */
export function restorePod(cluster: PodCluster & ResolvedAuth & ResolvedRestore, member: ResolvedMember): PodAddition {
  const { restore } = cluster;
  if (restore === undefined || member.role !== 'master' || !isScripted(member)) return {};
  const rclone = rcloneParts(cluster.name, restore.target, restore.encryption);
  const common = scriptContainer(cluster, member);
  const small = { ...common, resources: resourceRequirements(member.keeperResources) };
  const keeperResources = `${member.groupProperty}.keeperResources`;
  return {
    initContainers: [
      { ...small, name: 'restore-ask', command: command('restore-ask'), volumeMounts: passwordMounts(cluster) },
      {
        ...common,
        image: restore.image.image,
        imagePullPolicy: restore.image.pullPolicy,
        name: 'restore-fetch',
        command: command('restore-fetch'),
        env: rclone.env,
        envFrom: [...(common.envFrom ?? []), ...rclone.envFrom],
        resources: resourceRequirements(restore.resources),
        volumeMounts: rclone.volumeMounts,
      },
      { ...small, name: 'restore-place', command: command('restore-place') },
    ],
    volumes: rclone.volumes,
    resourcesAt: {
      'restore-ask': keeperResources,
      'restore-fetch': 'restoreFrom.resources',
      'restore-place': keeperResources,
    },
    imagesAt: { 'restore-fetch': 'restoreFrom.image.tag' },
  };
}
