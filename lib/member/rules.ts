import { ResolvedConfigMaps } from '../config-maps/resolve';
import { shown } from '../core/problems';
import { Finding, Rule, repeated } from '../core/rule';
import { memberLabels, overwritten } from '../identity/labels';
import { isScripted } from '../image/resolve';
import { PlannedPod } from '../pod/plan';
import { Risk, risky } from '../risks';
import { SchedulingOptions, Spread } from './props';
import { ResolvedMember } from './resolve';
import { LINUX, OS_LABEL, ZONE_LABEL } from './scheduling';

/** What these rules look at. */
export interface Judged extends ResolvedConfigMaps {
  readonly name: string;
  readonly members: readonly ResolvedMember[];
  readonly nodes: readonly ResolvedMember[];
  readonly sentinels: readonly ResolvedMember[];
  readonly pods: readonly PlannedPod[];
}

const namesAreUnique: Rule<Judged> = ({ members }) =>
  repeated(members, ({ name }) => name).map((member) => nameTaken(member, 'another member'));

/** cdk8s would render two objects of one name. */
export function nameTaken({ property, name }: ResolvedMember, owner: string): Finding {
  return {
    rule: 'name-taken',
    property: `${property}.name`,
    value: shown(name),
    must: `is the name of ${owner}`,
    remedy: 'write another one, or leave it out',
  };
}

const announcedAddressIsReal: Rule<Judged> = ({ members }) => {
  const announcing = members.filter(({ announceHost }) => announceHost !== undefined);
  const problem = (property: string, value: string | undefined, must: string, remedy: string): Finding => ({
    rule: 'announced-address',
    property: `${property}.announceHost`,
    value: shown(value),
    must,
    remedy,
  });
  return [
    ...announcing
      .filter((member) => isScripted(member) && !member.hostNetwork)
      .map(({ property, announceHost }) =>
        problem(
          property,
          announceHost,
          'is no address of a pod that has a network of its own',
          'write hostNetwork: true, or leave it out',
        ),
      ),
    ...announcing
      .filter((member) => isScripted(member) && member.announceHost?.includes('.') === false)
      .map(({ property, announceHost }) =>
        problem(
          property,
          announceHost,
          'has no dot, and would be taken for a Service of this namespace',
          'write the full host name, or the IPv4 address',
        ),
      ),
    ...repeated(announcing, ({ announced, port }) => `${announced}:${port}`).map(({ property, announced, port }) =>
      problem(
        property,
        `${announced}:${port}`,
        'is announced by another member too',
        'write the address of its own machine',
      ),
    ),
  ];
};

const hostPortsAreFree: Rule<Judged> = ({ nodes, sentinels, members }) => {
  const crowded = [nodes, sentinels].filter(
    (group) =>
      group.filter(({ hostNetwork }) => hostNetwork).length > 1 &&
      group.some(({ hostNetwork, scheduling }) => hostNetwork && scheduling.spread !== Spread.REQUIRED),
  );
  const port = sentinels[0]?.port;
  return [
    ...crowded.map((group) => {
      const what = group[0]?.groupProperty ?? '';
      return risky(Risk.HOST_NETWORK_WITHOUT_SPREAD, {
        rule: 'host-network-spread',
        property: `${what}.hostNetwork`,
        value: 'true',
        must: `lets two ${what} come to one machine, where the second finds its port taken`,
        remedy: `write ${what}.scheduling.spread: Spread.REQUIRED`,
      });
    }),
    ...(nodes[0]?.port === port && members.some(({ hostNetwork }) => hostNetwork)
      ? [
          {
            rule: 'port-collision',
            property: 'sentinels.port',
            value: String(port),
            must: 'is the port of the nodes, and members on the network of one machine share its ports',
            remedy: 'write another port',
          },
        ]
      : []),
  ];
};

const placesAreMeant: Rule<Judged> = ({ members }) =>
  members.flatMap(({ property, scheduling }) => lostPlaces(`${property}.scheduling`, scheduling));

/** What the pod's own selector would overwrite. "One pod of a member at most" is kept within one system. */
export function lostPlaces(property: string, { zone, nodeSelector = {} }: SchedulingOptions): Finding[] {
  const system = nodeSelector[OS_LABEL] ?? LINUX;
  return [
    ...(zone === undefined || !(ZONE_LABEL in nodeSelector)
      ? []
      : [
          {
            rule: 'zone-twice',
            property: `${property}.zone`,
            value: shown(zone),
            must: `is said by nodeSelector['${ZONE_LABEL}'] too`,
            remedy: 'delete one of them',
          },
        ]),
    ...(system === LINUX
      ? []
      : [
          {
            rule: 'operating-system',
            property: `${property}.nodeSelector['${OS_LABEL}']`,
            value: shown(system),
            must: `must be '${LINUX}': all pods of a cluster run there`,
            remedy: 'delete it',
          },
        ]),
  ];
}

const strategyHasNoSurge: Rule<Judged> = ({ members }) =>
  members
    .filter(({ deployment: { strategy } }) => {
      const surge: unknown = strategy.rollingUpdate?.maxSurge?.value;
      return strategy.type !== 'Recreate' && surge !== 0 && surge !== '0' && surge !== '0%';
    })
    .map(({ property, deployment }) => ({
      rule: 'strategy-surge',
      property: `${property}.deployment.strategy`,
      value: shown(deployment.strategy.type),
      must: 'starts a second pod beside the first, and that waits for the first to be gone for ever',
      remedy: 'leave it out, or write rollingUpdate with maxSurge 0 and maxUnavailable 1',
    }));

const graceFitsDeadline: Rule<Judged> = ({ members }) =>
  members
    .filter(
      ({ deployment }) =>
        deployment.progressDeadline.toMilliseconds() <= deployment.terminationGracePeriod.toMilliseconds(),
    )
    .map(({ property, deployment }) => ({
      rule: 'grace-within-deadline',
      property: `${property}.deployment.progressDeadline`,
      value: `${deployment.progressDeadline.toSeconds()} s`,
      must: `is not longer than the grace period (${deployment.terminationGracePeriod.toSeconds()} s): a rollout would be reported as failed while a pod still stops`,
      remedy: 'write a longer one, or leave it out',
    }));

const hookFitsGrace: Rule<Judged> = (cluster) =>
  cluster.members.filter(isScripted).flatMap(({ property, component, deployment, times }) => {
    const needed = times.grace.toSeconds();
    const given = deployment.terminationGracePeriod.toSeconds();
    if (given >= needed) return [];
    return [
      {
        rule: 'hook-within-grace',
        property: `${property}.deployment.terminationGracePeriod`,
        value: `${given} s`,
        must: `is shorter than a stop can take when all ${component}s are changed at once (${needed} s): the last would be killed while it waits for its turn`,
        remedy: `write Duration.seconds(${needed}) or more, or leave it out`,
      },
    ];
  });

const labelsAreFree: Rule<Judged> = ({ members }) =>
  members.flatMap(({ property, pod }) => overwritten(`${property}.pod.labels`, pod.labels));

/** A Deployment takes every pod that it selects for its own, and a Service sends it connections. */
const selectorsAreUnique: Rule<Judged> = ({ name: cluster, members, pods }) =>
  members.flatMap(({ property, component, name, deployment }) => {
    const ours = memberLabels(cluster, component, name);
    const selector = Object.entries(deployment.selector);
    const also = pods.filter(
      (pod) =>
        pod.name !== name && selector.every(([label, value]) => pod.template.metadata?.labels?.[label] === value),
    );
    const problem = { rule: 'selector', property: `${property}.deployment.selector`, value: text(deployment.selector) };
    return [
      ...(also.length === 0
        ? []
        : [
            {
              ...problem,
              must: `selects the pods of ${also.map((pod) => pod.name).join(', ')} too`,
              remedy: 'write labels that no other member has, or leave it out',
            },
          ]),
      ...selector
        .filter(([label, value]) => (ours[label] ?? value) !== value)
        .map(([label]) => ({
          ...problem,
          must: `has another ${label} than '${ours[label] ?? ''}', by which policies and budgets know the pods`,
          remedy: 'write another label',
        })),
    ];
  });

function text(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return pairs.join(',') || '{}';
}

/** Variables that a script takes for its own wherever they come from: settings, and an exporter's rights. */
const HEARD = /^((REDIS|SENTINEL)_CONF_.*|EXPORTER_RIGHTS)$/;

/** One of the same name that the pod itself has is the business of the rules over pods. */
const variablesAreFree: Rule<Judged> = ({ members, configMaps }) =>
  members.filter(isScripted).flatMap(({ property, pod }) =>
    pod.env
      .filter(({ name }) => HEARD.test(name) || name in configMaps.members.data)
      .map(({ name }) => ({
        rule: 'owned-in-pod',
        property: `${property}.pod.env`,
        value: shown(name),
        must: 'is in the pod already',
        remedy: 'write another one',
      })),
  );

export const MEMBER_RULES = [
  namesAreUnique,
  announcedAddressIsReal,
  hostPortsAreFree,
  placesAreMeant,
  strategyHasNoSurge,
  graceFitsDeadline,
  hookFitsGrace,
  labelsAreFree,
  selectorsAreUnique,
  variablesAreFree,
];

/** What is given for a member that there is not would silently do nothing. */
export function withoutMember(property: string, overrides: readonly string[], count: number, what: string): Finding[] {
  return overrides
    .filter((override) => Number(override.slice(what.length)) > count)
    .map((override) => ({
      rule: 'override-without-member',
      property: `${property}.${override}`,
      value: 'an object',
      must: `does nothing: there are ${count} ${what}s`,
      remedy: 'delete it, or raise the number',
    }));
}
