import * as defaults from '../defaults';
import { ResolvedMember } from '../member/resolve';
import { MaxmemoryPolicy } from '../settings/props';
import { Alert, AlertedCluster, IT, Known, NO_PEAK } from './alert';
import { AlertName } from './alert-props';
import { MEMBER, Selectors, each, seconds } from './promql';

export function memoryAlerts({ cluster: { nodes, settings }, of, at, outage }: Known): Alert[] {
  const policy = policyOf(settings);
  const used = `100 * ${each(of.nodes('redis_memory_used_bytes'))} / (${each(of.nodes('redis_memory_max_bytes'))} > 0)`;
  // One that throws away any key is full as a matter of course.
  const canBeFull = settings.maxmemory.toKibibytes() > 0 && !policy.startsWith('allkeys');
  return [
    ...(canBeFull
      ? [
          {
            name: AlertName.MEMORY_HIGH,
            severity: 'warning' as const,
            expr: `${used} > ${at.memoryPercent}`,
            lasts: NO_PEAK,
            summary: `${IT} uses {{ $value | printf "%.0f" }} % of maxmemory.`,
            description: `With '${policy}' writes are refused when it is full.`,
          },
          {
            name: AlertName.MEMORY_FULL,
            severity: 'critical' as const,
            expr: `${used} > ${defaults.MEMORY_FULL_PERCENT}`,
            lasts: outage,
            summary: `The memory of ${IT} is full: writes are refused, or will be at once.`,
            description: `It uses {{ $value | printf "%.0f" }} % of maxmemory, with '${policy}'. Clients get OOM errors.`,
          },
        ]
      : []),
    ...nearLimit(nodes, of, at.memoryLimitPercent),
    ...(policy === 'noeviction'
      ? []
      : [
          {
            name: AlertName.EVICTIONS,
            severity: 'info' as const,
            expr: `sum(increase(${of.nodes('redis_evicted_keys_total')}[10m])) > 0`,
            lasts: 0,
            summary: 'Keys are thrown away, for memory is full.',
            description: `{{ $value | printf "%.0f" }} of them within ten minutes, as '${policy}' wants it.`,
          },
        ]),
  ];
}

function policyOf({ variables }: AlertedCluster['settings']): string {
  return variables['REDIS_CONF_MAXMEMORY_POLICY'] ?? MaxmemoryPolicy.NOEVICTION;
}

/** Each node may have a limit of its own, and one without has none to be near. */
function nearLimit(nodes: readonly ResolvedMember[], of: Selectors, percent: number): Alert[] {
  const limits = new Map<number, string[]>();
  for (const { name, resources } of nodes) {
    const bytes = (resources.memory?.limit?.toKibibytes() ?? 0) * 1024;
    if (bytes > 0) limits.set(bytes, [...(limits.get(bytes) ?? []), name]);
  }
  if (limits.size === 0) return [];
  const parts = [...limits].map(
    ([bytes, names]) =>
      `100 * ${each(of.nodes('redis_memory_used_rss_bytes', `${MEMBER}=~"${names.join('|')}"`))} / ${bytes}`,
  );
  return [
    {
      name: AlertName.NEAR_MEMORY_LIMIT,
      severity: 'warning',
      expr: `(${parts.join(' or ')}) > ${percent}`,
      lasts: NO_PEAK,
      summary: `The server of ${IT} has {{ $value | printf "%.0f" }} % of its container's memory.`,
      description: 'The kernel kills it at the limit. A fork or a full copy needs room beside the data.',
    },
  ];
}

export function clientAlerts({ cluster: { settings }, of, at }: Known): Alert[] {
  const maxclients = settings.maxclients ?? defaults.MAXCLIENTS;
  return [
    {
      name: AlertName.CLIENTS_HIGH,
      severity: 'warning',
      expr: `100 * ${each(of.nodes('redis_connected_clients'))} / ${maxclients} > ${at.clientsPercent}`,
      lasts: NO_PEAK,
      summary: `${IT} has {{ $value | printf "%.0f" }} % of the clients that it may have.`,
      description: `More than ${maxclients} are refused.`,
    },
    {
      name: AlertName.CONNECTIONS_REJECTED,
      severity: 'warning',
      expr: `sum by (${MEMBER}) (increase(${of.nodes('redis_rejected_connections_total')}[5m])) > 0`,
      lasts: 0,
      summary: `${IT} refuses connections.`,
      description: `It has ${maxclients} clients already.`,
    },
    {
      name: AlertName.LOGINS_REFUSED,
      severity: 'info',
      expr: `sum by (${MEMBER}) (increase(${of.nodes('redis_errors_total', 'err="WRONGPASS"')}[10m])) > ${at.refusedLogins}`,
      lasts: 0,
      summary: `Somebody tries wrong passwords at ${IT}.`,
      description:
        '{{ $value | printf "%.0f" }} within ten minutes: a client that has not changed over, or an intruder.',
    },
  ];
}

export function diskAlerts(about: Known): Alert[] {
  const { cluster, of, at, outage } = about;
  const { aof, savePoints } = cluster.persistence;
  const failed = (metric: string): string => `min by (${MEMBER}) (${of.nodes(metric)}) == 0`;
  return [
    ...(aof
      ? [
          {
            name: AlertName.AOF_WRITE_FAILED,
            severity: 'critical' as const,
            expr: failed('redis_aof_last_write_status'),
            lasts: outage,
            summary: `${IT} can't write its append-only file.`,
            description: 'A master refuses writes then: clients get MISCONF. Most often the volume is full.',
          },
          {
            name: AlertName.AOF_REWRITE_FAILED,
            severity: 'warning' as const,
            expr: failed('redis_aof_last_bgrewrite_status'),
            lasts: NO_PEAK,
            summary: `${IT} can't write its append-only file anew.`,
            description:
              'It grows until the volume is full. Most often memory or space is missing for the second file.',
          },
        ]
      : []),
    {
      name: AlertName.SNAPSHOT_FAILED,
      // With save points a master refuses writes after a snapshot that failed.
      severity: savePoints.length > 0 ? 'critical' : 'warning',
      expr: failed('redis_rdb_last_bgsave_status'),
      lasts: outage,
      summary: `The last snapshot of ${IT} has failed.`,
      description:
        savePoints.length > 0
          ? 'A master refuses writes then: clients get MISCONF.'
          : 'Full copies for replicas are made in the same way, and may fail too.',
    },
    {
      name: AlertName.FORK_SLOW,
      severity: 'warning',
      expr: `${each(of.nodes('redis_latest_fork_seconds'))} > ${at.fork.toMilliseconds() / 1000}`,
      lasts: 0,
      summary: `${IT} stood still for {{ $value | humanizeDuration }} at its last fork.`,
      description:
        'Clients wait for so long at each snapshot, rewrite or full copy. Beyond sentinels.downAfter it is a failover.',
    },
    ...claimAlerts(about),
  ];
}

function claimAlerts({ cluster: { nodes, sentinels }, namespace, at }: Known): Alert[] {
  const claims = [...nodes, ...sentinels]
    .filter(({ storage }) => storage.kind !== 'ephemeral')
    .map(({ storage }) => storage.claimName);
  if (claims.length === 0) return [];
  // A claim that existed before may have dots in its name.
  const names = claims.map((name) => name.replaceAll('.', String.raw`\\.`)).join('|');
  const of = (what: string): string =>
    `max by (persistentvolumeclaim) (kubelet_volume_stats_${what}_bytes{namespace="${namespace}",persistentvolumeclaim=~"${names}"})`;
  const free = of('available');
  const used = `100 - 100 * ${free} / ${of('capacity')}`;
  const later = `predict_linear(kubelet_volume_stats_available_bytes{namespace="${namespace}",persistentvolumeclaim=~"${names}"}[6h], ${at.claimFullIn.toSeconds()})`;
  const claim = '{{ $labels.persistentvolumeclaim }}';
  return [
    {
      name: AlertName.CLAIM_FULL,
      severity: 'critical',
      expr: `${used} > ${defaults.CLAIM_FULL_PERCENT}`,
      lasts: 60,
      summary: `The claim ${claim} is full to {{ $value | printf "%.0f" }} %.`,
      description: 'What can not be written stops writes to the master, and a sentinel from remembering.',
    },
    {
      name: AlertName.CLAIM_HIGH,
      severity: 'warning',
      expr: `${used} > ${at.claimPercent}`,
      lasts: NO_PEAK,
      summary: `The claim ${claim} is full to {{ $value | printf "%.0f" }} %.`,
      description: 'A rewrite of the append-only file, and a full copy, need room for a second one.',
    },
    {
      name: AlertName.CLAIM_FILLS,
      severity: 'warning',
      expr: `max by (persistentvolumeclaim) (${later}) < 0 and on (persistentvolumeclaim) ${used} > 50`,
      lasts: 30 * 60,
      summary: `The claim ${claim} will be full within ${seconds(at.claimFullIn.toSeconds())}.`,
      description: 'If it goes on filling as in the last six hours.',
    },
  ];
}
