import { Problem } from '../core/problems';
import { ResolvedCluster } from '../resolve';
import { Risk } from '../risks';
import { CAPACITY_RULES } from './capacity';
import { OWNERSHIP_RULES } from './ownership';
import { Rule } from '../core/rule';
import { SAFETY_RULES } from './safety';
import { TOPOLOGY_RULES } from './topology';

const RULES: Rule[] = [...TOPOLOGY_RULES, ...CAPACITY_RULES, ...SAFETY_RULES, ...OWNERSHIP_RULES];

/** Every problem of a cluster that its accepted risks do not cover. */
export function problemsOf(cluster: ResolvedCluster): Problem[] {
  const findings = RULES.flatMap((rule) => rule(cluster));
  const accepted = new Set(cluster.acceptedRisks);
  const needed = new Set(findings.map(({ risk }) => risk));
  return [
    ...findings.filter(({ risk }) => risk === undefined || !accepted.has(risk)),
    ...[...accepted].filter((risk) => !needed.has(risk)).map(notNeeded),
  ];
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
