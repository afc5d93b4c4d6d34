import { IDENTITY_CHECKS } from './check';
import { ResolvedIdentity, resolveIdentity } from './resolve';
import { IDENTITY_RULES } from './rules';

/** Name, namespace, labels and annotations. */
export const identity = {
  checks: IDENTITY_CHECKS,
  resolve: resolveIdentity,
  rules: IDENTITY_RULES,
  variables: ({ name, masterName }: ResolvedIdentity): Record<string, string> => ({
    CLUSTER: name,
    MASTER_NAME: masterName,
  }),
};
