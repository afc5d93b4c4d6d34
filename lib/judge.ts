import { Problem } from './core/problems';
import { RULES, ResolvedCluster } from './features';
import { Risk } from './risks';

/** Every problem of a cluster that its accepted risks do not cover. */
export function problemsOf(cluster: ResolvedCluster): Problem[] {
  const findings = RULES.flatMap((rule) => rule(cluster));
  const accepted = new Set<string>(cluster.acceptedRisks);
  const needed = new Set(findings.map(({ risk }) => risk));
  return once([
    ...findings.filter(({ risk }) => risk === undefined || !accepted.has(risk)),
    ...cluster.acceptedRisks.filter((risk) => !needed.has(risk)).map(notNeeded),
  ]);
}

/** Two rules may find the same. */
function once(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [Object.values(problem).join('\n'), problem])).values()];
}

/** The list of accepted risks is the list of dangers: what is not one must not stand in it. */
function notNeeded(risk: Risk): Problem {
  return {
    rule: 'risk-not-needed',
    property: 'acceptRisks',
    value: `Risk.${risk}`,
    must: 'is not a risk of this cluster',
    remedy: 'delete it',
  };
}
