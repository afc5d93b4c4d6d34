/** What the tests look at in a rendered object. That nothing else is in it is the business of the strict schemas. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export type Labels = Record<string, string>;

export interface Selector {
  readonly matchLabels: Labels;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: { readonly name: string; readonly key: string };
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

export interface Probe {
  readonly exec: { readonly command: string[] };
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
  readonly successThreshold?: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly command?: string[];
  readonly env?: EnvVar[];
  readonly envFrom?: {
    readonly prefix?: string;
    readonly configMapRef?: { readonly name: string };
    readonly secretRef?: { readonly name: string };
  }[];
  readonly ports?: { readonly name: string; readonly containerPort: number }[];
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
  readonly volumeMounts?: { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop: Probe };
  readonly securityContext?: object;
}

export interface Secret {
  readonly kind: 'Secret';
  readonly metadata: Metadata;
  readonly stringData: Labels;
}

export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

export interface PodSpec {
  readonly affinity?: {
    readonly podAntiAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly labelSelector: Selector;
        readonly topologyKey: string;
      }[];
    };
  };
  readonly automountServiceAccountToken?: boolean;
  readonly containers: Container[];
  readonly initContainers?: Container[];
  readonly hostNetwork?: boolean;
  readonly nodeSelector?: Labels;
  readonly securityContext?: object;
  readonly terminationGracePeriodSeconds?: number;
  readonly topologySpreadConstraints?: {
    readonly labelSelector: Selector;
    readonly topologyKey: string;
    readonly whenUnsatisfiable: string;
  }[];
  readonly volumes?: Volume[];
}

export interface Deployment {
  readonly apiVersion: string;
  readonly kind: 'Deployment';
  readonly metadata: Metadata;
  readonly spec: {
    readonly progressDeadlineSeconds: number;
    readonly replicas: number;
    readonly revisionHistoryLimit: number;
    readonly selector: Selector;
    readonly strategy: object;
    readonly template: {
      readonly metadata: { readonly labels: Labels; readonly annotations?: Labels };
      readonly spec: PodSpec;
    };
  };
}

export interface Service {
  readonly apiVersion: string;
  readonly kind: 'Service';
  readonly metadata: Metadata;
  readonly spec: {
    readonly ports: { readonly name: string; readonly port: number; readonly targetPort: string | number }[];
    readonly publishNotReadyAddresses?: boolean;
    readonly selector: Labels;
    readonly type: string;
  };
}

export interface PersistentVolumeClaim {
  readonly apiVersion: string;
  readonly kind: 'PersistentVolumeClaim';
  readonly metadata: Metadata;
  readonly spec: {
    readonly accessModes: string[];
    readonly resources: { readonly requests: { readonly storage: string } };
    readonly storageClassName?: string;
  };
}

export interface ConfigMap {
  readonly apiVersion: string;
  readonly kind: 'ConfigMap';
  readonly metadata: Metadata;
  readonly immutable?: boolean;
  readonly data: Record<string, string>;
}

export interface PodDisruptionBudget {
  readonly apiVersion: string;
  readonly kind: 'PodDisruptionBudget';
  readonly metadata: Metadata;
  readonly spec: { readonly minAvailable: number; readonly selector: Selector };
}

export interface NetworkPolicyPeer {
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly namespaceSelector?: { readonly matchLabels?: Labels };
  readonly ipBlock?: { readonly cidr: string };
}

export interface NetworkPolicyPort {
  readonly protocol: string;
  readonly port: number;
}

export interface NetworkPolicy {
  readonly apiVersion: string;
  readonly kind: 'NetworkPolicy';
  readonly metadata: Metadata;
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: string[];
    readonly ingress?: { readonly from?: NetworkPolicyPeer[]; readonly ports?: NetworkPolicyPort[] }[];
    readonly egress?: { readonly to?: NetworkPolicyPeer[]; readonly ports?: NetworkPolicyPort[] }[];
  };
}

export interface Job {
  readonly apiVersion: string;
  readonly kind: 'Job';
  readonly metadata: Metadata;
  readonly spec: {
    readonly activeDeadlineSeconds: number;
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
  };
}

export interface CronJob {
  readonly apiVersion: string;
  readonly kind: 'CronJob';
  readonly metadata: Metadata;
  readonly spec: {
    readonly schedule: string;
    readonly timeZone: string;
    readonly suspend: boolean;
    readonly concurrencyPolicy: string;
    readonly successfulJobsHistoryLimit: number;
    readonly failedJobsHistoryLimit: number;
    readonly jobTemplate: { readonly spec: Job['spec'] & { readonly backoffLimit: number } };
  };
}

/** Objects of the Prometheus operator. */
export interface PodMonitor {
  readonly apiVersion: string;
  readonly kind: 'PodMonitor';
  readonly metadata: Metadata;
  readonly spec: object;
}

export interface ServiceMonitor {
  readonly apiVersion: string;
  readonly kind: 'ServiceMonitor';
  readonly metadata: Metadata;
  readonly spec: object;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface PrometheusRule {
  readonly apiVersion: string;
  readonly kind: 'PrometheusRule';
  readonly metadata: Metadata;
  readonly spec: { readonly groups: { readonly name: string; readonly rules: AlertRule[] }[] };
}

/** An object of cert-manager. */
export interface Certificate {
  readonly apiVersion: string;
  readonly kind: 'Certificate';
  readonly metadata: Metadata;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface Kinds {
  readonly Secret: Secret;
  readonly PodMonitor: PodMonitor;
  readonly ServiceMonitor: ServiceMonitor;
  readonly PrometheusRule: PrometheusRule;
  readonly Certificate: Certificate;
  readonly Job: Job;
  readonly CronJob: CronJob;
  readonly Deployment: Deployment;
  readonly Service: Service;
  readonly PersistentVolumeClaim: PersistentVolumeClaim;
  readonly ConfigMap: ConfigMap;
  readonly PodDisruptionBudget: PodDisruptionBudget;
  readonly NetworkPolicy: NetworkPolicy;
}

export type Kind = keyof Kinds;
export type Manifest = Kinds[Kind];

const KINDS: Record<Kind, true> = {
  Secret: true,
  PodMonitor: true,
  ServiceMonitor: true,
  PrometheusRule: true,
  Certificate: true,
  Job: true,
  CronJob: true,
  Deployment: true,
  Service: true,
  PersistentVolumeClaim: true,
  ConfigMap: true,
  PodDisruptionBudget: true,
  NetworkPolicy: true,
};

/** Only the kind is looked at: the strict schemas say whether the rest is what its kind wants. */
export function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'kind' in value && String(value.kind) in KINDS;
}

export function allOf<K extends Kind>(objects: Manifest[], kind: K): Kinds[K][] {
  return objects.filter((object): object is Kinds[K] => object.kind === kind);
}

export function find<K extends Kind>(objects: Manifest[], kind: K, name: string): Kinds[K] {
  const found = allOf(objects, kind).filter(({ metadata }) => metadata.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`there are ${found.length} of ${kind} ${name}`);
  return only;
}

/** The one ConfigMap whose name begins so: after that comes a hash of its content. */
export function configMap(objects: Manifest[], prefix: string): ConfigMap {
  const found = allOf(objects, 'ConfigMap').filter(({ metadata }) =>
    new RegExp(`^${prefix}-[0-9a-f]{8}$`).test(metadata.name),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`there are ${found.length} of ConfigMap ${prefix}`);
  return only;
}

export function podOf(objects: Manifest[], deployment: string): PodSpec {
  return find(objects, 'Deployment', deployment).spec.template.spec;
}

export function containersOf(pod: PodSpec): Container[] {
  return [...(pod.initContainers ?? []), ...pod.containers];
}

export function container(objects: Manifest[], deployment: string, name: string): Container {
  const found = containersOf(podOf(objects, deployment)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no container ${name} in ${deployment}`);
  return found;
}

/** All variables of a container as it sees them; what comes from elsewhere as `secret NAME KEY` or `field PATH`. */
export function environment(objects: Manifest[], { env = [], envFrom = [] }: Container): Record<string, string> {
  return Object.fromEntries([
    ...envFrom.flatMap(({ configMapRef }) =>
      configMapRef === undefined ? [] : Object.entries(find(objects, 'ConfigMap', configMapRef.name).data),
    ),
    ...env.map((variable): [string, string] => [variable.name, valueOf(variable)]),
  ]);
}

export function valueOf({ value, valueFrom }: EnvVar): string {
  const { secretKeyRef, fieldRef } = valueFrom ?? {};
  if (secretKeyRef !== undefined) return `secret ${secretKeyRef.name} ${secretKeyRef.key}`;
  if (fieldRef !== undefined) return `field ${fieldRef.fieldPath}`;
  return value ?? '';
}

export function selects(selector: Labels, labels: Labels | undefined): boolean {
  return Object.entries(selector).every(([label, value]) => labels?.[label] === value);
}
