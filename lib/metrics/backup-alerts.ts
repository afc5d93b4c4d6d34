import { naming } from '../identity/naming';
import { Alert, Known } from './alert';
import { AlertName } from './alert-props';
import { seconds } from './promql';

/** By what kube-state-metrics says of the CronJob and its Jobs, for no pod of a backup stays to be asked. */
export function backupAlerts({ cluster: { name, backup }, namespace, at }: Known): Alert[] {
  if (backup === undefined || backup.suspend) return [];
  const cronJob = naming.backup(name);
  const ofCronJob = (metric: string): string => `${metric}{namespace="${namespace}",cronjob="${cronJob}"}`;
  const ofJobs = (metric: string, further = ''): string =>
    `${metric}{namespace="${namespace}",job_name=~"${cronJob}-[0-9]+"${further}}`;
  const success = `max(${ofCronJob('kube_cronjob_status_last_successful_time')})`;
  const failed = `${ofJobs('kube_job_status_start_time')} and on (job_name) ${ofJobs('kube_job_failed', ',condition="true"')} == 1`;
  return [
    {
      name: AlertName.BACKUP_FAILED,
      severity: 'warning',
      expr: `max(${failed}) > (${success} or on () vector(0))`,
      lasts: 0,
      summary: 'The newest backup failed.',
      description: 'It was tried three times, and nothing of it was kept. Those before it are as they were.',
    },
    {
      name: AlertName.BACKUP_OLD,
      severity: 'warning',
      expr: `time() - (${success} or on () max(${ofCronJob('kube_cronjob_created')})) > ${at.backupAge.toSeconds()}`,
      lasts: 60,
      summary: 'The newest backup is {{ $value | humanizeDuration }} old.',
      description: `None that was loaded is younger than ${seconds(at.backupAge.toSeconds())}. What was written since then is in the cluster only.`,
    },
  ];
}
