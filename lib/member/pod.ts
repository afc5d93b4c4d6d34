import { RUN_PATH, SCRIPTS_PATH, DATA_PATH } from '../config-maps/paths';
import { ResolvedConfigMaps } from '../config-maps/resolve';
import { command } from '../config-maps/scripts';
import { k8s } from '../core/kplus';
import { resourceRequirements, sizeQuantity } from '../core/quantities';
import { FIRST_KEPT, KEPT, MEMORY_VOLUME, PROBE_TIMEOUT, SHUTDOWN } from '../defaults';
import { JobComponent, componentLabels } from '../identity/labels';
import { ResolvedIdentity } from '../identity/resolve';
import { isScripted } from '../image/resolve';
import { PartOfContainer, PlannedPod, PodAddition, joined } from '../pod/plan';
import { containerSecurity, podSecurity, restrictedByDefault } from '../security/pod';
import { ResolvedSecurity } from '../security/resolve';
import { ResolvedMember } from './resolve';
import { LINUX, distance, placement } from './scheduling';

/** What a pod of a cluster is made from, before any feature adds to it. */
export type PodCluster = ResolvedIdentity & ResolvedSecurity & ResolvedConfigMaps;

/** The one way to make a pod, a member's, the check's or a proxy's: `own` is what runs in it, and what else others have not. */
export function podTemplate(
  cluster: PodCluster,
  member: ResolvedMember,
  labels: Record<string, string>,
  own: k8s.PodSpec,
  ofFeatures: Record<string, string> = {},
): k8s.PodTemplateSpec {
  const { pod, pullSecrets, scheduling } = member;
  const annotations = { ...ofFeatures, ...cluster.metadata.podAnnotations, ...pod.annotations };
  const securityContext = isScripted(member) ? podSecurity(cluster) : undefined;
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

/** The pod of a Job: made as those of the nodes are, and never in their way. */
export function jobTemplate(
  cluster: PodCluster,
  as: ResolvedMember,
  component: JobComponent,
  own: k8s.PodSpec,
): k8s.PodTemplateSpec {
  const { nodeAffinity } = as.scheduling.affinity ?? {};
  // The policies let in whoever is of this cluster.
  const labels = { ...cluster.metadata.podLabels, ...componentLabels(cluster.name, component) };
  return podTemplate(cluster, as, labels, {
    restartPolicy: 'Never',
    // Of the user's wishes only those about machines: it may run beside any pod.
    ...(nodeAffinity !== undefined && { affinity: { nodeAffinity } }),
    ...own,
  });
}

/** A member's pod: what features add to it, and then what the user does. */
export function memberPod(cluster: PodCluster, member: ResolvedMember, additions: readonly PodAddition[]): PlannedPod {
  const { name, property, pod, hostNetwork, deployment, component } = member;
  const parts = joined([...additions, base(member)]);
  const others = (containers: k8s.Container[]): k8s.Container[] =>
    isScripted(member) ? containers.map((container) => restrictedByDefault(cluster, container)) : containers;
  const labels = {
    ...cluster.metadata.podLabels,
    ...pod.labels,
    // Policies and budgets know pods by these.
    ...componentLabels(cluster.name, component),
    ...deployment.selector,
  };
  return {
    name,
    property,
    template: podTemplate(
      cluster,
      member,
      labels,
      {
        ...(hostNetwork && { hostNetwork, dnsPolicy: 'ClusterFirstWithHostNet' }),
        terminationGracePeriodSeconds: deployment.terminationGracePeriod.toSeconds(),
        ...distance(cluster.name, member),
        initContainers: [...parts.initContainers, ...others(pod.initContainers)],
        containers: [...parts.containers.map((container) => withExtras(container, member)), ...others(pod.containers)],
        volumes: [...parts.volumes, ...pod.volumes],
      },
      texts(additions.map(({ annotations }) => annotations)),
    ),
    resourcesAt: texts(additions.map(({ resourcesAt }) => resourcesAt)),
    imagesAt: texts(additions.map(({ imagesAt }) => imagesAt)),
  };
}

function texts(all: readonly (Readonly<Record<string, string>> | undefined)[]): Record<string, string> {
  return Object.assign({}, ...all) as Record<string, string>;
}

/** Its volume, which each of its containers sees. */
function base({ storage }: ResolvedMember): PodAddition {
  const volume: k8s.Volume =
    storage.kind === 'ephemeral'
      ? { name: 'data', emptyDir: { sizeLimit: sizeQuantity(storage.size) } }
      : { name: 'data', persistentVolumeClaim: { claimName: storage.claimName } };
  return { volumes: [volume], everywhere: { volumeMounts: [{ name: 'data', mountPath: DATA_PATH }] } };
}

/** The user's variables and mounts are the server's. */
function withExtras(container: k8s.Container, member: ResolvedMember): k8s.Container {
  if (container.name !== serverName(member)) return container;
  const env = [...(container.env ?? []), ...member.pod.env];
  const volumeMounts = [...(container.volumeMounts ?? []), ...member.pod.volumeMounts];
  return { ...container, ...(env.length > 0 && { env }), volumeMounts };
}

/** Name of the server's container, and of its port. */
export function serverName({ component }: Pick<ResolvedMember, 'component'>): string {
  return component === 'node' ? 'redis' : 'sentinel';
}

/** The server of a node or a sentinel with its probes, and the keeper beside it. */
export interface Program {
  readonly server: Pick<k8s.Container, 'command' | 'startupProbe' | 'livenessProbe' | 'lifecycle' | 'env'>;
  readonly keeper: Pick<k8s.Container, 'command' | 'startupProbe' | 'readinessProbe'>;
}

/** A pod of an official image: the names are looked up, the server starts, the keeper looks after it. */
export function scriptedPod(cluster: PodCluster, member: ResolvedMember, { server, keeper }: Program): PodAddition {
  const name = serverName(member);
  const common = scriptContainer(cluster, member);
  const small = { ...common, resources: resourceRequirements(member.keeperResources) };
  const keeperResources = `${member.groupProperty}.keeperResources`;
  return {
    initContainers: [{ ...small, name: 'names', command: command('names'), env: ownerVariables(member.name) }],
    containers: [
      {
        ...common,
        ...server,
        name,
        env: [...(server.env ?? []), ...stopVariables(member)],
        ports: [{ name, containerPort: member.port }],
        resources: resourceRequirements(member.resources),
        volumeMounts: [HOSTS_MOUNT],
      },
      { ...small, ...keeper, name: 'keeper' },
    ],
    volumes: scriptVolumes(cluster),
    everywhere: { env: selfVariables(member), volumeMounts: SCRIPT_MOUNTS },
    resourcesAt: { [name]: `${member.property}.resources`, keeper: keeperResources, names: keeperResources },
  };
}

/** What every container that runs a script has. */
export function scriptContainer(
  cluster: PodCluster,
  { image, pullPolicy }: ResolvedMember,
): Omit<PartOfContainer, 'name'> {
  const securityContext = containerSecurity(cluster);
  return {
    image,
    imagePullPolicy: pullPolicy,
    envFrom: [{ configMapRef: { name: cluster.configMaps.members.name } }],
    ...(securityContext !== undefined && { securityContext }),
  };
}

/** The scripts, and memory for what must not be on a volume. */
export const SCRIPT_MOUNTS: k8s.VolumeMount[] = [
  { name: 'scripts', mountPath: SCRIPTS_PATH, readOnly: true },
  { name: 'run', mountPath: RUN_PATH },
];

/** Beside the server: a file of addresses in place of DNS. */
export const HOSTS_MOUNT: k8s.VolumeMount = { name: 'run', mountPath: '/etc/hosts', subPath: 'hosts', readOnly: true };

export function scriptVolumes({ configMaps }: ResolvedConfigMaps): k8s.Volume[] {
  return [
    { name: 'scripts', configMap: { name: configMaps.scripts.name } },
    { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: sizeQuantity(MEMORY_VOLUME) } },
  ];
}

/** What the scripts need to know of their own pod. */
export function selfVariables({ announced }: ResolvedMember): k8s.EnvVar[] {
  return [
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    { name: 'SELF', value: announced },
  ];
}

/** Whose pod it is and whose it must be: tools that rename objects leave the names in variables as they are. */
export function ownerVariables(deployment: string): k8s.EnvVar[] {
  return [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'WORKLOAD', value: deployment },
  ];
}

/** How long a stopping member may wait for its turn, which is all of the grace period but what it needs for leaving, and for another. */
function stopVariables({ deployment, times }: ResolvedMember): k8s.EnvVar[] {
  const seconds = deployment.terminationGracePeriod.toSeconds() - times.leaving.toSeconds();
  return [
    { name: 'STOP_SECONDS', value: String(seconds) },
    { name: 'COMEBACK_SECONDS', value: String(times.comeback.toSeconds()) },
  ];
}

/** A probe that runs a command. */
export function answers(command: string[]): Pick<k8s.Probe, 'exec' | 'timeoutSeconds'> {
  return { exec: { command }, timeoutSeconds: PROBE_TIMEOUT.toSeconds() };
}

/** Its keeper says that all is well with a member. */
export function kept(): Pick<k8s.Container, 'startupProbe' | 'readinessProbe'> {
  const ready = answers(['test', '-e', `${RUN_PATH}/ready`]);
  return { startupProbe: { ...ready, ...FIRST_KEPT }, readinessProbe: { ...ready, ...KEPT } };
}

/** A process that does not answer is not given the time that a stop may take to find its turn. */
export const HUNG = { terminationGracePeriodSeconds: SHUTDOWN.toSeconds() };
