import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { componentLabels, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { Policed, jobPolicyProps } from '../network-policy/parts';
import { PlannedPod } from '../pod/plan';
import { BACKUP } from './pod';
import { ResolvedBackup } from './resolve';
import { targetPorts } from './target';

/** What makes backups, as Kubernetes has it. */
export interface BackupsProps {
  /** The CronJob. @default - none */
  readonly cronJob?: k8s.KubeCronJobProps;
  /** Whom its pods may reach. @default - no policy */
  readonly networkPolicy?: k8s.KubeNetworkPolicyProps;
}

/** Backups of a cluster. To make one now: `kubectl create job --from=cronjob/<cluster>-backup <name>`. */
export class Backups extends Construct {
  /** The CronJob; undefined where there are none. */
  public readonly cronJob: k8s.KubeCronJob | undefined;
  /** Whom its pods may reach; undefined where everybody, or there are none. */
  public readonly networkPolicy: k8s.KubeNetworkPolicy | undefined;

  public constructor(scope: Construct, id: string, props: BackupsProps) {
    super(scope, id);
    this.cronJob = props.cronJob && new k8s.KubeCronJob(this, 'cron-job', props.cronJob);
    this.networkPolicy = props.networkPolicy && new k8s.KubeNetworkPolicy(this, 'network-policy', props.networkPolicy);
  }
}

/** What a failover breaks off is made again; what is wrong with a store stays wrong. */
const ATTEMPTS = 3;

type Cluster = Policed & ResolvedBackup & { readonly pods: readonly PlannedPod[] };

export function backupsProps(cluster: Cluster): BackupsProps {
  const { backup } = cluster;
  const pod = cluster.pods.find(({ property }) => property === BACKUP);
  if (backup === undefined || pod === undefined) return {};
  const labels = componentLabels(cluster.name, 'backup');
  const metadata = objectMetadata(cluster, naming.backup(cluster.name), { labels });
  return {
    cronJob: {
      metadata,
      spec: {
        schedule: backup.schedule,
        timeZone: backup.timeZone,
        suspend: backup.suspend,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: backup.deadline.toSeconds(),
        successfulJobsHistoryLimit: backup.successfulJobs,
        failedJobsHistoryLimit: backup.failedJobs,
        jobTemplate: {
          metadata: { labels: { ...cluster.metadata.labels, ...labels } },
          spec: {
            backoffLimit: ATTEMPTS - 1,
            activeDeadlineSeconds: backup.deadline.toSeconds(),
            template: pod.template,
          },
        },
      },
    },
    ...(cluster.networkPolicy.enabled && {
      networkPolicy: jobPolicyProps(cluster, 'backup', naming.backup(cluster.name), targetPorts(backup.target)),
    }),
  };
}
