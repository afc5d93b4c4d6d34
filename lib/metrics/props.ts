import { Duration } from 'cdk8s';
import { ContainerResources, ImagePullPolicy } from '../core/kplus';
import { Client } from '../network-policy/props';
import { AlertsOptions } from './alert-props';

/**
 * Numbers of every node and sentinel for Prometheus, alerts on them, and a dashboard.
 *
 * An exporter runs beside each of them. It has no probe and no part in readiness, and its end harms nobody; but like any
 * container that crashes again and again it keeps its pod from being Ready, so that drains and rollouts wait. docs/monitoring.md has
 * more.
 *
 * @example
 * { metrics: { monitor: Monitor.podMonitor({ labels: { release: 'prometheus' } }), alerts: Alerts.prometheusRule() } }
 */
export interface MetricsOptions {
  /** The exporter beside each node and sentinel. @default - a fixed version of redis_exporter */
  readonly exporter?: ExporterOptions;

  /** How Prometheus finds the exporters. @default Monitor.annotations() */
  readonly monitor?: Monitor;

  /**
   * Time between two looks of Prometheus, whole seconds, 10 seconds to 1 minute. Alerts reckon with it: write what Prometheus
   * has where it is not told by a monitor.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;

  /**
   * Pods that may connect to the exporters, and to nothing else; none where the list is empty. Without `networkPolicy` everybody may.
   *
   * @default - pods with the label `app.kubernetes.io/name: prometheus`, in any namespace
   */
  readonly scrapers?: Client[];

  /** Rules for Prometheus that wake people. They need a chart with a namespace. @default Alerts.none() */
  readonly alerts?: Alerts;

  /** A dashboard for Grafana. @default Dashboard.none() */
  readonly dashboard?: Dashboard;
}

/** The exporter beside each node and sentinel. It asks its server over loopback, as a user that sees numbers and no data. */
export interface ExporterOptions {
  /** Registry and repository. @default 'docker.io/oliver006/redis_exporter' */
  readonly repository?: string;

  /** Tag: 'v1.45.0' or later. One that moves needs {@link Risk.MOVING_TAG}. @default - 'v1.86.0', where there is no digest */
  readonly tag?: string;

  /** Digest, `sha256:` and 64 hexadecimal digits. It decides; a tag beside it is for the reader. @default - none */
  readonly digest?: string;

  /** When the image is pulled. A registry's Secrets are those of the members: `image.pullSecrets`. @default ImagePullPolicy.IF_NOT_PRESENT */
  readonly pullPolicy?: ImagePullPolicy;

  /** CPU and memory of each. Given whole: what is left out has no request or limit. @default - 10m CPU, no CPU limit, 32 MiB memory */
  readonly resources?: ContainerResources;

  /** Port beside a node, 1 to 65535. @default 9121 */
  readonly port?: number;

  /** Port beside a sentinel, 1 to 65535. Another one, for on the network of one machine both are neighbours. @default 9122 */
  readonly sentinelPort?: number;
}

/** What a monitor of the Prometheus operator has. */
export interface MonitorOptions {
  /** Labels of the object, by which a Prometheus chooses its monitors. @default - only this library's own */
  readonly labels?: Record<string, string>;
}

/** How Prometheus finds the exporters. */
export class Monitor {
  /** A PodMonitor of the Prometheus operator, whose definitions must be in the cluster. */
  public static podMonitor(options: MonitorOptions = {}): Monitor {
    return new Monitor('pods', options);
  }

  /** A ServiceMonitor of the Prometheus operator, and a headless Service for it. */
  public static serviceMonitor(options: MonitorOptions = {}): Monitor {
    return new Monitor('services', options);
  }

  /** Annotations of the pods, `prometheus.io/scrape` and `prometheus.io/port`, which Prometheus must be told to look at. */
  public static annotations(): Monitor {
    return new Monitor('annotations', {});
  }

  /** Nothing: you tell Prometheus yourself. The port of the exporters is named `metrics`. */
  public static none(): Monitor {
    return new Monitor('none', {});
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'pods' | 'services' | 'annotations' | 'none',
    /** @internal */
    public readonly _options: MonitorOptions,
  ) {}
}

/** Rules for Prometheus. The rendered ones know what must be: how many nodes and sentinels there are, and what each may use. */
export class Alerts {
  /** A PrometheusRule of the Prometheus operator. */
  public static prometheusRule(options: AlertsOptions = {}): Alerts {
    return new Alerts('prometheus-rule', options);
  }

  /** A ConfigMap with a file of rules, `rules.yaml`, for a Prometheus without the operator. */
  public static configMap(options: AlertsOptions = {}): Alerts {
    return new Alerts('config-map', options);
  }

  /** No rules. */
  public static none(): Alerts {
    return new Alerts('none', {});
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'prometheus-rule' | 'config-map' | 'none',
    /** @internal */
    public readonly _options: AlertsOptions,
  ) {}
}

/** What the ConfigMap of a dashboard has. */
export interface DashboardOptions {
  /** Labels of the ConfigMap, by which Grafana's sidecar finds it. @default - `grafana_dashboard: "1"` */
  readonly labels?: Record<string, string>;
  /** Annotations of the ConfigMap; the sidecar's `grafana_folder` among them. @default - none */
  readonly annotations?: Record<string, string>;
}

/** A dashboard for Grafana. It shows the cluster that it was rendered for, and any other that one chooses. */
export class Dashboard {
  /** A ConfigMap for Grafana's sidecar. */
  public static configMap(options: DashboardOptions = {}): Dashboard {
    return new Dashboard('config-map', options);
  }

  /** None. */
  public static none(): Dashboard {
    return new Dashboard('none', {});
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'config-map' | 'none',
    /** @internal */
    public readonly _options: DashboardOptions,
  ) {}
}
