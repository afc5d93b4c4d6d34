import { literal } from '../core/env';
import { k8s } from '../core/kplus';
import { isScripted } from '../image/resolve';
import { ResolvedMember } from '../member/resolve';
import { PodAddition } from '../pod/plan';
import { PasswordSource } from './props';
import { ResolvedAuth } from './resolve';

/** A password as a variable: from its Secret, or in clear where that risk is accepted. */
export function passwordVariable(name: string, source: PasswordSource | undefined): k8s.EnvVar[] {
  if (source === undefined) return [];
  if (source.secretName === undefined || source.key === undefined) return [literal(name, source.value ?? '')];
  return [{ name, valueFrom: { secretKeyRef: { name: source.secretName, key: source.key } } }];
}

/** Those of whoever asks a node and a sentinel. */
export function currentPasswords({ auth: { passwords } }: ResolvedAuth): k8s.EnvVar[] {
  return [
    ...passwordVariable('REDIS_PASSWORD', passwords.redis),
    ...passwordVariable('SENTINEL_PASSWORD', passwords.sentinel),
  ];
}

/** Each container gets what it asks others with, and a server also what others may ask it with. */
export function authPod(cluster: ResolvedAuth, member: ResolvedMember): PodAddition {
  if (!isScripted(member)) return {};
  const { redis, previousRedis, sentinel, previousSentinel } = cluster.auth.passwords;
  if (member.component === 'sentinel') {
    return {
      containers: [
        {
          name: 'sentinel',
          env: [...currentPasswords(cluster), ...passwordVariable('PREVIOUS_SENTINEL_PASSWORD', previousSentinel)],
        },
        { name: 'keeper', env: passwordVariable('SENTINEL_PASSWORD', sentinel) },
      ],
    };
  }
  return {
    containers: [
      {
        name: 'redis',
        env: [
          ...passwordVariable('REDIS_PASSWORD', redis),
          ...passwordVariable('PREVIOUS_REDIS_PASSWORD', previousRedis),
          ...passwordVariable('SENTINEL_PASSWORD', sentinel),
        ],
      },
      { name: 'keeper', env: currentPasswords(cluster) },
    ],
  };
}
