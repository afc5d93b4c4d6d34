import { ApiObject, ApiObjectMetadata, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { CustomObjectProps } from '../core/custom-object';
import { k8s } from '../core/kplus';
import { EXPORTER_PORT, RUNBOOKS } from '../defaults';
import { clusterLabels, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { clientPeer, letsIn, tcp } from '../network-policy/parts';
import { ResolvedNetworkPolicy } from '../network-policy/resolve';
import { AlertedCluster } from './alert';
import { alertsOf } from './alerts';
import { dashboardOf } from './dashboard';
import { METRICS_PORT } from './pod';
import { INSTANCE, seconds, selectorsOf } from './promql';
import { ResolvedMetrics } from './resolve';

/** What belongs to the numbers of a cluster, as Kubernetes has it. */
export interface MetricsProps {
  /** The PodMonitor or ServiceMonitor. @default - none */
  readonly monitor?: CustomObjectProps;
  /** The Service of a ServiceMonitor. @default - none */
  readonly service?: k8s.KubeServiceProps;
  /** Who may reach the exporters. @default - no policy */
  readonly networkPolicy?: k8s.KubeNetworkPolicyProps;
  /** The PrometheusRule. @default - none */
  readonly prometheusRule?: CustomObjectProps;
  /** The file of rules. @default - none */
  readonly rules?: k8s.KubeConfigMapProps;
  /** The dashboard. @default - none */
  readonly dashboard?: k8s.KubeConfigMapProps;
}

/** How Prometheus finds the numbers of a cluster, alerts on them, and a dashboard. */
export class Metrics extends Construct {
  /** The PodMonitor or ServiceMonitor; undefined where there is none. */
  public readonly monitor: ApiObject | undefined;
  /** The Service of a ServiceMonitor; undefined where there is none. */
  public readonly service: k8s.KubeService | undefined;
  /** Who may reach the exporters; undefined where everybody may, or there are none. */
  public readonly networkPolicy: k8s.KubeNetworkPolicy | undefined;
  /** The PrometheusRule; undefined where there is none. */
  public readonly prometheusRule: ApiObject | undefined;
  /** The ConfigMap with a file of rules; undefined where there is none. */
  public readonly rules: k8s.KubeConfigMap | undefined;
  /** The ConfigMap with the dashboard; undefined where there is none. */
  public readonly dashboard: k8s.KubeConfigMap | undefined;

  public constructor(scope: Construct, id: string, props: MetricsProps) {
    super(scope, id);
    this.monitor = props.monitor && new ApiObject(this, 'monitor', props.monitor);
    this.service = props.service && new k8s.KubeService(this, 'service', props.service);
    this.networkPolicy = props.networkPolicy && new k8s.KubeNetworkPolicy(this, 'network-policy', props.networkPolicy);
    this.prometheusRule = props.prometheusRule && new ApiObject(this, 'prometheus-rule', props.prometheusRule);
    this.rules = props.rules && new k8s.KubeConfigMap(this, 'rules', props.rules);
    this.dashboard = props.dashboard && new k8s.KubeConfigMap(this, 'dashboard', props.dashboard);
  }
}

type Cluster = AlertedCluster & ResolvedNetworkPolicy & ResolvedMetrics;
type Wanted = NonNullable<ResolvedMetrics['metrics']>;

export function metricsProps(cluster: Cluster): MetricsProps {
  const { metrics } = cluster;
  if (metrics === undefined) return {};
  const { monitor, alerts, dashboard } = metrics;
  const groups = alerts.kind === 'none' ? [] : [ruleGroup(cluster, metrics)];
  return {
    ...(monitor.kind === 'pods' && { monitor: monitorProps(cluster, metrics, 'PodMonitor') }),
    ...(monitor.kind === 'services' && {
      monitor: monitorProps(cluster, metrics, 'ServiceMonitor'),
      service: service(cluster),
    }),
    ...(cluster.networkPolicy.enabled && { networkPolicy: networkPolicy(cluster, metrics) }),
    ...(alerts.kind === 'prometheus-rule' && {
      prometheusRule: {
        ...MONITORING,
        kind: 'PrometheusRule',
        metadata: metadata(cluster, naming.alerts(cluster.name), alerts.options.objectLabels),
        spec: { groups },
      },
    }),
    ...(alerts.kind === 'config-map' && {
      rules: {
        metadata: metadata(cluster, naming.alerts(cluster.name), alerts.options.objectLabels),
        data: { 'rules.yaml': Yaml.stringify({ groups }) },
      },
    }),
    ...(dashboard.kind === 'config-map' && {
      dashboard: {
        metadata: objectMetadata(cluster, naming.dashboard(cluster.name), {
          labels: dashboard.options.labels ?? { grafana_dashboard: '1' },
          annotations: dashboard.options.annotations ?? {},
        }),
        data: { [`${naming.dashboard(cluster.name)}.json`]: dashboardOf(cluster) },
      },
    }),
  };
}

/** @see https://prometheus-operator.dev/docs/api-reference/api/ */
const MONITORING = { apiVersion: 'monitoring.coreos.com/v1' };

function metadata(cluster: ResolvedIdentity, name: string, labels: Record<string, string> = {}): ApiObjectMetadata {
  return objectMetadata(cluster, name, { labels });
}

/** Labels of the pods that become labels of every series: the alerts and the dashboard ask by them. */
const POD_LABELS = ['app.kubernetes.io/instance', 'app.kubernetes.io/component', 'redis-sentinel-cluster/member'];

function endpoint({ interval }: Wanted): object {
  const timeout = Math.min(interval.toSeconds(), LONGEST_SCRAPE);
  return { port: METRICS_PORT, interval: `${interval.toSeconds()}s`, scrapeTimeout: `${timeout}s` };
}

/** Prometheus' own. */
const LONGEST_SCRAPE = 10;

/** Told apart from the Services of the members, which have no such port. */
const OF_METRICS = { 'app.kubernetes.io/component': 'metrics' };

function monitorProps(cluster: Cluster, metrics: Wanted, kind: 'PodMonitor' | 'ServiceMonitor'): CustomObjectProps {
  const ofPods = kind === 'PodMonitor';
  return {
    ...MONITORING,
    kind,
    metadata: metadata(cluster, naming.metrics(cluster.name), metrics.monitor.options.labels),
    spec: {
      selector: { matchLabels: { ...clusterLabels(cluster.name), ...(!ofPods && OF_METRICS) } },
      podTargetLabels: POD_LABELS,
      [ofPods ? 'podMetricsEndpoints' : 'endpoints']: [endpoint(metrics)],
    },
  };
}

function service(cluster: Cluster): k8s.KubeServiceProps {
  return {
    metadata: objectMetadata(cluster, naming.metrics(cluster.name), { labels: OF_METRICS }),
    spec: {
      type: 'ClusterIP',
      clusterIp: 'None',
      selector: clusterLabels(cluster.name),
      // One that is not Ready is the one to look at.
      publishNotReadyAddresses: true,
      ports: [{ name: METRICS_PORT, port: EXPORTER_PORT, targetPort: k8s.IntOrString.fromString(METRICS_PORT) }],
    },
  };
}

/** Beside those of the members: what each of several policies lets in may come in. */
function networkPolicy(cluster: Cluster, { exporter, scrapers }: Wanted): k8s.KubeNetworkPolicyProps {
  return {
    metadata: objectMetadata(cluster, naming.metrics(cluster.name)),
    spec: {
      podSelector: { matchLabels: clusterLabels(cluster.name) },
      policyTypes: ['Ingress'],
      ingress: letsIn(scrapers.map(clientPeer), [tcp(exporter.ports.node), tcp(exporter.ports.sentinel)]),
    },
  };
}

function ruleGroup(cluster: Cluster, { alerts, interval }: Wanted): object {
  const { options, thresholds } = alerts;
  const { name, namespace = '' } = cluster;
  const disabled = new Set(options.disable);
  const runbooks = options.runbooks ?? RUNBOOKS;
  const all = alertsOf(cluster, namespace, thresholds, interval.toSeconds(), selectorsOf(name, namespace));
  return {
    name: `${namespace}/${name}`,
    rules: all
      .filter((alert) => !disabled.has(alert.name))
      .map((alert) => ({
        alert: alert.name,
        expr: alert.expr,
        ...(alert.lasts > 0 && { for: seconds(alert.lasts) }),
        labels: { ...options.labels, severity: alert.severity, namespace, [INSTANCE]: name },
        annotations: {
          summary: `${namespace}/${name}: ${alert.summary}`,
          description: alert.description,
          runbook_url: `${runbooks}#${alert.name.toLowerCase()}`,
        },
      })),
  };
}
