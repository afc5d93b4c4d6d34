import { encryption, rcloneImage, target } from '../backup/check';
import { matching, struct } from '../core/checks';
import { resources } from '../core/values';
import { RestoreOptions } from './props';

export const RESTORE_CHECKS = {
  restoreFrom: struct<RestoreOptions>({
    target,
    backup: matching(
      /^(latest|\d{8}T\d{6}Z-\d+)$/,
      'must be the name of a backup',
      "write '20261126T030000Z-123456', or leave it out for the latest",
    ),
    encryption,
    image: rcloneImage,
    resources,
  }),
};
