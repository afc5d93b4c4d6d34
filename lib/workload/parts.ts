import { Construct } from 'constructs';
import { Configuration, DATA_PATH, RUN_PATH } from './config-maps';
import { PROBE_TIMEOUT, SHUTDOWN } from '../defaults';
import { isSelfConfigured, ownerVariables, selfVariables } from './environment';
import { k8s } from '../core/kplus';
import { NOT_PRUNED, PRUNED_LAST, objectMetadata, podLabels } from '../identity/labels';
import { serviceHost } from '../identity/naming';
import { SCRIPT_MOUNTS, distance, podTemplate, scriptContainer, scriptVolumes } from './pod';
import { resourceRequirements, sizeQuantity } from '../core/quantities';
import { ResolvedCluster, ResolvedWorkload } from '../resolve';
import { command } from './scripts';

/** The containers and volumes of a pod. */
export interface PodParts {
  readonly initContainers: k8s.Container[];
  readonly containers: k8s.Container[];
  readonly volumes: k8s.Volume[];
}

/** One member of a cluster, a node or a sentinel: a Deployment of one pod, its claim and its Service, of one name. */
export abstract class Member extends Construct {
  /** Name of the Deployment, the claim and the Service. */
  public readonly name: string;

  /** Host by which clients reach it: that of its Service, or the address it announces. */
  public readonly host: string;

  /** The Deployment, to patch what has no prop. */
  public readonly deployment: k8s.KubeDeployment;

  /** The Service. */
  public readonly service: k8s.KubeService;

  /** The claim; undefined where it existed before, or where the storage is ephemeral. */
  public readonly claim: k8s.KubePersistentVolumeClaim | undefined;

  protected constructor(
    scope: Construct,
    id: string,
    cluster: ResolvedCluster,
    workload: ResolvedWorkload,
    pod: PodParts,
  ) {
    super(scope, id);
    this.name = workload.name;
    this.host = workload.announceHost ?? serviceHost(workload.name, cluster.namespace);
    this.claim = createClaim(this, cluster, workload);
    this.deployment = createDeployment(this, cluster, workload, pod);
    this.service = createService(this, cluster, workload);
  }
}

function createClaim(
  scope: Construct,
  cluster: ResolvedCluster,
  workload: ResolvedWorkload,
): k8s.KubePersistentVolumeClaim | undefined {
  const { kind, claimName, size, storageClassName, accessMode } = workload.storage;
  if (kind !== 'claim') return undefined;
  return new k8s.KubePersistentVolumeClaim(scope, 'claim', {
    metadata: objectMetadata(cluster, claimName, workload.deployment.selector, KEPT),
    spec: {
      accessModes: [accessMode],
      ...(storageClassName !== undefined && { storageClassName }),
      resources: { requests: { storage: sizeQuantity(size) } },
    },
  });
}

/** A probe that runs a command. */
export function answers(command: string[]): Pick<k8s.Probe, 'exec' | 'timeoutSeconds'> {
  return { exec: { command }, timeoutSeconds: PROBE_TIMEOUT.toSeconds() };
}

/** Its keeper says that all is well with a member. */
export function kept(): k8s.Probe {
  return { ...answers(['test', '-e', `${RUN_PATH}/ready`]), periodSeconds: 2, failureThreshold: 3 };
}

/** A process that does not answer is not given the time that a stop may take to find its turn. */
export const HUNG = { terminationGracePeriodSeconds: SHUTDOWN.toSeconds() };

/** Data outlive the application too. */
const KEPT = { ...NOT_PRUNED, 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };

function createService(scope: Construct, cluster: ResolvedCluster, workload: ResolvedWorkload): k8s.KubeService {
  const name = portName(workload);
  return new k8s.KubeService(scope, 'service', {
    // A name that vanishes before its pod cuts a master off from all who start meanwhile.
    metadata: objectMetadata(cluster, workload.name, workload.deployment.selector, NOT_PRUNED),
    spec: {
      type: 'ClusterIP',
      selector: workload.deployment.selector,
      // Members that start or stop must reach one another, or nothing ever starts.
      publishNotReadyAddresses: true,
      ports: [{ name, port: workload.port, targetPort: k8s.IntOrString.fromString(name) }],
    },
  });
}

function createDeployment(
  scope: Construct,
  cluster: ResolvedCluster,
  workload: ResolvedWorkload,
  parts: PodParts,
): k8s.KubeDeployment {
  const { deployment, pod, hostNetwork } = workload;
  return new k8s.KubeDeployment(scope, 'deployment', {
    metadata: objectMetadata(
      cluster,
      workload.name,
      { ...deployment.selector, ...deployment.labels },
      // A member that is no longer in Git may be the master, which hands over to those that know it by then.
      { ...(!isSelfConfigured(cluster) && PRUNED_LAST), ...deployment.annotations },
    ),
    spec: {
      replicas: 1,
      revisionHistoryLimit: deployment.revisionHistoryLimit,
      progressDeadlineSeconds: deployment.progressDeadline.toSeconds(),
      strategy: deployment.strategy,
      selector: { matchLabels: deployment.selector },
      template: podTemplate(cluster, workload, podLabels(cluster, workload), {
        ...(hostNetwork && { hostNetwork, dnsPolicy: 'ClusterFirstWithHostNet' }),
        terminationGracePeriodSeconds: deployment.terminationGracePeriod.toSeconds(),
        ...distance(cluster, workload),
        initContainers: [...parts.initContainers, ...pod.initContainers],
        containers: [...parts.containers, ...pod.containers],
        volumes: [...parts.volumes, dataVolume(workload), ...pod.volumes],
      }),
    },
  });
}

export function portName({ component }: ResolvedWorkload): string {
  return component === 'node' ? 'redis' : 'sentinel';
}

function dataVolume({ storage }: ResolvedWorkload): k8s.Volume {
  if (storage.kind === 'ephemeral') return { name: 'data', emptyDir: { sizeLimit: sizeQuantity(storage.size) } };
  return { name: 'data', persistentVolumeClaim: { claimName: storage.claimName } };
}

/** What every container of a member gets. */
const MOUNTS: k8s.VolumeMount[] = [...SCRIPT_MOUNTS, { name: 'data', mountPath: DATA_PATH }];

/** Beside the server: a file of addresses in place of DNS. */
const HOSTS_MOUNT: k8s.VolumeMount = { name: 'run', mountPath: '/etc/hosts', subPath: 'hosts', readOnly: true };

/** The server of a node or a sentinel with its probes, and the passwords that it and its keeper need. */
export interface Parts {
  readonly settings: string;
  readonly server: Pick<
    k8s.Container,
    'command' | 'startupProbe' | 'livenessProbe' | 'readinessProbe' | 'lifecycle'
  > & {
    readonly env: k8s.EnvVar[];
  };
  readonly keeper: Pick<k8s.Container, 'command' | 'readinessProbe'> & { readonly env: k8s.EnvVar[] };
}

/** A pod of an official image: the names are looked up, the server starts, the keeper looks after it. */
export function officialPod(
  cluster: ResolvedCluster,
  workload: ResolvedWorkload,
  configuration: Configuration,
  { settings, server, keeper }: Parts,
): PodParts {
  const name = portName(workload);
  const common = scriptContainer(cluster, workload, settings);
  const small = { ...common, resources: resourceRequirements(workload.keeperResources), volumeMounts: MOUNTS };
  return {
    initContainers: [
      {
        ...small,
        name: 'names',
        command: command('names'),
        env: [...selfVariables(workload), ...ownerVariables(workload.name)],
      },
    ],
    containers: [
      {
        ...common,
        ...server,
        name,
        env: [...selfVariables(workload), ...server.env, ...workload.pod.env],
        ports: [{ name, containerPort: workload.port }],
        resources: resourceRequirements(workload.resources),
        volumeMounts: [...MOUNTS, HOSTS_MOUNT, ...workload.pod.volumeMounts],
      },
      { ...small, ...keeper, name: 'keeper', env: [...selfVariables(workload), ...keeper.env] },
    ],
    volumes: scriptVolumes(configuration),
  };
}
