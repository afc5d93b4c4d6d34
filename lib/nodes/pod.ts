import { command } from '../config-maps/scripts';
import { LIVENESS, NODE_STARTUP_PERIOD, STARTUP_TIME } from '../defaults';
import { isScripted } from '../image/resolve';
import { ResolvedMember, timeFor } from '../member/resolve';
import { HUNG, PodCluster, answers, kept, scriptedPod } from '../member/pod';
import { PodAddition } from '../pod/plan';

export function nodePod(cluster: PodCluster, member: ResolvedMember): PodAddition {
  if (member.component !== 'node' || !isScripted(member)) return {};
  const probe = [...command('probe'), 'redis'];
  const period = NODE_STARTUP_PERIOD.toSeconds();
  const startup = STARTUP_TIME.toSeconds() + timeFor(member.storage.size).toSeconds();
  return scriptedPod(cluster, member, {
    server: {
      command: command('redis'),
      startupProbe: {
        ...answers(probe),
        ...HUNG,
        periodSeconds: period,
        failureThreshold: Math.ceil(startup / period),
      },
      livenessProbe: { ...answers([...probe, 'alive']), ...HUNG, ...LIVENESS },
      lifecycle: { preStop: { exec: { command: command('stop-redis') } } },
    },
    keeper: {
      command: command('keeper'),
      // In sync: a disruption budget then never takes the last node that has the data. The Service does not ask for it.
      ...kept(),
    },
  });
}
