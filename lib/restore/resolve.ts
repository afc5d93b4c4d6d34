import { ResolvedRcloneImage, resolveRcloneImage } from '../backup/target';
import { BackupEncryption, BackupTarget } from '../backup/target-props';
import { ContainerResources } from '../core/kplus';
import * as defaults from '../defaults';
import { RestoreOptions } from './props';

export interface ResolvedRestore {
  /** Undefined where a new cluster is empty. */
  readonly restore:
    | {
        readonly target: BackupTarget;
        readonly backup: string;
        readonly encryption: BackupEncryption | undefined;
        readonly image: ResolvedRcloneImage;
        readonly resources: ContainerResources;
      }
    | undefined;
}

export function resolveRestore({ restoreFrom }: { readonly restoreFrom?: RestoreOptions }): ResolvedRestore {
  if (restoreFrom === undefined) return { restore: undefined };
  const { target, backup, encryption, image, resources } = restoreFrom;
  return {
    restore: {
      target,
      backup: backup ?? 'latest',
      encryption,
      image: resolveRcloneImage(image),
      resources: resources ?? defaults.BACKUP_RESOURCES,
    },
  };
}
