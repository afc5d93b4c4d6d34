import * as defaults from '../defaults';
import { majorityOf } from '../sentinels/resolve';
import { Alert, IT, Known, NO_PEAK } from './alert';
import { AlertName } from './alert-props';
import { MEMBER, Selectors, each, known, masters, number, seconds } from './promql';

const someMaster = (of: Selectors): string => `count(${masters(of)}) > 0`;

export function masterAlerts({ of, at, outage, interval }: Known): Alert[] {
  const views = of.sentinels('redis_sentinel_master_status');
  const isMaster = `${masters(of)} or 0 * ${each(of.nodes('redis_instance_info', 'role="slave"'))}`;
  return [
    {
      name: AlertName.METRICS_MISSING,
      severity: 'critical',
      expr: `absent(${of.all('up')} == 1)`,
      lasts: defaults.SIGHT_LOST.toSeconds(),
      summary: 'Nothing is known of the cluster.',
      description:
        'Prometheus reaches no exporter of it: all members are gone, or Prometheus no longer finds or reaches them.',
    },
    {
      name: AlertName.NO_MASTER,
      severity: 'critical',
      // A master that waits for its turn to stop is out of sight, and its sentinels know that it serves.
      expr: `${number(masters(of))} == 0 and on () count(${views}) > 0 and on () ${number(of.sentinels('redis_sentinel_master_status', 'master_status="ok"'))} == 0`,
      lasts: outage,
      summary: 'There is no master: nobody takes writes.',
      description: 'No node says that it is master, and no sentinel that can be seen holds one for alive.',
    },
    {
      name: AlertName.TWO_MASTERS,
      severity: 'critical',
      expr: `count(${masters(of)}) > 1`,
      lasts: outage,
      summary: 'Two nodes say that they are master.',
      description: 'Writes that the wrong one takes are lost when it becomes a replica.',
    },
    {
      name: AlertName.SENTINELS_DISAGREE,
      severity: 'critical',
      expr: `count(count by (master_address) (${views})) > 1`,
      lasts: outage,
      summary: 'The sentinels name different masters.',
      description: 'Which master a client gets depends on the sentinel that it asks.',
    },
    {
      name: AlertName.FAILOVERS,
      severity: 'warning',
      expr: `sum(changes((${isMaster})[1h:${seconds(Math.max(interval, 60))}])) / 2 > ${at.failoversPerHour}`,
      lasts: 0,
      summary: 'The master has changed {{ $value | printf "%.0f" }} times within an hour.',
      description: 'More than planned stops explain: the master, its machine or the network comes and goes.',
    },
    {
      name: AlertName.FAILOVER,
      severity: 'info',
      expr: `count(count by (${MEMBER}) (max_over_time(${of.nodes('redis_instance_info', 'role="master"')}[5m]))) > 1`,
      lasts: 0,
      summary: 'Another node has become master.',
      description: 'By a planned stop, or because the sentinels missed the last one.',
    },
  ];
}

export function sentinelAlerts({ cluster: { sentinels, nodes }, of, at, outage, patience }: Known): Alert[] {
  const count = sentinels.length;
  const replicas = nodes.length - 1;
  const down = known(sentinels, of.sentinels('redis_up'), of.sentinels('up'));
  const knows = (what: 'slaves' | 'sentinels'): string => each(of.sentinels(`redis_sentinel_master_${what}`));
  const cpu = ['user', 'sys'].map((kind) => each(`rate(${of.sentinels(`redis_cpu_${kind}_seconds_total`)}[5m])`));
  return [
    {
      name: AlertName.SENTINEL_MAJORITY_DOWN,
      severity: 'critical',
      expr: `count(${down}) > ${count - majorityOf(count)}`,
      lasts: outage,
      summary: `{{ $value }} of ${count} sentinels are down: no majority is left.`,
      description: 'If the master fails now nobody takes over, and clients that connect anew may find nobody to ask.',
    },
    {
      name: AlertName.QUORUM_LOST,
      severity: 'critical',
      expr: `max(max without (message) (${of.sentinels('redis_sentinel_master_ckquorum_status')})) == 0`,
      lasts: outage,
      summary: 'The sentinels could not agree on a failover.',
      description: 'Each that can be seen says that it reaches too few others for a quorum or a majority.',
    },
    {
      name: AlertName.SENTINEL_DOWN,
      severity: 'warning',
      expr: down,
      lasts: patience,
      summary: `The sentinel ${IT} does not answer, or has no pod.`,
      description: 'One more that is lost, and there may be no majority for a failover.',
    },
    {
      name: AlertName.GHOSTS,
      severity: 'warning',
      expr: `${knows('sentinels')} > ${count} or ${knows('slaves')} > ${replicas}`,
      lasts: patience,
      summary: `${IT} knows {{ $value }} members of a kind, more than there are.`,
      description: `The manifest has ${count} sentinels and ${replicas} replicas. A ghost among the sentinels counts as a voter that never votes.`,
    },
    {
      name: AlertName.SENTINEL_KNOWS_TOO_FEW,
      severity: 'warning',
      expr: `${knows('sentinels')} < ${count} or ${knows('slaves')} < ${replicas}`,
      lasts: patience,
      summary: `${IT} knows only {{ $value }} members of a kind.`,
      description: `The manifest has ${count} sentinels and ${replicas} replicas. Whom it does not know it can't promote, or have vote.`,
    },
    {
      name: AlertName.SENTINEL_TILT,
      severity: 'warning',
      expr: `${each(`avg_over_time(${of.sentinels('redis_sentinel_tilt')}[5m])`)} > 0.2`,
      lasts: 0,
      summary: `The sentinel ${IT} is in TILT again and again.`,
      description: 'It was frozen for seconds, or its clock jumped, and it takes part in no failover meanwhile.',
    },
    {
      name: AlertName.SENTINEL_SPINS,
      severity: 'warning',
      expr: `${cpu.join(' + ')} > ${at.sentinelCpuPercent / 100}`,
      lasts: NO_PEAK,
      summary: `The sentinel ${IT} uses {{ $value | humanizePercentage }} of a processor, for nothing.`,
      description:
        'A connection that was refused while it was made wakes it for ever, and its keeper has not freed it.',
    },
  ];
}

export function memberAlerts({ cluster: { nodes }, of, at, patience }: Known): Alert[] {
  return [
    {
      name: AlertName.NODE_DOWN,
      severity: 'warning',
      expr: known(nodes, of.nodes('redis_up'), of.nodes('up')),
      lasts: patience,
      summary: `The node ${IT} does not answer, or has no pod.`,
      description: 'Its copy of the data is missing; one more that is lost may stop writes.',
    },
    {
      name: AlertName.MEMBER_UNREACHABLE,
      severity: 'warning',
      expr: `${each(of.all('up'))} == 0`,
      lasts: patience,
      summary: `Prometheus does not reach the exporter of ${IT}.`,
      description: 'Its machine or its network is lost, its exporter has ended, or a policy keeps Prometheus out.',
    },
    {
      name: AlertName.RESTARTS,
      severity: 'warning',
      expr: `sum by (${MEMBER}) (resets(${of.all('redis_uptime_in_seconds')}[1h])) > ${at.restartsPerHour}`,
      lasts: 0,
      summary: `The server of ${IT} has crashed {{ $value }} times within an hour.`,
      description: 'The kubelet starts it again, later each time.',
    },
    {
      name: AlertName.NODE_WAITS,
      severity: 'warning',
      // Whom a server follows that nobody has given a role.
      expr: `${each(of.nodes('redis_slave_info', 'master_host="127.0.0.1"'))} == 1`,
      lasts: patience,
      summary: `The node ${IT} runs and has no role.`,
      description: 'Its keeper waits: for a majority of the sentinels, or for another node whose data may be newer.',
    },
  ];
}

export function replicationAlerts({ cluster: { nodes, settings }, of, at, outage, patience }: Known): Alert[] {
  const replicas = nodes.length - 1;
  if (replicas === 0) return [];
  const { minReplicasToWrite: least, minReplicasMaxLag, replBacklogSize } = settings;
  const gap = Math.round((replBacklogSize.toKibibytes() * 1024 * at.backlogPercent) / 100);
  const lag = of.nodes('redis_connected_slave_lag_seconds', 'slave_state="online"');
  // Both from one answer of the master: what two exporters say was never true at one time.
  const behind = `${of.nodes('redis_master_repl_offset')} - on (${MEMBER}) group_right () ${of.nodes('redis_connected_slave_offset_bytes', 'slave_state="online"')}`;
  return [
    ...(least === 0
      ? []
      : [
          {
            name: AlertName.WRITES_REFUSED,
            severity: 'critical' as const,
            expr: `${number(`${lag} <= ${minReplicasMaxLag.toSeconds()}`)} < ${least} and on () ${someMaster(of)}`,
            lasts: outage,
            summary: `The master refuses writes: {{ $value }} replicas follow it, and it wants ${least}.`,
            description: `A replica counts that has answered within ${minReplicasMaxLag.toSeconds()} seconds. Clients get NOREPLICAS.`,
          },
        ]),
    {
      name: AlertName.NOBODY_TO_TAKE_OVER,
      severity: 'warning',
      expr: `${number(`${of.nodes('redis_slave_priority')} > 0`)} == 0 and on () ${someMaster(of)}`,
      lasts: patience,
      summary: 'No replica may take over.',
      description:
        'Each has priority 0: it has not been in sync since it started. If the master fails there is no other.',
    },
    {
      name: AlertName.REPLICA_LINK_DOWN,
      severity: 'warning',
      expr: `${each(of.nodes('redis_master_link_up'))} == 0 unless on (${MEMBER}) ${each(of.nodes('redis_master_sync_in_progress'))} == 1`,
      lasts: patience,
      summary: `The replica ${IT} has no link to its master.`,
      description: 'Its data grow old, and it copies nothing either.',
    },
    {
      name: AlertName.REPLICA_BEHIND,
      severity: 'warning',
      expr: `max by (slave_ip) (${behind}) > ${gap}`,
      lasts: outage,
      summary: `The replica {{ $labels.slave_ip }} is {{ $value | humanize1024 }}B behind its master.`,
      description: `That is more than ${at.backlogPercent} % of the backlog. With more than all of it a broken link costs a full copy.`,
    },
    {
      name: AlertName.FULL_COPIES,
      severity: 'warning',
      expr: `sum(increase(${of.nodes('redis_replica_resyncs_full')}[1h])) > ${at.fullCopiesPerHour}`,
      lasts: 0,
      summary: 'Nodes gave {{ $value | printf "%.0f" }} full copies of their data within an hour.',
      description: 'Replicas lose their link for longer than the backlog holds, or a copy breaks off and begins anew.',
    },
  ];
}
