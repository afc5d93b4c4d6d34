import { Duration } from 'cdk8s';
import { flag, integer, made, matching, oneOf, struct, text } from '../core/checks';
import { between, objectName, port, resources, secretKey, size } from '../core/values';
import { IMAGE_FIELD_CHECKS } from '../image/check';
import { BackupCheck, BackupImageOptions, BackupOptions, BackupRetention } from './props';
import { BackupEncryption, ClaimTargetOptions, RcloneTargetOptions, S3TargetOptions } from './target-props';

/** No beginning, end or step that a shell, or a store, would read otherwise. */
const folder = matching(
  /^[\w][\w.=+@-]*(\/[\w.=+@-]+)*$/,
  'must be a folder',
  "write letters, digits and '._=+@-', with '/' between folders and at neither end",
);
const word = matching(/^[\w:.-]+$/, 'must be a word', "write letters, digits, '_', ':', '.' and '-'");

export const target = made(
  {
    s3: struct<S3TargetOptions>({
      bucket: matching(
        /^[a-zA-Z0-9][\w.-]{1,254}$/,
        'must be the name of a bucket',
        "write letters, digits, '.' and '-'",
      ),
      prefix: folder,
      endpoint: matching(
        /^https?:\/\/[a-zA-Z0-9.-]+(:\d{1,5})?\/?$/,
        'must be the address of a store',
        "write 'https://s3.example.com'",
      ),
      region: word,
      provider: word,
      secretName: objectName,
      accessKeyIdKey: secretKey,
      secretAccessKeyKey: secretKey,
      pathStyle: flag,
      serverSideEncryption: word,
    }),
    claim: struct<ClaimTargetOptions>({ claimName: objectName, prefix: folder }),
    rclone: struct<RcloneTargetOptions>({ secretName: objectName, path: folder, port }),
  },
  'a BackupTarget',
  "write BackupTarget.s3({ bucket: '…' })",
);

export const encryption = struct<BackupEncryption>({ secretName: objectName, key: secretKey });
export const rcloneImage = struct<BackupImageOptions>(IMAGE_FIELD_CHECKS);

const field = String.raw`(\*|[0-9a-zA-Z]+(-[0-9a-zA-Z]+)?)(\/\d+)?`;
const fields = `${field}(,${field})*`;

export const BACKUP_CHECKS = {
  backup: struct<BackupOptions>({
    target,
    schedule: matching(
      new RegExp(`^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|${fields}( ${fields}){4})$`),
      'must be five fields of cron',
      "write '0 3 * * *'; its time zone is backup.timeZone",
    ),
    timeZone: matching(/^[A-Za-z]+([/_+-][A-Za-z0-9_+-]+)*$/, 'must be a time zone', "write 'Europe/Berlin'"),
    suspend: flag,
    deadline: between(Duration.minutes(1), Duration.days(1), 'seconds'),
    check: oneOf(BackupCheck),
    retention: struct<BackupRetention>({
      count: integer(1, 10_000),
      age: between(Duration.days(1), Duration.days(3650), 'seconds'),
    }),
    encryption,
    scratch: size,
    serviceAccountName: text,
    image: rcloneImage,
    resources,
    failedJobs: integer(0, 20),
    successfulJobs: integer(0, 20),
  }),
};
