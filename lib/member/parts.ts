import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { sizeQuantity } from '../core/quantities';
import { NOT_PRUNED, PRUNED_LAST, objectMetadata } from '../identity/labels';
import { ResolvedIdentity } from '../identity/resolve';
import { isScripted } from '../image/resolve';
import { PlannedPod } from '../pod/plan';
import { ResolvedMember } from './resolve';
import { serverName } from './pod';

/** The objects of a member, as Kubernetes has them. */
export interface MemberProps {
  /** Name of the Deployment and the Service. */
  readonly name: string;
  /** Host by which clients reach it. */
  readonly host: string;
  /** The Deployment of its one pod. */
  readonly deployment: k8s.KubeDeploymentProps;
  /** The Service of its name. */
  readonly service: k8s.KubeServiceProps;
  /** The claim. @default - none: it existed before, or the storage is ephemeral */
  readonly claim?: k8s.KubePersistentVolumeClaimProps;
}

/** One member of a cluster, a node or a sentinel: a Deployment of one pod, its claim and its Service, of one name. */
export class Member extends Construct {
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

  public constructor(scope: Construct, id: string, props: MemberProps) {
    super(scope, id);
    this.name = props.name;
    this.host = props.host;
    this.claim = props.claim && new k8s.KubePersistentVolumeClaim(this, 'claim', props.claim);
    this.deployment = new k8s.KubeDeployment(this, 'deployment', props.deployment);
    this.service = new k8s.KubeService(this, 'service', props.service);
  }
}

/** For a reviewer who asks why. */
const READY = {
  node: 'Ready is what the keeper says: the data are in sync.',
  sentinel: 'Ready is what the keeper says: what must not be forgotten is on the volume.',
};
const ONE_POD = 'Never two pods, on any machine (hence the anti-affinity by system): two would share a name.';
const HOSTS = 'The keeper writes the addresses of all members to /etc/hosts, so that DNS may fail.';
const ADDRESS = 'Known before it is ready, for members that start must find one another.';

/** Data outlive the application too. */
const KEPT = { ...NOT_PRUNED, 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };

export function memberProps(cluster: ResolvedIdentity, member: ResolvedMember, pod: PlannedPod): MemberProps {
  const claim = claimProps(cluster, member);
  return {
    name: member.name,
    host: member.host,
    deployment: deploymentProps(cluster, member, pod),
    service: serviceProps(cluster, member),
    ...(claim !== undefined && { claim }),
  };
}

function claimProps(
  cluster: ResolvedIdentity,
  { storage, deployment }: ResolvedMember,
): k8s.KubePersistentVolumeClaimProps | undefined {
  const { kind, claimName, size, storageClassName, accessMode } = storage;
  if (kind !== 'claim') return undefined;
  return {
    metadata: objectMetadata(cluster, claimName, { labels: deployment.selector, annotations: KEPT }),
    spec: {
      accessModes: [accessMode],
      ...(storageClassName !== undefined && { storageClassName }),
      resources: { requests: { storage: sizeQuantity(size) } },
    },
  };
}

function serviceProps(cluster: ResolvedIdentity, member: ResolvedMember): k8s.KubeServiceProps {
  const name = serverName(member);
  const { selector } = member.deployment;
  return {
    metadata: objectMetadata(cluster, member.name, {
      labels: selector,
      // A name that vanishes before its pod cuts a master off from all who start meanwhile.
      annotations: NOT_PRUNED,
      description: isScripted(member) ? ADDRESS : undefined,
    }),
    spec: {
      type: 'ClusterIP',
      selector,
      publishNotReadyAddresses: true,
      ports: [{ name, port: member.port, targetPort: k8s.IntOrString.fromString(name) }],
    },
  };
}

function deploymentProps(
  cluster: ResolvedIdentity,
  member: ResolvedMember,
  { template }: PlannedPod,
): k8s.KubeDeploymentProps {
  const { name, deployment } = member;
  return {
    metadata: objectMetadata(cluster, name, {
      labels: { ...deployment.selector, ...deployment.labels },
      // A member that is no longer in Git may be the master, which hands over to those that know it by then.
      annotations: { ...(isScripted(member) && PRUNED_LAST), ...deployment.annotations },
      description: isScripted(member) ? [READY[member.component], ONE_POD, HOSTS].join(' ') : undefined,
    }),
    spec: {
      replicas: 1,
      revisionHistoryLimit: deployment.revisionHistoryLimit,
      progressDeadlineSeconds: deployment.progressDeadline.toSeconds(),
      strategy: deployment.strategy,
      selector: { matchLabels: deployment.selector },
      template,
    },
  };
}
