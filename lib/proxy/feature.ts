import { PROXY_CHECKS } from './check';
import { proxiedPod, proxyPods } from './pod';
import { resolveProxy } from './resolve';
import { PROXY_RULES } from './rules';

/** One address for clients that know no Sentinel. */
export const proxy = {
  checks: PROXY_CHECKS,
  resolve: resolveProxy,
  rules: PROXY_RULES,
  pod: proxiedPod,
  pods: proxyPods,
};
