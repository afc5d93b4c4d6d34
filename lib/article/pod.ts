import { ResolvedAuth } from '../auth/resolve';
import { passwordVariable } from '../auth/pod';
import { k8s } from '../core/kplus';
import { resourceRequirements } from '../core/quantities';
import { ResolvedIdentity } from '../identity/resolve';
import { isScripted } from '../image/resolve';
import { ResolvedMember } from '../member/resolve';
import { serverName } from '../member/pod';
import { ResolvedNodes } from '../nodes/resolve';
import { PodAddition } from '../pod/plan';
import { ResolvedSentinels } from '../sentinels/resolve';
import { ResolvedSettings } from '../settings/resolve';

type Cluster = ResolvedIdentity & ResolvedNodes & ResolvedSentinels & ResolvedSettings & ResolvedAuth;

/** A pod of an image that configures itself from the article's variables: nothing of ours runs in it. */
export function articlePod(cluster: Cluster, member: ResolvedMember): PodAddition {
  if (isScripted(member)) return {};
  const name = serverName(member);
  return {
    containers: [
      {
        name,
        image: member.image,
        imagePullPolicy: member.pullPolicy,
        env: member.component === 'node' ? nodeVariables(cluster, member) : sentinelVariables(cluster),
        ports: [{ name, containerPort: member.port }],
        resources: resourceRequirements(member.resources),
      },
    ],
    resourcesAt: { [name]: `${member.property}.resources` },
  };
}

/** With the names and spellings of the article's images. */
function nodeVariables(cluster: Cluster, { role }: ResolvedMember): k8s.EnvVar[] {
  const { redis } = cluster.auth.passwords;
  const { maxmemory, maxclients } = cluster.settings;
  return [
    { name: 'REDIS_PORT', value: String(cluster.redisPort) },
    ...passwordVariable('REDIS_PASSWORD', redis),
    { name: 'REDIS_MAXMEMORY', value: String(maxmemory.toKibibytes() * 1024) },
    ...passwordVariable('MASTER_AUTH', redis),
    ...(maxclients === undefined ? [] : [{ name: 'MAXCLIENTS', value: String(maxclients) }]),
    ...(role === 'replica' ? [{ name: 'REDIS_SLAVE_OF', value: `${masterOf(cluster)} ${cluster.redisPort}` }] : []),
  ];
}

function sentinelVariables(cluster: Cluster): k8s.EnvVar[] {
  return [
    { name: 'REDIS_SENTINEL_PORT', value: String(cluster.sentinelPort) },
    { name: 'MASTER_NAME', value: cluster.masterName },
    { name: 'MASTER_HOST', value: masterOf(cluster) },
    { name: 'MASTER_PORT', value: String(cluster.redisPort) },
    { name: 'QUONUM', value: String(cluster.quorum) },
    { name: 'DOWN_AFTER_MILLSECONDS', value: String(cluster.downAfter.toMilliseconds()) },
    { name: 'NUMSLAVES', value: String(cluster.nodes.length - 1) },
    { name: 'FAILOVER_TIMEOUT', value: String(cluster.failoverTimeout.toMilliseconds()) },
    ...passwordVariable('AUTH_PASS', cluster.auth.passwords.redis),
  ];
}

function masterOf({ nodes }: ResolvedNodes): string {
  return nodes[0]?.announced ?? '';
}
