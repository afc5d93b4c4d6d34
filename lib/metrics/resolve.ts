import { Duration } from 'cdk8s';
import { ContainerResources, ImagePullPolicy } from '../core/kplus';
import * as defaults from '../defaults';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedMember } from '../member/resolve';
import { ClientOptions } from '../network-policy/props';
import { ResolvedNodes } from '../nodes/resolve';
import { imageName } from '../image/resolve';
import { ResolvedSentinels } from '../sentinels/resolve';
import { ResolvedTls } from '../tls/resolve';
import { AlertThresholds, AlertsOptions } from './alert-props';
import { Alerts, Dashboard, DashboardOptions, ExporterOptions, MetricsOptions, Monitor, MonitorOptions } from './props';

export interface ResolvedExporter {
  readonly image: string;
  readonly pullPolicy: ImagePullPolicy;
  readonly resources: ContainerResources;
  readonly ports: Readonly<Record<ResolvedMember['component'], number>>;
}

export interface ResolvedAlerts {
  readonly kind: Alerts['_kind'];
  readonly options: AlertsOptions;
  readonly thresholds: Required<AlertThresholds>;
}

export interface ResolvedMetrics {
  /** Undefined where nobody asked for any. */
  readonly metrics:
    | {
        readonly exporter: ResolvedExporter;
        readonly monitor: { readonly kind: Monitor['_kind']; readonly options: MonitorOptions };
        readonly interval: Duration;
        readonly scrapers: ClientOptions[];
        readonly alerts: ResolvedAlerts;
        readonly dashboard: { readonly kind: Dashboard['_kind']; readonly options: DashboardOptions };
      }
    | undefined;
}

type Cluster = ResolvedIdentity & ResolvedNodes & ResolvedSentinels & ResolvedTls;

export function resolveMetrics(props: { readonly metrics?: MetricsOptions }, cluster: Cluster): ResolvedMetrics {
  if (props.metrics === undefined) return { metrics: undefined };
  const { exporter, monitor, interval, scrapers, alerts, dashboard } = props.metrics;
  const kindOf = <Kind, Options>({ _kind: kind, _options: options }: { _kind: Kind; _options: Options }) => ({
    kind,
    options,
  });
  return {
    metrics: {
      exporter: resolveExporter(exporter ?? {}),
      monitor: kindOf(monitor ?? defaults.MONITOR),
      interval: interval ?? defaults.SCRAPE_INTERVAL,
      scrapers: (scrapers ?? [defaults.SCRAPER]).map(({ _options }) => _options),
      alerts: resolveAlerts(alerts ?? defaults.ALERTS, cluster),
      dashboard: kindOf(dashboard ?? defaults.DASHBOARD),
    },
  };
}

function resolveExporter(options: ExporterOptions): ResolvedExporter {
  const { repository, tag, digest, pullPolicy, resources, port, sentinelPort } = options;
  return {
    image: imageName(
      repository ?? defaults.EXPORTER_IMAGE.repository,
      tag ?? (digest === undefined ? defaults.EXPORTER_IMAGE.tag : undefined),
      digest,
    ),
    pullPolicy: pullPolicy ?? defaults.PULL_POLICY,
    resources: resources ?? defaults.EXPORTER_RESOURCES,
    ports: { node: port ?? defaults.EXPORTER_PORT, sentinel: sentinelPort ?? defaults.SENTINEL_EXPORTER_PORT },
  };
}

function resolveAlerts({ _kind: kind, _options: options }: Alerts, { nodes, sentinels, tls }: Cluster): ResolvedAlerts {
  const longest = [...nodes, ...sentinels].map(
    ({ deployment, times }) => deployment.terminationGracePeriod.toSeconds() + times.comeback.toSeconds(),
  );
  const patience = Duration.seconds(Math.max(defaults.ALERTS_AT.patience.toSeconds(), ...longest));
  const fullCopiesPerHour = Math.max(defaults.ALERTS_AT.fullCopiesPerHour, 3 * (nodes.length - 1));
  const { certificateExpiresIn: longBefore } = defaults.ALERTS_AT;
  // What is not renewed in the first half of the time for it has failed again and again.
  const half = Math.floor((tls?.certificate?.renewBefore.toSeconds() ?? Infinity) / 2);
  const certificateExpiresIn = half < longBefore.toSeconds() ? Duration.seconds(half) : longBefore;
  return {
    kind,
    options,
    thresholds: { ...defaults.ALERTS_AT, patience, certificateExpiresIn, fullCopiesPerHour, ...options.thresholds },
  };
}
