import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { PLACEMENT_TIME } from '../defaults';
import { clusterLabels, componentLabels, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { dns, tcp } from '../network-policy/parts';
import { ResolvedNetworkPolicy } from '../network-policy/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { PlannedPod } from '../pod/plan';
import { ResolvedSentinels } from '../sentinels/resolve';
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

type Cluster = ResolvedIdentity &
  ResolvedMigration &
  ResolvedNetworkPolicy &
  ResolvedNodes &
  ResolvedSentinels & { readonly pods: readonly PlannedPod[] };

export function migrationProps(cluster: Cluster): MigrationProps {
  const { migration, networkPolicy } = cluster;
  const [master] = cluster.nodes;
  if (migration === undefined || master === undefined) return {};
  const pod = cluster.pods.find(({ property }) => property === MIGRATION);
  const source = { ports: migration.ports.map(tcp) };
  const members = { podSelector: { matchLabels: clusterLabels(cluster.name) } };
  return {
    ...(pod !== undefined && { job: jobProps(cluster, pod, migration) }),
    // Beside that of the nodes: where each of several policies lets out may go out.
    ...(networkPolicy.enabled && {
      followerPolicy: {
        metadata: objectMetadata(cluster, naming.source(cluster.name)),
        spec: {
          podSelector: { matchLabels: master.deployment.selector },
          policyTypes: ['Egress'],
          egress: [source],
        },
      },
    }),
    ...(networkPolicy.enabled &&
      pod !== undefined && {
        jobPolicy: {
          metadata: objectMetadata(cluster, naming.cutOver(cluster.name)),
          spec: {
            podSelector: { matchLabels: componentLabels(cluster.name, 'cut-over') },
            policyTypes: ['Ingress', 'Egress'],
            egress: [
              { to: [members], ports: [tcp(cluster.redisPort), tcp(cluster.sentinelPort)] },
              dns(networkPolicy.dnsPorts),
              source,
            ],
          },
        },
      }),
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
