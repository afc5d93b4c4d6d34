import { flag } from '../core/checks';

export const DISRUPTION_BUDGETS_CHECKS = { disruptionBudgets: flag };
