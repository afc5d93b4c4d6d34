import { HEALTH_CHECK_CHECKS } from './check';
import { healthCheckPods } from './pod';
import { resolveHealthCheck } from './resolve';

/** A Job that says whether the cluster is healthy. */
export const healthCheck = { checks: HEALTH_CHECK_CHECKS, resolve: resolveHealthCheck, pods: healthCheckPods };
