import { Duration, Size } from 'cdk8s';
import { ContainerResources } from '../core/kplus';
import * as defaults from '../defaults';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedMember } from '../member/resolve';
import { GivenNodes, anyNode, resolveNodes } from '../nodes/resolve';
import { BackupCheck, BackupOptions } from './props';
import { ResolvedRcloneImage, resolveRcloneImage } from './target';
import { BackupEncryption, BackupTarget } from './target-props';

export interface ResolvedBackup {
  /** Undefined where nobody asked for any. */
  readonly backup:
    | {
        readonly target: BackupTarget;
        readonly schedule: string;
        readonly timeZone: string;
        readonly suspend: boolean;
        readonly deadline: Duration;
        readonly check: BackupCheck;
        readonly count: number;
        /** Undefined where those of any age stay. */
        readonly age: Duration | undefined;
        readonly encryption: BackupEncryption | undefined;
        readonly scratch: Size;
        readonly serviceAccountName: string | undefined;
        readonly image: ResolvedRcloneImage;
        readonly resources: ContainerResources;
        readonly failedJobs: number;
        readonly successfulJobs: number;
        /** What its pod has in common with those of the nodes, and the resources of the largest of them. */
        readonly as: ResolvedMember;
      }
    | undefined;
}

interface Given extends GivenNodes {
  readonly backup?: BackupOptions;
}

export function resolveBackup(props: Given, cluster: ResolvedIdentity): ResolvedBackup {
  const { backup } = props;
  const as = anyNode(props, cluster);
  if (backup === undefined || as === undefined) return { backup: undefined };
  const { nodes } = resolveNodes(props, cluster);
  const [largest = as] = [...nodes].sort((one, other) => memoryOf(other) - memoryOf(one));
  return {
    backup: {
      target: backup.target,
      schedule: backup.schedule ?? defaults.BACKUP_SCHEDULE,
      timeZone: backup.timeZone ?? defaults.BACKUP_TIME_ZONE,
      suspend: backup.suspend ?? false,
      deadline: backup.deadline ?? defaults.BACKUP_DEADLINE,
      check: backup.check ?? defaults.BACKUP_CHECK,
      count: backup.retention?.count ?? defaults.BACKUPS,
      age: backup.retention?.age,
      encryption: backup.encryption,
      scratch: backup.scratch ?? largest.resources.memory?.limit ?? largest.storage.size,
      serviceAccountName: backup.serviceAccountName,
      image: resolveRcloneImage(backup.image),
      resources: backup.resources ?? defaults.BACKUP_RESOURCES,
      failedJobs: backup.failedJobs ?? defaults.BACKUP_JOBS,
      successfulJobs: backup.successfulJobs ?? defaults.BACKUP_JOBS,
      as: { ...as, resources: largest.resources },
    },
  };
}

/** Nought where it has no limit: then its claim says how much there may be. */
function memoryOf({ resources }: ResolvedMember): number {
  return resources.memory?.limit?.toKibibytes() ?? 0;
}
