import { AUTH_CHECKS } from './check';
import { resolveAuth } from './resolve';
import { AUTH_RULES } from './rules';
import { authPod } from './pod';

/** Passwords. */
export const auth = { checks: AUTH_CHECKS, resolve: resolveAuth, rules: AUTH_RULES, pod: authPod };
