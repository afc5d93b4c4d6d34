import { command } from '../config-maps/scripts';
import { LIVENESS, SENTINEL_STARTUP } from '../defaults';
import { isScripted } from '../image/resolve';
import { ResolvedMember } from '../member/resolve';
import { HUNG, PodCluster, answers, kept, scriptedPod } from '../member/pod';
import { PodAddition } from '../pod/plan';

export function sentinelPod(cluster: PodCluster, member: ResolvedMember): PodAddition {
  if (member.component !== 'sentinel' || !isScripted(member)) return {};
  const probe = [...command('probe'), 'sentinel'];
  return scriptedPod(cluster, member, {
    server: {
      command: command('sentinel'),
      startupProbe: { ...answers(probe), ...HUNG, ...SENTINEL_STARTUP },
      livenessProbe: { ...answers([...probe, 'alive']), ...HUNG, ...LIVENESS },
      lifecycle: { preStop: { exec: { command: command('stop-sentinel') } } },
    },
    keeper: {
      command: command('sentinel-keeper'),
      // The sentinel answers, and what it must not forget is on its volume.
      ...kept(),
    },
  });
}
