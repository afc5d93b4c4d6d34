import { PASSWORDS_PATH } from '../config-maps/paths';
import { k8s } from '../core/kplus';
import { isScripted } from '../image/resolve';
import { ResolvedMember } from '../member/resolve';
import { PodAddition } from '../pod/plan';
import { Ids } from '../security/props';
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
export function passwordVolumes({ auth: { passwords }, security }: Cluster): k8s.Volume[] {
  const { redis } = passwords;
  if (redis === undefined) return [];
  const items = Object.entries(passwords).map(([name, { key }]) => ({ key, path: FILES[name as keyof Passwords] }));
  // Who has no group of the manifest's could not read what only root and that group may.
  const defaultMode = security.restricted && security.ids === Ids.FIXED ? 0o440 : 0o444;
  return [{ name: 'passwords', secret: { secretName: redis.secretName, defaultMode, items } }];
}

export function passwordMounts({ auth: { passwords } }: ResolvedAuth): k8s.VolumeMount[] {
  return passwords.redis === undefined ? [] : [{ name: 'passwords', mountPath: PASSWORDS_PATH, readOnly: true }];
}

/** Those who ask, and are asked. */
export function authPod(cluster: Cluster, member: ResolvedMember): PodAddition {
  if (!isScripted(member)) return {};
  const volumeMounts = passwordMounts(cluster);
  const server = member.component === 'node' ? 'redis' : 'sentinel';
  return {
    containers: [server, 'keeper'].map((name) => ({ name, volumeMounts })),
    volumes: passwordVolumes(cluster),
  };
}
