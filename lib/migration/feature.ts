import { MIGRATION_CHECKS } from './check';
import { cutOverPods, followerPod, sourceVariables } from './pod';
import { resolveMigration } from './resolve';
import { MIGRATION_RULES } from './rules';

/** A new cluster takes the place of another one. */
export const migration = {
  checks: MIGRATION_CHECKS,
  resolve: resolveMigration,
  rules: MIGRATION_RULES,
  variables: sourceVariables,
  pod: followerPod,
  pods: cutOverPods,
};
