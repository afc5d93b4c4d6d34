import { Problem } from './problems';

/** A problem that may be accepted by name. */
export interface Finding extends Problem {
  readonly risk?: string;
}

/** How some parts of a cluster must fit together: a pure function of resolved values, and of those only that it names. */
export type Rule<Cluster> = (cluster: Cluster) => Finding[];

/** Those whose key somebody before them has already. */
export function repeated<T>(all: readonly T[], key: (one: T) => string): T[] {
  return all.filter((one, index) => all.findIndex((other) => key(other) === key(one)) < index);
}
