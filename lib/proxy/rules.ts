import { shown } from '../core/problems';
import { Finding, Rule, repeated } from '../core/rule';
import { PROXY_CHECKS_IN_DOWN_AFTER } from '../defaults';
import { parseReference } from '../image/reference';
import { isScripted } from '../image/resolve';
import { ResolvedMember } from '../member/resolve';
import { lostPlaces, nameTaken } from '../member/rules';
import { Risk, risky } from '../risks';
import { ResolvedSentinels } from '../sentinels/resolve';
import { ResolvedTls } from '../tls/resolve';
import { VERDICT_PORT } from './haproxy';
import { TrafficPolicy } from './props';
import { ResolvedProxy, ResolvedProxyOptions, memoryFor, proxyNames } from './resolve';

/** What these rules look at. */
export interface Judged extends ResolvedProxy, ResolvedTls, Pick<ResolvedSentinels, 'downAfter'> {
  readonly members: readonly ResolvedMember[];
}

/** Holds where there is a proxy. */
function ofProxy(rule: (proxy: ResolvedProxyOptions, cluster: Judged) => Finding[]): Rule<Judged> {
  return (cluster) => (cluster.proxy === undefined ? [] : rule(cluster.proxy, cluster));
}

/** Its user is made by the scripts. */
const membersAreScripted = ofProxy((_, { members }) =>
  members.every(isScripted)
    ? []
    : [
        {
          rule: 'proxy-unknown',
          property: 'proxy',
          value: 'an object',
          must: 'logs in as a user that images which configure themselves do not know',
          remedy: 'leave it out, or write EnvContract.SCRIPTS',
        },
      ],
);

const namesAreFree: Rule<Judged> = (cluster) =>
  cluster.members
    .filter(({ name }) => proxyNames(cluster).includes(name))
    .map((member) => nameTaken(member, 'the proxies, or of their Service for reads'));

const proxyIsNotAlone = ofProxy(({ replicas }) =>
  replicas > 1
    ? []
    : [
        risky(Risk.SINGLE_PROXY, {
          rule: 'single-proxy',
          property: 'proxy.replicas',
          value: String(replicas),
          must: 'leaves clients without an address when the pod or its machine is away',
          remedy: 'write 2 or more',
        }),
      ],
);

/** A client that writes to a frozen master would go on with that when it thaws, and another one is master. */
const cutsBeforeFailover = ofProxy(({ checkInterval }, { downAfter }) => {
  const most = Math.floor(downAfter.toMilliseconds() / PROXY_CHECKS_IN_DOWN_AFTER);
  if (checkInterval.toMilliseconds() <= most) return [];
  return [
    {
      rule: 'checks-too-rare',
      property: 'proxy.checkInterval',
      value: `${checkInterval.toMilliseconds()} ms`,
      must: `is more than a twentieth of sentinels.downAfter: another node would be master before clients have lost the one before`,
      remedy: `write Duration.millis(${most}) or less, or a longer sentinels.downAfter`,
    },
  ];
});

const portsDiffer = ofProxy(({ port, reads, healthPort }) => {
  const ports = [
    { property: 'proxy.port', port },
    ...(reads === undefined ? [] : [{ property: 'proxy.reads.port', port: reads.port }]),
    { property: 'proxy.healthPort', port: healthPort },
  ];
  return repeated([{ property: '', port: VERDICT_PORT }, ...ports], (one) => String(one.port)).map((one) => ({
    rule: 'port-collision',
    property: one.property,
    value: String(one.port),
    must: one.port === VERDICT_PORT ? 'is a port that the proxies need' : 'is another port of the proxies too',
    remedy: 'write another port',
  }));
});

const memoryFits = ofProxy(({ maxConnections, resources: { memory } }, cluster) => {
  const needed = memoryFor(maxConnections, cluster);
  if (memory?.limit === undefined || memory.limit.toKibibytes() >= needed.toKibibytes()) return [];
  return [
    {
      rule: 'proxy-memory',
      property: 'proxy.resources.memory.limit',
      value: `${memory.limit.toKibibytes()} KiB`,
      must: `is less than ${maxConnections} connections may need: all of them would be cut when the kernel ends the proxy`,
      remedy: `write Size.mebibytes(${needed.toMebibytes()}) or more, or fewer maxConnections`,
    },
  ];
});

/** The servers' state before the first check, which a new proxy must not take for good, is a word of 3.1. */
const OLDEST = [3, 1];

const imageIsNewEnough = ofProxy(({ image }) => {
  const { repository, tag = '' } = parseReference(image);
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(tag) ?? [];
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (!/(^|\/)haproxy[^/]*$/.test(repository) || major === undefined || minor === undefined) return [];
  if (Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor)) return [];
  return [
    {
      rule: 'proxy-version',
      property: 'proxy.image.tag',
      value: shown(tag),
      must: 'does not know all that is in the configuration: no proxy would start',
      remedy: "write '3.2' or later, with its patch",
    },
  ];
});

const outsideIsLimited = ofProxy(({ service: { kind, options } }) =>
  kind === 'ClusterIP' || options.sourceRanges !== undefined
    ? []
    : [
        risky(Risk.OPEN_TO_ALL, {
          rule: 'open-to-all',
          property: 'proxy.service.sourceRanges',
          value: 'all',
          must: 'lets everybody who reaches the address try passwords',
          remedy: "write ['203.0.113.0/24'], the networks that clients are in",
        }),
      ],
);

/** A port of a machine is looked at by the policies alone, and they would see the machine. */
const sourcesAreSeen = ofProxy(({ service: { kind, options, trafficPolicy } }) =>
  kind !== 'NodePort' || options.sourceRanges === undefined || trafficPolicy !== TrafficPolicy.CLUSTER
    ? []
    : [
        {
          rule: 'source-unseen',
          property: 'proxy.service.trafficPolicy',
          value: shown(trafficPolicy),
          must: "shows machines' addresses in place of clients', so that nobody could look at sourceRanges",
          remedy: 'write TrafficPolicy.LOCAL',
        },
      ],
);

const readsHavePort = ofProxy(({ service: { options }, reads }) =>
  options.readsPort === undefined || reads !== undefined
    ? []
    : [
        {
          rule: 'without-effect',
          property: 'proxy.service.readsPort',
          value: String(options.readsPort),
          must: 'does nothing: there is no address for reads',
          remedy: 'write proxy.reads: {}, or leave it out',
        },
      ],
);

/** Kubernetes gives a port of the machines to one Service, and refuses the other. */
const nodePortsDiffer = ofProxy(({ service: { options }, reads }) =>
  reads === undefined || options.port === undefined || options.port !== options.readsPort
    ? []
    : [
        {
          rule: 'port-collision',
          property: 'proxy.service.readsPort',
          value: String(options.readsPort),
          must: 'is the port for writes too, and a port of the machines is that of one Service',
          remedy: 'write another port, or leave it out',
        },
      ],
);

const placesAreMeant = ofProxy(({ as }) => lostPlaces('proxy.scheduling', as.scheduling));

export const PROXY_RULES = [
  namesAreFree,
  membersAreScripted,
  proxyIsNotAlone,
  cutsBeforeFailover,
  portsDiffer,
  memoryFits,
  imageIsNewEnough,
  outsideIsLimited,
  sourcesAreSeen,
  readsHavePort,
  nodePortsDiffer,
  placesAreMeant,
];
