import { ResolvedBackup } from '../backup/resolve';
import * as defaults from '../defaults';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { ResolvedSentinels } from '../sentinels/resolve';
import { ResolvedSettings } from '../settings/resolve';
import { ResolvedPersistence } from '../storage/resolve';
import { ResolvedTls } from '../tls/resolve';
import { AlertName } from './alert-props';
import { MEMBER, Selectors } from './promql';
import { ResolvedAlerts } from './resolve';

/** An alert as it is written here; the rest of a rule is the same for all. */
export interface Alert {
  readonly name: AlertName;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly expr: string;
  /** Seconds that it must hold. */
  readonly lasts: number;
  /** For whoever is woken: what is wrong. */
  readonly summary: string;
  /** And what it means. */
  readonly description: string;
}

/** What alerts know of the proxies, a feature after this one. */
interface Proxied {
  readonly proxy: { readonly replicas: number; readonly maxConnections: number } | undefined;
}

export type AlertedCluster = ResolvedIdentity &
  ResolvedNodes &
  ResolvedSentinels &
  ResolvedSettings &
  ResolvedBackup &
  ResolvedTls &
  Proxied & { readonly persistence: ResolvedPersistence };

/** What alerts are made from: all that is known of a cluster before it runs. */
export interface Known {
  readonly cluster: AlertedCluster;
  readonly namespace: string;
  readonly at: ResolvedAlerts['thresholds'];
  readonly interval: number;
  readonly of: Selectors;
  readonly outage: number;
  readonly patience: number;
}

/** Of whom an alert with a label of the member speaks. */
export const IT = `{{ $labels.${MEMBER} }}`;
/** Seconds: what stands for so long is no peak. */
export const NO_PEAK = defaults.NO_PEAK.toSeconds();
