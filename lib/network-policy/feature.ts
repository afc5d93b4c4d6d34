import { NETWORK_POLICY_CHECKS } from './check';
import { resolveNetworkPolicy } from './resolve';

/** Who may reach whom. */
export const networkPolicy = { checks: NETWORK_POLICY_CHECKS, resolve: resolveNetworkPolicy };
