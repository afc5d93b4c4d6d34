import { PASSWORDS_PATH } from '../config-maps/paths';
import { k8s } from '../core/kplus';
import { isScripted } from '../image/resolve';
import { serverName } from '../member/pod';
import { ResolvedMember } from '../member/resolve';
import { PodAddition } from '../pod/plan';
import { secretMode } from '../security/pod';
import { ResolvedSecurity } from '../security/resolve';
import { PasswordSource } from './props';
import { Passwords, ResolvedAuth } from './resolve';

/** A password as a variable, for images that configure themselves. */
export function passwordVariable(name: string, source: PasswordSource | undefined): k8s.EnvVar[] {
  if (source === undefined) return [];
  return [{ name, valueFrom: { secretKeyRef: { name: source.secretName, key: source.key } } }];
}

/** What the scripts call them. */
const FILES: Readonly<Record<keyof Passwords, string>> = {
  redis: 'redis',
  previousRedis: 'previous-redis',
  sentinel: 'sentinel',
  previousSentinel: 'previous-sentinel',
};

type Cluster = ResolvedAuth & ResolvedSecurity;

/** The passwords as files, which follow the Secret while all runs; a variable is what it was when its container started. */
export function passwordVolumes(cluster: Cluster): k8s.Volume[] {
  const { passwords } = cluster.auth;
  const { redis } = passwords;
  if (redis === undefined) return [];
  const items = (Object.keys(FILES) as (keyof Passwords)[]).flatMap((name) => {
    const source = passwords[name];
    return source === undefined ? [] : [{ key: source.key, path: FILES[name] }];
  });
  return [{ name: 'passwords', secret: { secretName: redis.secretName, defaultMode: secretMode(cluster), items } }];
}

export function passwordMounts({ auth: { passwords } }: ResolvedAuth): k8s.VolumeMount[] {
  return passwords.redis === undefined ? [] : [{ name: 'passwords', mountPath: PASSWORDS_PATH, readOnly: true }];
}

/** Those who ask, and are asked. */
export function authPod(cluster: Cluster, member: ResolvedMember): PodAddition {
  if (!isScripted(member)) return {};
  const volumeMounts = passwordMounts(cluster);
  return {
    containers: [serverName(member), 'keeper'].map((name) => ({ name, volumeMounts })),
    volumes: passwordVolumes(cluster),
  };
}
