import { Duration } from 'cdk8s';
import { integer, list, made, matching, oneOf, struct } from '../core/checks';
import { between, port, resources, strings } from '../core/values';
import { IMAGE_FIELD_CHECKS } from '../image/check';
import { client } from '../network-policy/check';
import { AlertName, AlertThresholds, AlertsOptions } from './alert-props';
import { DashboardOptions, ExporterOptions, MetricsOptions, MonitorOptions } from './props';

const monitor = struct<MonitorOptions>({ labels: strings });
const percent = integer(1, 99);
const perHour = integer(1, 1000);

const alerts = struct<AlertsOptions>({
  objectLabels: strings,
  labels: strings,
  thresholds: struct<AlertThresholds>({
    outage: between(Duration.seconds(20), Duration.hours(1), 'seconds'),
    patience: between(Duration.minutes(1), Duration.days(1), 'seconds'),
    memoryPercent: percent,
    memoryLimitPercent: percent,
    clientsPercent: percent,
    backlogPercent: percent,
    claimPercent: integer(1, 94),
    claimFullIn: between(Duration.hours(1), Duration.days(30), 'seconds'),
    certificateExpiresIn: between(Duration.minutes(1), Duration.days(90), 'seconds'),
    failoversPerHour: perHour,
    fullCopiesPerHour: perHour,
    restartsPerHour: perHour,
    refusedLogins: integer(1, 1_000_000),
    sentinelCpuPercent: integer(1, 100),
    backupAge: between(Duration.minutes(5), Duration.days(90), 'seconds'),
    fork: between(Duration.millis(1), Duration.minutes(1), 'milliseconds'),
  }),
  disable: list(oneOf(AlertName)),
  runbooks: matching(/^https?:\/\/\S+$/, 'must be an address', "write 'https://…'"),
});

const MONITORS = { pods: monitor, services: monitor, annotations: struct({}), none: struct({}) };
const ALERTS = { 'prometheus-rule': alerts, 'config-map': alerts, none: struct({}) };
const DASHBOARDS = {
  'config-map': struct<DashboardOptions>({ labels: strings, annotations: strings }),
  none: struct({}),
};

export const METRICS_CHECKS = {
  metrics: struct<MetricsOptions>({
    exporter: struct<ExporterOptions>({
      ...IMAGE_FIELD_CHECKS,
      resources,
      port,
      sentinelPort: port,
    }),
    monitor: made(MONITORS, 'a Monitor', 'write Monitor.podMonitor()'),
    interval: between(Duration.seconds(10), Duration.minutes(1), 'seconds'),
    scrapers: list(client),
    alerts: made(ALERTS, 'an Alerts', 'write Alerts.prometheusRule()'),
    dashboard: made(DASHBOARDS, 'a Dashboard', 'write Dashboard.configMap()'),
  }),
};
