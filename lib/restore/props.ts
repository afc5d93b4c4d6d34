import { ContainerResources } from '../core/kplus';
import { BackupImageOptions } from '../backup/props';
import { BackupEncryption, BackupTarget } from '../backup/target-props';

/**
 * A new cluster begins with a backup. One that has data, or whose sentinels know a master, ignores it, and the check says so.
 *
 * @example
 * { restoreFrom: { target: BackupTarget.s3({ bucket: 'backups', prefix: 'shop/cache', secretName: 's3' }) } }
 */
export interface RestoreOptions {
  /** Where it is: the same words as in the `backup` that made it. Write its `prefix` where namespace or cluster have another name. */
  readonly target: BackupTarget;

  /** Name of the backup, as `20261126T030000Z-123456`. @default - the latest */
  readonly backup?: string;

  /** With what it was encrypted. @default - it was not */
  readonly encryption?: BackupEncryption;

  /** The image that brings it. @default - a fixed version of rclone */
  readonly image?: BackupImageOptions;

  /** CPU and memory of the container that brings it. Given whole. @default - 50m CPU, no CPU limit, 128 MiB memory */
  readonly resources?: ContainerResources;
}
