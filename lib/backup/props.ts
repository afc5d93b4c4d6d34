import { Duration, Size } from 'cdk8s';
import { ContainerResources, ImagePullPolicy } from '../core/kplus';
import { BackupEncryption, BackupTarget } from './target-props';

/** What makes a dump a backup. */
export enum BackupCheck {
  /** The server's own tool reads it, a server of the backup's pod loads it, and what is in it is compared with the source. */
  LOAD = 'load',
  /** The server's own tool reads it. For data that a machine has no second place for. */
  READ = 'read',
}

/** The image that stores backups. */
export interface BackupImageOptions {
  /** Registry and repository of rclone. @default 'docker.io/rclone/rclone' */
  readonly repository?: string;
  /** Tag, 1.60.1 or later. One that moves needs {@link Risk.MOVING_TAG}. @default - '1.76.0', where there is no digest */
  readonly tag?: string;
  /** Digest, `sha256:` and 64 hexadecimal digits. It decides; a tag beside it is for the reader. @default - none */
  readonly digest?: string;
  /** When the image is pulled. A registry's Secrets are those of the members: `image.pullSecrets`. @default ImagePullPolicy.IF_NOT_PRESENT */
  readonly pullPolicy?: ImagePullPolicy;
}

/** Which backups stay. The newest always does. */
export interface BackupRetention {
  /** So many of the newest stay, 1 to 10000. @default 7 */
  readonly count?: number;
  /** And of those the ones that are not older, whole days, 1 day to 10 years. @default - of any age */
  readonly age?: Duration;
}

/**
 * Backups: a CronJob that copies a replica, loads the copy, and stores it where it outlives the cluster.
 *
 * Its pods are made as those of the nodes are, see {@link HealthCheckOptions}. docs/backup.md has more.
 *
 * @example
 * { backup: { target: BackupTarget.s3({ bucket: 'backups', endpoint: 'https://s3.example.com', secretName: 's3' }) } }
 */
export interface BackupOptions {
  /** Where they are stored. */
  readonly target: BackupTarget;

  /** When, as five fields of cron. @default '0 3 * * *' */
  readonly schedule?: string;

  /** Time zone of the schedule, as 'Europe/Berlin'. @default 'Etc/UTC' */
  readonly timeZone?: string;

  /** Whether none are made for now. @default false */
  readonly suspend?: boolean;

  /** How long one may take, whole seconds, 1 minute to 1 day. @default Duration.hours(1) */
  readonly deadline?: Duration;

  /** What makes a dump a backup. @default BackupCheck.LOAD */
  readonly check?: BackupCheck;

  /** Which ones stay. @default - the newest seven */
  readonly retention?: BackupRetention;

  /** Encryption before they are stored, by rclone. @default - none */
  readonly encryption?: BackupEncryption;

  /** Room for the dump, on the disk of a machine. @default - the memory of the largest node */
  readonly scratch?: Size;

  /** ServiceAccount of the pods, by which a platform may know them. @default - that of the nodes */
  readonly serviceAccountName?: string;

  /** The image that stores them. @default - a fixed version of rclone */
  readonly image?: BackupImageOptions;

  /** CPU and memory of the container that stores them. Given whole. @default - 50m CPU, no CPU limit, 128 MiB memory */
  readonly resources?: ContainerResources;

  /** How many Jobs that failed are kept to be looked at, 0 to 20. @default 3 */
  readonly failedJobs?: number;

  /** How many Jobs that succeeded are kept, 0 to 20. @default 3 */
  readonly successfulJobs?: number;
}
