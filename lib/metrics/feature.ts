import { METRICS_CHECKS } from './check';
import { metricsPod } from './pod';
import { resolveMetrics } from './resolve';
import { METRICS_RULES } from './rules';

/** Numbers for Prometheus, alerts on them, and a dashboard. */
export const metrics = { checks: METRICS_CHECKS, resolve: resolveMetrics, rules: METRICS_RULES, pod: metricsPod };
