import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { PLACEMENT_TIME } from '../defaults';
import { objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { Policed, firstMasterPolicyProps, jobPolicyProps, tcp } from '../network-policy/parts';
import { PlannedPod } from '../pod/plan';
import { MIGRATION } from './pod';
import { ResolvedMigration } from './resolve';

/** What a migration needs beside the members, as Kubernetes has it. */
export interface MigrationProps {
  /** The Job that cuts over. @default - none */
  readonly job?: k8s.KubeJobProps;
  /** Lets the first node reach the source. @default - no policy */
  readonly followerPolicy?: k8s.KubeNetworkPolicyProps;
  /** Whom the Job may reach. @default - no policy */
  readonly jobPolicy?: k8s.KubeNetworkPolicyProps;
}

/** A cluster that takes the place of another one. */
export class Migration extends Construct {
  /** The Job that cuts over; undefined before that phase. */
  public readonly job: k8s.KubeJob | undefined;
  /** Lets the first node reach the source; undefined where it may reach everybody, or nobody is followed. */
  public readonly followerPolicy: k8s.KubeNetworkPolicy | undefined;
  /** Whom the Job may reach; undefined where everybody, or there is none. */
  public readonly jobPolicy: k8s.KubeNetworkPolicy | undefined;

  public constructor(scope: Construct, id: string, props: MigrationProps) {
    super(scope, id);
    this.job = props.job && new k8s.KubeJob(this, 'job', props.job);
    this.followerPolicy =
      props.followerPolicy && new k8s.KubeNetworkPolicy(this, 'follower-policy', props.followerPolicy);
    this.jobPolicy = props.jobPolicy && new k8s.KubeNetworkPolicy(this, 'job-policy', props.jobPolicy);
  }
}

/** One that was interrupted goes on from where it was. */
const ATTEMPTS = 4;

type Cluster = Policed & ResolvedMigration & { readonly pods: readonly PlannedPod[] };

export function migrationProps(cluster: Cluster): MigrationProps {
  const { migration, name } = cluster;
  if (migration === undefined) return {};
  const pod = cluster.pods.find(({ property }) => property === MIGRATION);
  const ports = migration.ports.map(tcp);
  const followerPolicy = firstMasterPolicyProps(cluster, naming.source(name), ports);
  return {
    ...(pod !== undefined && { job: jobProps(cluster, pod, migration) }),
    ...(followerPolicy !== undefined && { followerPolicy }),
    ...(cluster.networkPolicy.enabled &&
      pod !== undefined && { jobPolicy: jobPolicyProps(cluster, 'cut-over', naming.cutOver(name), ports) }),
  };
}

function jobProps(
  cluster: Cluster,
  pod: PlannedPod,
  { timeout }: NonNullable<ResolvedMigration['migration']>,
): k8s.KubeJobProps {
  const spec: k8s.JobSpec = {
    backoffLimit: ATTEMPTS - 1,
    activeDeadlineSeconds: timeout.toSeconds() + PLACEMENT_TIME.toSeconds(),
    template: pod.template,
  };
  // A Job can't be changed, so a changed one needs a name of its own. One that finds all done ends at once.
  const name = naming.hashed(naming.cutOver(cluster.name), spec);
  return { metadata: objectMetadata(cluster, name), spec };
}
