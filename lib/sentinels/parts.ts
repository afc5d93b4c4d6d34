import { Construct } from 'constructs';
import { Configuration } from '../workload/config-maps';
import { passwordVariable, stopVariable } from '../workload/environment';
import { HUNG, Member, Parts, answers, kept, officialPod } from '../workload/parts';
import { EnvContract } from '../image/props';
import { ResolvedCluster, ResolvedWorkload } from '../resolve';
import { command } from '../workload/scripts';
import { selfConfiguredPod } from '../article/parts';

/** One sentinel: it watches the master, and with a majority of the others it names a new one. */
export class Sentinel extends Member {
  public constructor(
    scope: Construct,
    id: string,
    cluster: ResolvedCluster,
    workload: ResolvedWorkload,
    configuration: Configuration,
  ) {
    const pod =
      workload.envContract === EnvContract.SCRIPTS
        ? officialPod(cluster, workload, configuration, parts(cluster, workload, configuration))
        : selfConfiguredPod(cluster, workload);
    super(scope, id, cluster, workload, pod);
  }
}

function parts(cluster: ResolvedCluster, workload: ResolvedWorkload, configuration: Configuration): Parts {
  const { redis, sentinel, previousSentinel } = cluster.passwords;
  const probe = [...command('probe'), 'sentinel'];
  return {
    settings: configuration.sentinels,
    server: {
      command: command('sentinel'),
      env: [
        ...passwordVariable('REDIS_PASSWORD', redis),
        ...passwordVariable('SENTINEL_PASSWORD', sentinel),
        ...passwordVariable('PREVIOUS_SENTINEL_PASSWORD', previousSentinel),
        stopVariable(workload),
      ],
      startupProbe: { ...answers(probe), ...HUNG, periodSeconds: 2, failureThreshold: 30 },
      livenessProbe: { ...answers([...probe, 'alive']), ...HUNG, periodSeconds: 10, failureThreshold: 3 },
      readinessProbe: { ...answers(probe), periodSeconds: 5, failureThreshold: 3 },
      lifecycle: { preStop: { exec: { command: command('stop-sentinel') } } },
    },
    keeper: {
      command: command('sentinel-keeper'),
      env: passwordVariable('SENTINEL_PASSWORD', sentinel),
      // What the sentinel must not forget is on its volume.
      readinessProbe: kept(),
    },
  };
}
