import { shown } from '../core/problems';
import { Rule } from '../core/rule';
import { naming } from '../identity/naming';
import { ResolvedMember } from '../member/resolve';
import { nameTaken } from '../member/rules';
import { ResolvedTls } from '../tls/resolve';
import { ResolvedMetrics } from './resolve';

/** What these rules look at. */
export interface Judged extends ResolvedMetrics, ResolvedTls {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly members: readonly ResolvedMember[];
}

/** Two clusters of one name in two namespaces would be counted as one. */
const alertsKnowTheirCluster: Rule<Judged> = ({ metrics, namespace }) =>
  metrics === undefined || metrics.alerts.kind === 'none' || namespace !== undefined
    ? []
    : [
        {
          rule: 'alerts-without-namespace',
          property: 'metrics.alerts',
          value: shown(metrics.alerts.kind),
          must: 'need the namespace of the cluster: they would count the members of every cluster of this name',
          remedy: "write new Chart(app, id, { namespace: '…' })",
        },
      ];

/** Between two looks nothing is known: what was seen once may be over. */
const outageIsSeenTwice: Rule<Judged> = ({ metrics }) => {
  if (metrics === undefined) return [];
  const { interval, alerts } = metrics;
  const least = 2 * interval.toSeconds();
  if (alerts.thresholds.outage.toSeconds() >= least) return [];
  return [
    {
      rule: 'outage-within-interval',
      property: 'metrics.alerts.thresholds.outage',
      value: `${alerts.thresholds.outage.toSeconds()} s`,
      must: `is shorter than two looks of Prometheus (${least} s): a hand-over would wake somebody`,
      remedy: `write Duration.seconds(${least}) or more, or a shorter metrics.interval`,
    },
  ];
};

/** Of what is rendered for Prometheus, its Service alone is of a kind that a member has too. */
const serviceNameIsFree: Rule<Judged> = ({ name: cluster, metrics, members }) =>
  metrics?.monitor.kind !== 'services'
    ? []
    : members
        .filter(({ name }) => name === naming.metrics(cluster))
        .map((member) => nameTaken(member, 'the Service for Prometheus'));

const renewalIsSooner: Rule<Judged> = ({ metrics, tls }) => {
  const expires = metrics?.alerts.thresholds.certificateExpiresIn.toSeconds();
  const renewed = tls?.certificate?.renewBefore.toSeconds();
  if (expires === undefined || renewed === undefined || expires < renewed) return [];
  return [
    {
      rule: 'alert-before-renewal',
      property: 'metrics.alerts.thresholds.certificateExpiresIn',
      value: `${expires} s`,
      must: `is not shorter than tls.renewBefore (${renewed} s): each certificate would raise it before it is renewed`,
      remedy: 'write a shorter one, or leave it out',
    },
  ];
};

/** Members on the network of one machine share its ports; within a pod the rules over pods see it. */
const portsDiffer: Rule<Judged> = ({ metrics, members }) => {
  if (metrics === undefined || !members.some(({ hostNetwork }) => hostNetwork)) return [];
  const { node, sentinel } = metrics.exporter.ports;
  const taken = new Set(members.map(({ port }) => port));
  const problem = (name: string, value: number, must: string) => ({
    rule: 'port-collision',
    property: `metrics.exporter.${name}`,
    value: String(value),
    must: `${must}, and members on the network of one machine share its ports`,
    remedy: 'write another port',
  });
  return [
    ...(node === sentinel ? [problem('sentinelPort', sentinel, 'is that of the exporters beside nodes')] : []),
    ...(taken.has(node) ? [problem('port', node, 'is the port of a node or sentinel')] : []),
    ...(taken.has(sentinel) ? [problem('sentinelPort', sentinel, 'is the port of a node or sentinel')] : []),
  ];
};

export const METRICS_RULES = [
  alertsKnowTheirCluster,
  outageIsSeenTwice,
  renewalIsSooner,
  serviceNameIsFree,
  portsDiffer,
];
