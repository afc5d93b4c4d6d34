import { Construct } from 'constructs';
import { Configuration } from '../workload/config-maps';
import { STARTUP_SECONDS } from '../defaults';
import { passwordVariable, stopVariable } from '../workload/environment';
import { HUNG, Member, Parts, answers, kept, officialPod } from '../workload/parts';
import { EnvContract } from '../image/props';
import { ResolvedCluster, ResolvedWorkload, perGibibyte } from '../resolve';
import { command } from '../workload/scripts';
import { selfConfiguredPod } from '../article/parts';

/** One Redis server. Its role at the first start is in its name; its running role is what the sentinels say. */
export class RedisNode extends Member {
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
  const { redis, previousRedis, sentinel } = cluster.passwords;
  const probe = [...command('probe'), 'redis'];
  const startupPeriod = 5;
  return {
    settings: configuration.nodes,
    server: {
      command: command('redis'),
      env: [
        ...passwordVariable('REDIS_PASSWORD', redis),
        ...passwordVariable('PREVIOUS_REDIS_PASSWORD', previousRedis),
        ...passwordVariable('SENTINEL_PASSWORD', sentinel),
        stopVariable(workload),
      ],
      startupProbe: {
        ...answers(probe),
        ...HUNG,
        periodSeconds: startupPeriod,
        failureThreshold: Math.ceil((STARTUP_SECONDS + perGibibyte(workload.storage.size)) / startupPeriod),
      },
      livenessProbe: { ...answers([...probe, 'alive']), ...HUNG, periodSeconds: 10, failureThreshold: 3 },
      lifecycle: { preStop: { exec: { command: command('stop-redis') } } },
    },
    keeper: {
      command: command('keeper'),
      env: [...passwordVariable('REDIS_PASSWORD', redis), ...passwordVariable('SENTINEL_PASSWORD', sentinel)],
      // In sync: a disruption budget then never takes the last node that has the data. The Service does not ask for it.
      readinessProbe: kept(),
    },
  };
}
