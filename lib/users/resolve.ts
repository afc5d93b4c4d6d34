import { PasswordSource } from '../auth/props';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { AclUser, CustomUserOptions, Servers, UserCommands } from './props';

export interface ResolvedUser {
  readonly name: string;
  readonly enabled: boolean;
  readonly on: Servers;
  readonly passwords: readonly PasswordSource[];
  readonly commands: Required<UserCommands>;
  readonly sentinelCommands: Required<UserCommands>;
  /** Keys and channels, as a node takes them. */
  readonly patterns: readonly string[];
}

export interface ResolvedUsers {
  readonly users: readonly ResolvedUser[];
}

/** What clients ask sentinels, and what these publish. */
const ASKED_OF_SENTINELS: Required<UserCommands> = {
  allow: [
    ...['ping', 'info', 'role', 'hello', 'client|setname', 'client|setinfo', 'client|id', 'command'],
    ...['subscribe', 'psubscribe', 'unsubscribe', 'punsubscribe'],
    ...['get-master-addr-by-name', 'master', 'masters', 'replicas', 'slaves', 'sentinels'].map(
      (one) => `sentinel|${one}`,
    ),
  ],
  deny: [],
};

export function resolveUsers(props: { readonly users?: AclUser[] }, cluster: ResolvedIdentity): ResolvedUsers {
  return { users: (props.users ?? []).map(({ _options }) => resolveUser(_options, cluster)) };
}

function resolveUser(options: CustomUserOptions & { readonly name: string }, cluster: ResolvedIdentity): ResolvedUser {
  const { name, enabled = true, on = Servers.BOTH, passwords, keys = {}, channels = [] } = options;
  const given = passwords?.map(({ _options }) => _options) ?? [{ key: name, secretName: undefined }];
  return {
    name,
    enabled,
    on,
    passwords: given.map(({ key, secretName }) => ({
      key,
      secretName: secretName ?? naming.usersSecret(cluster.name),
    })),
    commands: { allow: [], deny: [], ...options.commands },
    sentinelCommands: { ...ASKED_OF_SENTINELS, ...options.sentinelCommands },
    patterns: [
      ...(keys.readWrite ?? []).map((pattern) => `~${pattern}`),
      ...(keys.readOnly ?? []).map((pattern) => `%R~${pattern}`),
      ...(keys.writeOnly ?? []).map((pattern) => `%W~${pattern}`),
      ...channels.map((pattern) => `&${pattern}`),
    ],
  };
}
