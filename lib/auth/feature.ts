import { AUTH_CHECKS } from './check';
import { resolveAuth } from './resolve';
import { AUTH_RULES } from './rules';
import { authPod } from './pod';
import { ResolvedAuth } from './resolve';

/** How long a password that was changed is good. */
const variables = ({ auth: { overlap } }: ResolvedAuth): Record<string, string> => ({
  PASSWORD_OVERLAP_SECONDS: String(overlap.toSeconds()),
});

/** Passwords. */
export const auth = { checks: AUTH_CHECKS, resolve: resolveAuth, rules: AUTH_RULES, variables, pod: authPod };
