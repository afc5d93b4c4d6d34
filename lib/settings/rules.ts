import { Duration, Size } from 'cdk8s';
import { shown } from '../core/problems';
import { sizeText } from '../core/quantities';
import { Finding, Rule } from '../core/rule';
import * as defaults from '../defaults';
import { ResolvedMember } from '../member/resolve';
import { Risk, risky } from '../risks';
import { ownedDirective } from './directives';
import { ResolvedSettings } from './resolve';

/** What these rules look at. */
export interface Judged extends ResolvedSettings {
  readonly nodes: readonly ResolvedMember[];
  readonly downAfter: Duration;
  readonly sentinelDirectives: Record<string, string>;
}

/** What a node's container needs besides the data: a fork, and the larger of backlog and replica buffer. */
function neededMemory({ settings }: ResolvedSettings): Size {
  const shared = Math.max(settings.replBacklogSize.toKibibytes(), settings.replicaOutputBufferLimit.toKibibytes());
  return Size.kibibytes(Math.ceil(settings.maxmemory.toKibibytes() * defaults.MEMORY_FACTOR + shared));
}

const memoryHasHeadroom: Rule<Judged> = (cluster) => {
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
      must: `needs a memory limit of ${sizeText(needed)} (× ${defaults.MEMORY_FACTOR} for a fork, and the larger of backlog and replica buffer), and ${tight.map(({ name }) => name).join(', ')} has ${limits.join(', ')}`,
      remedy: 'write a higher memory limit or a lower maxmemory',
    }),
  ];
};

const guardIsReachable: Rule<Judged> = ({ settings, nodes }) =>
  settings.minReplicasToWrite <= nodes.length - 1
    ? []
    : [
        {
          rule: 'guard-reachable',
          property: 'settings.minReplicasToWrite',
          value: String(settings.minReplicasToWrite),
          must: `is more than there are replicas (${nodes.length - 1}), so no write would ever be accepted`,
          remedy: 'write a lower number, or leave it out',
        },
      ];

const guardClosesFirst: Rule<Judged> = ({ settings, downAfter }) =>
  settings.minReplicasToWrite === 0 || settings.minReplicasMaxLag.toMilliseconds() < downAfter.toMilliseconds()
    ? []
    : [
        {
          rule: 'guard-closes-first',
          property: 'settings.minReplicasMaxLag',
          value: `${settings.minReplicasMaxLag.toMilliseconds()} ms`,
          must: `is not shorter than sentinels.downAfter (${downAfter.toMilliseconds()} ms): a master that is cut off would still take writes when another one does`,
          remedy: 'write a shorter one, a longer sentinels.downAfter, or settings.minReplicasToWrite 0',
        },
      ];

const directivesAreFree: Rule<Judged> = ({ settings, sentinelDirectives }) => [
  ...owned('settings.directives', settings.directives, 'node'),
  ...owned('sentinels.directives', sentinelDirectives, 'sentinel'),
];

function owned(property: string, directives: Record<string, string>, component: 'node' | 'sentinel'): Finding[] {
  return Object.entries(directives).flatMap(([directive, value]) => {
    const remedy = ownedDirective(directive, component);
    if (remedy === undefined) return [];
    const path = `${property}.${directive}`;
    const must = 'is written by this library';
    return [{ rule: 'owned-directive', property: path, value: shown(value, path), must, remedy }];
  });
}

export const SETTINGS_RULES = [memoryHasHeadroom, guardIsReachable, guardClosesFirst, directivesAreFree];
