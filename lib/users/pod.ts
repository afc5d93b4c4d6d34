import { USERS_PATH, USER_PASSWORDS_PATH } from '../config-maps/paths';
import { k8s } from '../core/kplus';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { isScripted } from '../image/resolve';
import { serverName } from '../member/pod';
import { ResolvedMember } from '../member/resolve';
import { PodAddition } from '../pod/plan';
import { secretMode } from '../security/pod';
import { ResolvedSecurity } from '../security/resolve';
import { ResolvedUsers } from './resolve';

/** The list of the users. The check, which may be run in a server's container, compares it with what servers have. */
export function userListVolumes({ name, users }: ResolvedIdentity & ResolvedUsers): k8s.Volume[] {
  return users.length === 0 ? [] : [{ name: 'users', configMap: { name: naming.users(name) } }];
}

export function userListMounts({ users }: ResolvedUsers): k8s.VolumeMount[] {
  return users.length === 0 ? [] : [{ name: 'users', mountPath: USERS_PATH, readOnly: true }];
}

/** Secrets as they are, so that a key which is added later is there. One that is missing keeps no pod from its start. */
export function usersPod(
  cluster: ResolvedIdentity & ResolvedSecurity & ResolvedUsers,
  member: ResolvedMember,
): PodAddition {
  if (cluster.users.length === 0 || !isScripted(member)) return {};
  const secrets = new Set(cluster.users.flatMap(({ passwords }) => passwords.map(({ secretName }) => secretName)));
  const passwords = [...secrets].map((secretName, index) => ({ secretName, name: `user-passwords-${index + 1}` }));
  const list = userListMounts(cluster);
  return {
    containers: [
      { name: serverName(member), volumeMounts: list },
      {
        name: 'keeper',
        volumeMounts: [
          ...list,
          ...passwords.map(({ name, secretName }) => ({
            name,
            mountPath: `${USER_PASSWORDS_PATH}/${secretName}`,
            readOnly: true,
          })),
        ],
      },
    ],
    volumes: [
      ...userListVolumes(cluster),
      ...passwords.map(({ name, secretName }) => ({
        name,
        secret: { secretName, defaultMode: secretMode(cluster), optional: true },
      })),
    ],
  };
}
