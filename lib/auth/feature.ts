import { AUTH_CHECKS } from './check';
import { resolveAuth } from './resolve';
import { AUTH_RULES } from './rules';
import { authPod } from './pod';
import { ResolvedAuth } from './resolve';

/** How long a password that was changed is good, and whether one alone is enough. */
const variables = ({ auth: { overlap, defaultUser } }: ResolvedAuth): Record<string, string> => ({
  PASSWORD_OVERLAP_SECONDS: String(overlap.toSeconds()),
  DEFAULT_USER: defaultUser,
});

/** Passwords. */
export const auth = { checks: AUTH_CHECKS, resolve: resolveAuth, rules: AUTH_RULES, variables, pod: authPod };
