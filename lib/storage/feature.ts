import { STORAGE_CHECKS } from './check';
import { resolvePersistence } from './resolve';
import { STORAGE_RULES } from './rules';

/** What nodes write to their volumes. The volumes themselves are resolved for each member. */
export const storage = { checks: STORAGE_CHECKS, resolve: resolvePersistence, rules: STORAGE_RULES };
