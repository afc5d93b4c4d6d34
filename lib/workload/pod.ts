import { Configuration, RUN_PATH } from './config-maps';
import { isSelfConfigured } from './environment';
import { EnvContract } from '../image/props';
import { k8s } from '../core/kplus';
import { LINUX, OS_LABEL, componentLabels } from '../identity/labels';
import { ResolvedCluster, ResolvedWorkload } from '../resolve';
import { SCRIPTS_PATH } from './scripts';
import { Ids } from '../security/props';
import { SchedulingOptions, Spread } from './props';

/** The one way to make a pod, a member's or the check's: `own` is what runs in it, and what else others have not. */
export function podTemplate(
  cluster: ResolvedCluster,
  { pod, pullSecrets, scheduling }: ResolvedWorkload,
  labels: Record<string, string>,
  own: k8s.PodSpec,
): k8s.PodTemplateSpec {
  const annotations = { ...cluster.metadata.podAnnotations, ...pod.annotations };
  const securityContext = podSecurity(cluster);
  return {
    // An empty map would stand in the manifest as `{}`.
    metadata: { labels, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: {
      // For the kubelet and for policies; the scheduler looks at the selector alone.
      os: { name: LINUX },
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(pod.serviceAccountName !== undefined && { serviceAccountName: pod.serviceAccountName }),
      ...(pullSecrets.length > 0 && { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
      ...(securityContext !== undefined && { securityContext }),
      ...placement(scheduling),
      ...own,
    },
  };
}

/** What every container that runs a script has. */
export function scriptContainer(
  cluster: ResolvedCluster,
  workload: ResolvedWorkload,
  settings: string,
): Pick<k8s.Container, 'image' | 'imagePullPolicy' | 'envFrom' | 'securityContext'> {
  const securityContext = containerSecurity(cluster);
  return {
    image: workload.image,
    imagePullPolicy: workload.pullPolicy,
    envFrom: [{ configMapRef: { name: settings } }],
    ...(securityContext !== undefined && { securityContext }),
  };
}

/** The scripts, and memory for what must not be on a volume. */
export const SCRIPT_MOUNTS: k8s.VolumeMount[] = [
  { name: 'scripts', mountPath: SCRIPTS_PATH, readOnly: true },
  { name: 'run', mountPath: RUN_PATH },
];

export function scriptVolumes({ scripts }: Configuration): k8s.Volume[] {
  return [
    { name: 'scripts', configMap: { name: scripts } },
    { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('16Mi') } },
  ];
}

/** Pod Security `restricted`, and the same user for every image or the one that the platform gives. */
function podSecurity(cluster: ResolvedCluster): k8s.PodSecurityContext | undefined {
  const { ids, user, group, fsGroup, restricted } = cluster.security;
  if (!restricted || isSelfConfigured(cluster)) return undefined;
  return {
    runAsNonRoot: true,
    ...(ids === Ids.FIXED && { runAsUser: user, runAsGroup: group, fsGroup }),
    // A change of owner on every start would take as long as the volume is large.
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

function containerSecurity({ security }: ResolvedCluster): k8s.SecurityContext | undefined {
  if (!security.restricted) return undefined;
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
  };
}

/** On which machines a pod may run. */
function placement({ nodeSelector, zone, tolerations, priorityClassName }: SchedulingOptions): Partial<k8s.PodSpec> {
  return {
    nodeSelector: {
      ...nodeSelector,
      ...(zone !== undefined && { 'topology.kubernetes.io/zone': zone }),
      [OS_LABEL]: LINUX,
    },
    ...(tolerations !== undefined && { tolerations }),
    ...(priorityClassName !== undefined && { priorityClassName }),
  };
}

/** How far a member's pod is kept from others: this library's own wishes and the user's. */
export function distance(cluster: ResolvedCluster, workload: ResolvedWorkload): Partial<k8s.PodSpec> {
  const spread = spreadConstraints(cluster, workload);
  return { affinity: affinity(workload), ...(spread.length > 0 && { topologySpreadConstraints: spread }) };
}

function affinity(workload: ResolvedWorkload): k8s.Affinity {
  const given = workload.scheduling.affinity ?? {};
  if (workload.envContract !== EnvContract.SCRIPTS) return given;
  return {
    ...given,
    podAntiAffinity: {
      ...given.podAntiAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: [
        ...(given.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
        // Never two pods of this Deployment, anywhere: while an old one still stops, a new one would take half of its
        // connections, for both are behind one name. A topology of one domain: whatever else the cluster has, all machines
        // where these pods may be are those of the node selector, and have one value of this label.
        { labelSelector: { matchLabels: workload.deployment.selector }, topologyKey: OS_LABEL },
      ],
    },
  };
}

function spreadConstraints(cluster: ResolvedCluster, workload: ResolvedWorkload): k8s.TopologySpreadConstraint[] {
  const { spread } = workload.scheduling;
  if (spread === Spread.NONE) return [];
  const labelSelector = { matchLabels: componentLabels(cluster.name, workload.component) };
  const apart = (topologyKey: string, whenUnsatisfiable: string): k8s.TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    labelSelector,
  });
  return [
    apart('kubernetes.io/hostname', spread === Spread.REQUIRED ? 'DoNotSchedule' : 'ScheduleAnyway'),
    apart('topology.kubernetes.io/zone', 'ScheduleAnyway'),
  ];
}
