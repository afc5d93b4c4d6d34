import { RESTORE_CHECKS } from './check';
import { restorePod } from './pod';
import { ResolvedRestore, resolveRestore } from './resolve';

const variables = ({ restore }: ResolvedRestore): Record<string, string> =>
  restore === undefined ? {} : { RESTORE: restore.backup };

/** A new cluster begins with a backup. */
export const restore = { checks: RESTORE_CHECKS, resolve: resolveRestore, variables, pod: restorePod };
