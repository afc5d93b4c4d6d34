import { Problem } from './problems';
import { ResolvedCluster, ResolvedWorkload } from '../resolve';
import { Risk } from '../risks';

/** A problem that may be accepted by name. */
export interface Finding extends Problem {
  readonly risk?: Risk;
}

/** How some parts of a cluster must fit together: a pure function of the resolved props. */
export type Rule = (cluster: ResolvedCluster) => Finding[];

/** A finding that can be accepted says so itself. */
export function risky(risk: Risk, problem: Problem): Finding {
  return { ...problem, remedy: `${problem.remedy}, or accept it: acceptRisks: [Risk.${risk}]`, risk };
}

export function members({ nodes, sentinels }: ResolvedCluster): ResolvedWorkload[] {
  return [...nodes, ...sentinels];
}

/** Those whose key somebody before them has already. */
export function repeated<T>(all: T[], key: (one: T) => string): T[] {
  return all.filter((one, index) => all.findIndex((other) => key(other) === key(one)) < index);
}
