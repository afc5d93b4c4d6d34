import { DISRUPTION_BUDGETS } from '../defaults';

export interface ResolvedDisruptionBudgets {
  readonly disruptionBudgets: boolean;
}

export function resolveDisruptionBudgets(props: { readonly disruptionBudgets?: boolean }): ResolvedDisruptionBudgets {
  return { disruptionBudgets: props.disruptionBudgets ?? DISRUPTION_BUDGETS };
}
