import { BACKUP_CHECKS } from './check';
import { backupPods } from './pod';
import { ResolvedBackup, resolveBackup } from './resolve';
import { BACKUP_RULES } from './rules';

/**
 * What a backup does at a replica: it copies, counts, and looks at some keys. Whoever may copy may read everything, so the rest
 * opens nothing more; none of it writes.
 */
const RIGHTS =
  '%R~* -@all +info +select +sync +replconf +randomkey +type +ttl +memory|usage +get +llen +scard +zcard +hlen +xlen';

const variables = ({ backup }: ResolvedBackup): Record<string, string> =>
  backup === undefined ? {} : { BACKUP_RIGHTS: RIGHTS };

/** Backups that were loaded before they count. */
export const backup = {
  checks: BACKUP_CHECKS,
  resolve: resolveBackup,
  rules: BACKUP_RULES,
  variables,
  pods: backupPods,
};
