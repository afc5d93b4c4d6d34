import { Size } from 'cdk8s';
import * as defaults from '../defaults';
import { ContainerResources } from '../core/kplus';
import { shown } from '../core/problems';
import { sizeText } from '../core/quantities';
import { ResolvedCluster, ResolvedWorkload } from '../resolve';
import { Risk } from '../risks';
import { Persistence } from '../storage/props';
import { Finding, Rule, members, repeated, risky } from '../core/rule';

/** What a node's container needs besides the data: a fork, and the larger of backlog and replica buffer. */
function neededMemory({ settings }: ResolvedCluster): Size {
  const shared = Math.max(settings.replBacklogSize.toKibibytes(), settings.replicaOutputBufferLimit.toKibibytes());
  return Size.kibibytes(Math.ceil(settings.maxmemory.toKibibytes() * defaults.MEMORY_FACTOR + shared));
}

const memoryHasHeadroom: Rule = (cluster) => {
  const { settings, nodes } = cluster;
  const needed = neededMemory(cluster);
  const maxmemory = settings.maxmemory.toKibibytes();
  const tight = nodes.filter(
    ({ resources }) => (resources.memory?.limit?.toKibibytes() ?? Infinity) < needed.toKibibytes(),
  );
  const property = 'settings.maxmemory';
  if (maxmemory === 0) {
    const must = 'is no limit: Redis grows until the kernel kills it';
    const remedy = 'write settings.maxmemory, and memory limits that hold it';
    return [risky(Risk.MEMORY_WITHOUT_HEADROOM, { rule: 'memory-headroom', property, value: 'none', must, remedy })];
  }
  if (tight.length === 0) return [];
  const limits = [...new Set(tight.map(({ resources }) => sizeText(resources.memory?.limit ?? Size.kibibytes(0))))];
  return [
    risky(Risk.MEMORY_WITHOUT_HEADROOM, {
      rule: 'memory-headroom',
      property,
      value: sizeText(settings.maxmemory),
      must: `needs a memory limit of ${sizeText(needed)} (× 1.5 for a fork, and the larger of backlog and replica buffer), and ${tight.map(({ name }) => name).join(', ')} has ${limits.join(', ')}`,
      remedy: 'write a higher memory limit or a lower maxmemory',
    }),
  ];
};

function claimFactor(persistence: Persistence): number {
  if (persistence._none) return 0;
  if (!persistence._aof) return defaults.RDB_CLAIM_FACTOR;
  return persistence._savePoints.length > 0 ? defaults.AOF_AND_RDB_CLAIM_FACTOR : defaults.AOF_CLAIM_FACTOR;
}

const claimHoldsData: Rule = ({ settings, nodes, persistence }) => {
  const needed = Size.kibibytes(settings.maxmemory.toKibibytes() * claimFactor(persistence));
  return nodes
    .filter(({ storage }) => storage.kind !== 'existing' && storage.size.toKibibytes() < needed.toKibibytes())
    .map(({ property, storage }) =>
      risky(Risk.SMALL_CLAIM, {
        rule: 'claim-size',
        property: `${property}.storage`,
        value: sizeText(storage.size),
        must: `can be too small: ${claimFactor(persistence)} × maxmemory is ${sizeText(needed)}`,
        remedy: `write a size of ${sizeText(needed)} or more`,
      }),
    );
};

const claimsAreUnique: Rule = (cluster) =>
  repeated(
    members(cluster).filter(({ storage }) => storage.kind !== 'ephemeral'),
    ({ storage }) => storage.claimName,
  ).map(({ property, storage }) => ({
    rule: 'claim-taken',
    property: `${property}.storage`,
    value: shown(storage.claimName),
    must: 'is the claim of another member, and two servers on one volume destroy its data',
    remedy: 'give each member a claim of its own',
  }));

const requestsFitLimits: Rule = (cluster) => [
  ...members(cluster).flatMap(({ property, resources }) => beyondLimit(`${property}.resources`, resources)),
  ...beyondLimit('nodes.keeperResources', cluster.given.nodes?.keeperResources ?? {}),
  ...beyondLimit('sentinels.keeperResources', cluster.given.sentinels?.keeperResources ?? {}),
];

function beyondLimit(property: string, { cpu, memory, ephemeralStorage }: ContainerResources): Finding[] {
  const pairs = [
    { what: 'cpu', request: millicores(cpu?.request?.amount), limit: millicores(cpu?.limit?.amount), unit: 'm' },
    { what: 'memory', request: memory?.request?.toKibibytes(), limit: memory?.limit?.toKibibytes(), unit: 'Ki' },
    {
      what: 'ephemeralStorage',
      request: ephemeralStorage?.request?.toKibibytes(),
      limit: ephemeralStorage?.limit?.toKibibytes(),
      unit: 'Ki',
    },
  ];
  return pairs.flatMap(({ what, request, limit, unit }) =>
    request === undefined || limit === undefined || request <= limit
      ? []
      : [
          {
            rule: 'request-within-limit',
            property: `${property}.${what}.request`,
            value: `${request}${unit}`,
            must: `is more than its limit of ${limit}${unit}`,
            remedy: 'write at most the limit',
          },
        ],
  );
}

function millicores(amount: string | undefined): number | undefined {
  if (amount === undefined) return undefined;
  return amount.endsWith('m') ? Number(amount.slice(0, -1)) : Number(amount) * 1000;
}

const storageLasts: Rule = (cluster) =>
  members(cluster)
    .filter(({ storage }) => storage.kind === 'ephemeral')
    .map((member: ResolvedWorkload) =>
      risky(Risk.EPHEMERAL_STORAGE, {
        rule: 'ephemeral-storage',
        property: `${member.property}.storage`,
        value: 'ephemeral',
        must: member.component === 'node' ? 'loses the data with the pod' : "loses the sentinel's memory with the pod",
        remedy: 'write Storage.claim()',
      }),
    );

const somethingIsWritten: Rule = ({ persistence }) =>
  persistence._none
    ? [
        risky(Risk.NO_PERSISTENCE, {
          rule: 'no-persistence',
          property: 'persistence',
          value: 'none',
          must: 'loses all data when the nodes stop together',
          remedy: 'write Persistence.aof()',
        }),
      ]
    : [];

const savePointsAreWhole: Rule = ({ persistence }) =>
  persistence._savePoints
    .filter(({ seconds, changes }) => ![seconds, changes].every((number) => Number.isInteger(number) && number >= 1))
    .map((savePoint) => ({
      rule: 'save-point',
      property: 'persistence.savePoints',
      value: `{ seconds: ${savePoint.seconds}, changes: ${savePoint.changes} }`,
      must: 'must be whole numbers of 1 or more',
      remedy: 'write { seconds: 300, changes: 100 }',
    }));

export const CAPACITY_RULES: Rule[] = [
  memoryHasHeadroom,
  claimHoldsData,
  claimsAreUnique,
  requestsFitLimits,
  storageLasts,
  somethingIsWritten,
  savePointsAreWhole,
];
