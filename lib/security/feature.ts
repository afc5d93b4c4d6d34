import { SECURITY_CHECKS } from './check';
import { resolveSecurity } from './resolve';
import { SECURITY_RULES } from './rules';

/** Who the containers run as. */
export const security = { checks: SECURITY_CHECKS, resolve: resolveSecurity, rules: SECURITY_RULES };
