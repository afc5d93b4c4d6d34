import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  BigValueTextMode,
  GraphDrawStyle,
  VizTooltipOptionsBuilder,
  TooltipDisplayMode,
} from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as SeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { COMPONENT, INSTANCE, MEMBER, POD, each, masters as mastersOf, selectorsOf } from '../lib/metrics/promql';

/** Makes the dashboard of all clusters: what each of them renders has its own name chosen. Runs when this library is built. */
export const FILE = join(__dirname, '..', 'lib', 'metrics', 'dashboard.json');

const SOURCE = { type: 'prometheus', uid: '${datasource}' };
const of = selectorsOf('$cluster', '$namespace');
const RATE = '$__rate_interval';

/** An expression, and what its series are called. */
type Query = readonly [expr: string, legend: string];

const OF_MEMBER = `{{${MEMBER}}}`;

/** Of each node or sentinel. */
const ofNodes = (metric: string): Query => [each(of.nodes(metric)), OF_MEMBER];
const ofSentinels = (metric: string): Query => [each(of.sentinels(metric)), OF_MEMBER];
const rateOf = (series: string): string => `rate(${series}[${RATE}])`;
const perSecond = (metric: string): Query => [each(rateOf(of.nodes(metric))), OF_MEMBER];

const targets = (queries: Query[], instant = false): DataqueryBuilder[] =>
  queries.map(([expr, legend]) => {
    const query = new DataqueryBuilder().expr(expr).legendFormat(legend);
    return instant ? query.instant() : query.range();
  });

const WIDTH = 24;

function stat(title: string, description: string, unit: string, ...queries: Query[]): StatBuilder {
  return new StatBuilder()
    .title(title)
    .description(description)
    .datasource(SOURCE)
    .unit(unit)
    .height(4)
    .span(WIDTH / 6)
    .targets(targets(queries, true));
}

/** What matters is what a series is called. */
function named(title: string, description: string, ...queries: Query[]): StatBuilder {
  return stat(title, description, 'short', ...queries).textMode(BigValueTextMode.Name);
}

function series(title: string, description: string, unit: string, ...queries: Query[]): SeriesBuilder {
  return new SeriesBuilder()
    .title(title)
    .description(description)
    .datasource(SOURCE)
    .unit(unit)
    .min(0)
    .height(8)
    .span(WIDTH / 3)
    .fillOpacity(0)
    .drawStyle(GraphDrawStyle.Line)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .targets(targets(queries));
}

const masters = mastersOf(of);
const behind = `${of.nodes('redis_master_repl_offset')} - on (${MEMBER}) group_right () ${of.nodes('redis_connected_slave_offset_bytes', 'slave_state="online"')}`;

const GLANCE = [
  named('Master', 'The node that says it is master.', [masters, OF_MEMBER]),
  named('Named by the sentinels', 'More than one while they disagree.', [
    `count by (master_address) (${of.sentinels('redis_sentinel_master_status')})`,
    '{{master_address}}',
  ]),
  stat('Replicas in sync', 'Those that the master has heard of within three seconds.', 'short', [
    `count(${of.nodes('redis_connected_slave_lag_seconds', 'slave_state="online"')} <= 3) or vector(0)`,
    'replicas',
  ]),
  stat('Sentinels that agree', 'Those that hold their master for alive.', 'short', [
    `count(${of.sentinels('redis_sentinel_master_status', 'master_status="ok"')}) or vector(0)`,
    'sentinels',
  ]),
  stat('Quorum', 'Of the sentinels, how many could get a failover through.', 'short', [
    `sum(max without (message) (${of.sentinels('redis_sentinel_master_ckquorum_status')}))`,
    'sentinels',
  ]),
  stat('Alerts', 'Of this cluster, those that fire now.', 'short', [
    `count(ALERTS{namespace="$namespace",${INSTANCE}="$cluster",alertstate="firing"}) or vector(0)`,
    'alerts',
  ]),
  new TimelineBuilder()
    .title('Who is master')
    .description('1 while a node is master, 0 while it is a replica, nothing while it does not answer.')
    .datasource(SOURCE)
    .height(6)
    .span(WIDTH / 2)
    .targets(targets([[`${masters} or 0 * ${each(of.nodes('redis_instance_info', 'role="slave"'))}`, OF_MEMBER]])),
  series('Gap to the backlog', 'What a replica has not got yet. At 100 % a broken link costs a full copy.', 'percent', [
    `100 * max by (slave_ip) (${behind}) / scalar(max(${of.nodes('redis_replication_backlog_bytes')}))`,
    '{{slave_ip}}',
  ])
    .height(6)
    .span(WIDTH / 2),
];

const NODES = [
  series('Processor', 'Processors that each server uses.', 'short', [
    `${each(rateOf(of.nodes('redis_cpu_user_seconds_total')))} + ${each(rateOf(of.nodes('redis_cpu_sys_seconds_total')))}`,
    OF_MEMBER,
  ]),
  series(
    'Replicas of the master',
    'Connected to each node, and in sync or on the way.',
    'short',
    ofNodes('redis_connected_slaves'),
  ),
  series('Silence of the replicas', 'Seconds since the master heard of each.', 's', [
    `max by (slave_ip) (${of.nodes('redis_connected_slave_lag_seconds')})`,
    '{{slave_ip}}',
  ]),
  series('Network in', 'Bytes that each server reads.', 'Bps', perSecond('redis_net_input_bytes_total')),
  series('Network out', 'Bytes that each server writes.', 'Bps', perSecond('redis_net_output_bytes_total')),
  series(
    'Copies',
    'Copies of everything that each node gave since it started, and resumptions from the backlog.',
    'short',
    [each(of.nodes('redis_replica_resyncs_full')), `${OF_MEMBER}: full`],
    [each(of.nodes('redis_replica_partial_resync_accepted')), `${OF_MEMBER}: partial`],
  ),
  series('Up since', 'Seconds since each server started.', 's', ofNodes('redis_uptime_in_seconds')),
  series('Priority', 'A replica with priority 0 may not take over.', 'short', ofNodes('redis_slave_priority')),
  series('Time of a scrape', 'How long each exporter asked its server.', 's', [
    each(of.all('redis_exporter_last_scrape_duration_seconds')),
    OF_MEMBER,
  ]),
];

const MEMORY = [
  series('Data and their limit', 'Memory of the data, and maxmemory.', 'bytes', ofNodes('redis_memory_used_bytes'), [
    `max(${of.nodes('redis_memory_max_bytes')})`,
    'maxmemory',
  ]),
  series(
    'Memory of the process',
    'What the kernel counts. At the limit of the container it is killed.',
    'bytes',
    ofNodes('redis_memory_used_rss_bytes'),
  ),
  series(
    'Keys thrown away',
    'Evicted for memory, and expired.',
    'ops',
    [each(rateOf(of.nodes('redis_evicted_keys_total'))), `${OF_MEMBER}: evicted`],
    [each(rateOf(of.nodes('redis_expired_keys_total'))), `${OF_MEMBER}: expired`],
  ),
];

const CLIENTS = [
  series(
    'Clients',
    'Connected to each node, and waiting in a blocking command.',
    'short',
    ofNodes('redis_connected_clients'),
    [each(of.nodes('redis_blocked_clients')), `${OF_MEMBER}: blocked`],
  ),
  series(
    'New connections',
    'A client that connects for each command shows here.',
    'cps',
    perSecond('redis_connections_received_total'),
  ),
  series(
    'Refused',
    'Connections beyond maxclients, and answers that were an error.',
    'ops',
    [each(rateOf(of.nodes('redis_rejected_connections_total'))), `${OF_MEMBER}: rejected`],
    [`sum by (err) (${rateOf(of.nodes('redis_errors_total'))})`, '{{err}}'],
  ),
];

const COMMANDS = [
  series('Commands', 'What each node executes.', 'ops', perSecond('redis_commands_processed_total')),
  series('Commands by name', 'The ten that are called most.', 'ops', [
    `topk(10, sum by (cmd) (${rateOf(of.nodes('redis_commands_total'))}))`,
    '{{cmd}}',
  ]),
  series('Time of a command', 'The ten that take longest, on average, without the wait before them.', 's', [
    `topk(10, sum by (cmd) (${rateOf(of.nodes('redis_commands_duration_seconds_total'))}) / (sum by (cmd) (${rateOf(of.nodes('redis_commands_total'))}) > 0))`,
    '{{cmd}}',
  ]),
  series('Keys', 'In all databases of each node.', 'short', [
    `sum by (${MEMBER}) (${of.nodes('redis_db_keys')})`,
    OF_MEMBER,
  ]),
  series(
    'Reads',
    'That found their key, and that did not.',
    'ops',
    [`sum(${rateOf(of.nodes('redis_keyspace_hits_total'))})`, 'hits'],
    [`sum(${rateOf(of.nodes('redis_keyspace_misses_total'))})`, 'misses'],
  ),
  series('Slow commands', 'Entries of SLOWLOG.', 'short', ofNodes('redis_slowlog_length')),
];

const PERSISTENCE = [
  series('Changes without a snapshot', 'Since the last one.', 'short', ofNodes('redis_rdb_changes_since_last_save')),
  series(
    'Last write',
    '1 where it went well, 0 where it failed.',
    'short',
    [each(of.nodes('redis_rdb_last_bgsave_status')), `${OF_MEMBER}: snapshot`],
    [each(of.nodes('redis_aof_last_write_status')), `${OF_MEMBER}: append-only file`],
  ),
  series('Fork', 'How long each node stood still at its last fork.', 's', ofNodes('redis_latest_fork_seconds')),
  series('Append-only file', 'Its size.', 'bytes', ofNodes('redis_aof_current_size_bytes')),
  series(
    'Copy on write',
    'Memory that the last snapshot took beside the data.',
    'bytes',
    ofNodes('redis_rdb_last_cow_size_bytes'),
  ),
  series('Claims', "Used space, from the kubelet's metrics: not every storage has them.", 'percent', [
    '100 - 100 * max by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes{namespace="$namespace",persistentvolumeclaim=~"$cluster-.*"}) / max by (persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{namespace="$namespace",persistentvolumeclaim=~"$cluster-.*"})',
    '{{persistentvolumeclaim}}',
  ]),
];

const SENTINELS = [
  series(
    'Sentinels that each knows',
    'And those that it hears. A ghost is known and never heard.',
    'short',
    ofSentinels('redis_sentinel_master_sentinels'),
    [each(of.sentinels('redis_sentinel_master_ok_sentinels')), `${OF_MEMBER}: heard`],
  ),
  series('Replicas that each knows', 'And those that it hears.', 'short', ofSentinels('redis_sentinel_master_slaves'), [
    each(of.sentinels('redis_sentinel_master_ok_slaves')),
    `${OF_MEMBER}: heard`,
  ]),
  series(
    'TILT',
    '1 while a sentinel was frozen and takes part in nothing.',
    'short',
    ofSentinels('redis_sentinel_tilt'),
  ),
  series('Processor of the sentinels', 'One that spins uses most of a processor.', 'short', [
    `${each(rateOf(of.sentinels('redis_cpu_user_seconds_total')))} + ${each(rateOf(of.sentinels('redis_cpu_sys_seconds_total')))}`,
    OF_MEMBER,
  ]),
  series('Sentinels up since', 'Seconds since each started.', 's', ofSentinels('redis_uptime_in_seconds')),
  series('Clients of the sentinels', 'Connected to each.', 'short', ofSentinels('redis_connected_clients')),
];

const OF_POD = `{{${POD}}}`;
const ofProxies = (metric: string, proxy: string): string =>
  `sum by (${POD}) (${of.proxies(metric, `proxy="${proxy}"`)})`;

const PROXIES = [
  series(
    'Proxies with a master',
    '1 while a proxy leads to a node for writes, 0 while to none. Replicas are those that it reads from.',
    'short',
    [ofProxies('haproxy_backend_active_servers', 'write'), OF_POD],
    [ofProxies('haproxy_backend_active_servers', 'read'), `${OF_POD}: replicas`],
  ),
  series(
    'Proxies: clients',
    'Connected to each. Beyond maxConnections they wait.',
    'short',
    [ofProxies('haproxy_frontend_current_sessions', 'clients'), OF_POD],
    [ofProxies('haproxy_backend_current_sessions', 'read'), `${OF_POD}: of replicas`],
  ),
  series('Proxies: new connections', 'A client that connects for each command shows here.', 'cps', [
    `sum by (${POD}) (${rateOf(of.proxies('haproxy_frontend_connections_total', 'proxy="clients"'))})`,
    OF_POD,
  ]),
];

const ROWS = {
  'At a glance': GLANCE,
  Nodes: NODES,
  Memory: MEMORY,
  Clients: CLIENTS,
  Commands: COMMANDS,
  Persistence: PERSISTENCE,
  Sentinels: SENTINELS,
  Proxies: PROXIES,
};

/** Whatever the dashboard is rendered for, it can show any cluster that Prometheus has. */
function variable(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(SOURCE)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .current({ text: '', value: '' });
}

export function dashboard(): string {
  // The form that every Grafana reads, and its sidecar; the next one is for Grafana 12 and later.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const builder = new DashboardBuilder('Redis')
    .uid('redis')
    .description(
      'Nodes, sentinels and proxies of a cluster. Alerts and what to do: docs/monitoring.md of cdk8s-redis-sentinel-cluster.',
    )
    .tags(['redis', 'sentinel'])
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .readonly()
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(variable('namespace', 'Namespace', `label_values(redis_up{${COMPONENT}="node"}, namespace)`))
    .withVariable(
      variable('cluster', 'Cluster', `label_values(redis_up{namespace="$namespace",${COMPONENT}="node"}, ${INSTANCE})`),
    );
  for (const [title, panels] of Object.entries(ROWS)) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  return `${JSON.stringify(builder.build(), undefined, 2)}\n`;
}

if (require.main === module) writeFileSync(FILE, dashboard());
