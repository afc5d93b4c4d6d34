import { DISRUPTION_BUDGETS_CHECKS } from './check';
import { resolveDisruptionBudgets } from './resolve';

/** How many pods a drain must leave. */
export const disruptionBudgets = { checks: DISRUPTION_BUDGETS_CHECKS, resolve: resolveDisruptionBudgets };
