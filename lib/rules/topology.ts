import { HASTY_DOWN_AFTER } from '../defaults';
import { LINUX, OS_LABEL } from '../identity/labels';
import { DNS_LABEL } from '../identity/naming';
import { shown } from '../core/problems';
import { EnvContract } from '../image/props';
import { Spread } from '../workload/props';
import { majorityOf } from '../resolve';
import { Risk } from '../risks';
import { Finding, Rule, members, repeated, risky } from '../core/rule';

const LONGEST_NAME = 40;

const nameIsLabel: Rule = ({ name }) =>
  name.length <= LONGEST_NAME && DNS_LABEL.test(name)
    ? []
    : [
        {
          rule: 'cluster-name',
          property: 'name',
          value: shown(name),
          must: `must be a DNS label of at most ${LONGEST_NAME} characters, for the name of every object begins with it`,
          remedy: "write a letter, then lower case letters, digits and '-'; without a name it is the construct's id",
        },
      ];

const quorumIsReachable: Rule = ({ quorum, sentinels }) =>
  quorum <= sentinels.length
    ? []
    : [
        {
          rule: 'quorum-reachable',
          property: 'sentinels.quorum',
          value: String(quorum),
          must: `is more than there are sentinels (${sentinels.length}), so no master would ever be replaced`,
          remedy: `write ${majorityOf(sentinels.length)}, or leave it out`,
        },
      ];

const quorumIsMajority: Rule = ({ quorum, sentinels }) =>
  quorum >= majorityOf(sentinels.length)
    ? []
    : [
        risky(Risk.LOW_QUORUM, {
          rule: 'low-quorum',
          property: 'sentinels.quorum',
          value: String(quorum),
          must: `is no majority of ${sentinels.length} sentinels: the few that are cut off start failovers that nobody elects`,
          remedy: `write ${majorityOf(sentinels.length)}, or leave it out`,
        }),
      ];

const sentinelsAreOdd: Rule = ({ sentinels: { length: count } }) => {
  const problem = { property: 'sentinels.count', value: String(count) };
  if (count === 1) {
    const must = 'leaves nobody to promote a replica when its machine is lost';
    return [risky(Risk.SINGLE_SENTINEL, { ...problem, rule: 'single-sentinel', must, remedy: 'write 3' })];
  }
  if (count % 2 === 1) return [];
  const must = `survives no more losses than ${count - 1}`;
  return [risky(Risk.EVEN_SENTINELS, { ...problem, rule: 'even-sentinels', must, remedy: `write ${count + 1}` })];
};

const masterHasReplica: Rule = ({ nodes }) =>
  nodes.length > 1
    ? []
    : [
        risky(Risk.NO_REPLICA, {
          rule: 'no-replica',
          property: 'nodes.replicas',
          value: '0',
          must: 'leaves nobody to take over when the master is lost',
          remedy: 'write 2',
        }),
      ];

const failoverIsPatient: Rule = ({ downAfter }) =>
  downAfter.toMilliseconds() >= HASTY_DOWN_AFTER.toMilliseconds()
    ? []
    : [
        risky(Risk.HASTY_FAILOVER, {
          rule: 'hasty-failover',
          property: 'sentinels.downAfter',
          value: `${downAfter.toMilliseconds()} ms`,
          must: 'is shorter than a fork or a slow command may freeze a healthy master',
          remedy: 'write Duration.seconds(5)',
        }),
      ];

/** A name of a group would be that of several objects. */
const groupsHaveNoName: Rule = ({ given }) => [
  ...named('nodes', given.nodes?.name, 'nodes.master.name, or nodes.replicaOverrides[n].name'),
  ...named('sentinels', given.sentinels?.name, 'sentinels.overrides[n].name'),
];

function named(group: string, name: string | undefined, remedy: string): Finding[] {
  if (name === undefined) return [];
  const must = 'can be the name of one member only';
  return [{ rule: 'name-of-group', property: `${group}.name`, value: shown(name), must, remedy: `write ${remedy}` }];
}

const overridesHaveMembers: Rule = ({ given, nodes, sentinels }) => [
  ...orphans('nodes.replicaOverrides', given.nodes?.replicaOverrides, nodes.length - 1, 'replicas'),
  ...orphans('sentinels.overrides', given.sentinels?.overrides, sentinels.length, 'sentinels'),
];

function orphans(property: string, overrides: object | undefined, count: number, what: string): Finding[] {
  return Object.keys(overrides ?? {})
    .filter((ordinal) => Number(ordinal) > count)
    .map((ordinal) => ({
      rule: 'override-without-member',
      property: `${property}.${ordinal}`,
      value: shown(Number(ordinal)),
      must: `does nothing: there are ${count} ${what}`,
      remedy: 'delete it, or raise the number',
    }));
}

const namesAreUnique: Rule = (cluster) =>
  repeated(members(cluster), ({ name }) => name).map(({ property, name }) => ({
    rule: 'name-taken',
    property: `${property}.name`,
    value: shown(name),
    must: 'is the name of another member',
    remedy: 'write another one, or leave it out',
  }));

const announcedAddressIsReal: Rule = (cluster) => [
  ...members(cluster)
    .filter(({ announceHost, hostNetwork }) => announceHost !== undefined && !hostNetwork)
    .filter(({ envContract }) => envContract === EnvContract.SCRIPTS)
    .map(({ property, announceHost }) => ({
      rule: 'announced-address',
      property: `${property}.announceHost`,
      value: shown(announceHost),
      must: 'is no address of a pod that has a network of its own',
      remedy: 'write hostNetwork: true, or leave it out',
    })),
  ...members(cluster)
    .filter(
      ({ announceHost, envContract }) => announceHost?.includes('.') === false && envContract === EnvContract.SCRIPTS,
    )
    .map(({ property, announceHost }) => ({
      rule: 'announced-address',
      property: `${property}.announceHost`,
      value: shown(announceHost),
      must: 'has no dot, and would be taken for a Service of this namespace',
      remedy: 'write the full host name, or the IPv4 address',
    })),
  ...repeated(
    members(cluster).filter(({ announceHost }) => announceHost !== undefined),
    ({ announced, port }) => `${announced}:${port}`,
  ).map(({ property, announced, port }) => ({
    rule: 'announced-address',
    property: `${property}.announceHost`,
    value: shown(`${announced}:${port}`),
    must: 'is announced by another member too',
    remedy: 'write the address of its own machine',
  })),
];

const hostPortsAreFree: Rule = (cluster) => {
  const { nodes, sentinels, redisPort, sentinelPort } = cluster;
  const crowded = [nodes, sentinels].filter(
    (group) =>
      group.filter(({ hostNetwork }) => hostNetwork).length > 1 &&
      group.some(({ hostNetwork, scheduling }) => hostNetwork && scheduling.spread !== Spread.REQUIRED),
  );
  return [
    ...crowded.map((group) => {
      const what = group === nodes ? 'nodes' : 'sentinels';
      return risky(Risk.HOST_NETWORK_WITHOUT_SPREAD, {
        rule: 'host-network-spread',
        property: `${what}.hostNetwork`,
        value: 'true',
        must: `lets two ${what} come to one machine, where the second finds its port taken`,
        remedy: `write ${what}.scheduling.spread: Spread.REQUIRED`,
      });
    }),
    ...(redisPort === sentinelPort && members(cluster).some(({ hostNetwork }) => hostNetwork)
      ? [
          {
            rule: 'port-collision',
            property: 'sentinels.port',
            value: String(sentinelPort),
            must: 'is the port of the nodes, and members on the network of one machine share its ports',
            remedy: 'write another port',
          },
        ]
      : []),
  ];
};

const zoneIsSaidOnce: Rule = (cluster) =>
  members(cluster)
    .filter(
      ({ scheduling }) =>
        scheduling.zone !== undefined && 'topology.kubernetes.io/zone' in (scheduling.nodeSelector ?? {}),
    )
    .map(({ property, scheduling }) => ({
      rule: 'zone-twice',
      property: `${property}.scheduling.zone`,
      value: shown(scheduling.zone),
      must: "is said by nodeSelector['topology.kubernetes.io/zone'] too",
      remedy: 'delete one of them',
    }));

/** "One pod of a member at most" is kept within one system; and what is overwritten would silently do nothing. */
const systemIsLinux: Rule = (cluster) =>
  members(cluster)
    .filter(({ scheduling }) => (scheduling.nodeSelector?.[OS_LABEL] ?? LINUX) !== LINUX)
    .map(({ property, scheduling }) => ({
      rule: 'operating-system',
      property: `${property}.scheduling.nodeSelector['${OS_LABEL}']`,
      value: shown(scheduling.nodeSelector?.[OS_LABEL]),
      must: `must be '${LINUX}': all pods of a cluster run there`,
      remedy: 'delete it',
    }));

export const TOPOLOGY_RULES: Rule[] = [
  nameIsLabel,
  quorumIsReachable,
  quorumIsMajority,
  sentinelsAreOdd,
  masterHasReplica,
  failoverIsPatient,
  groupsHaveNoName,
  overridesHaveMembers,
  namesAreUnique,
  announcedAddressIsReal,
  hostPortsAreFree,
  zoneIsSaidOnce,
  systemIsLinux,
];
