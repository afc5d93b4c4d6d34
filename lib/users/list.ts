import { ResolvedUser, ResolvedUsers } from './resolve';
import { Servers, UserCommands } from './props';

/** The last one that says anything of a command holds: categories come first, and what is denied after what is allowed. */
export function rulesOf({ allow = [], deny = [] }: UserCommands): string[] {
  const isCategory = (one: string): boolean => one.startsWith('@');
  const signed = (list: string[], sign: string, categories: boolean): string[] =>
    list.filter((one) => isCategory(one) === categories).map((one) => sign + one.toLowerCase());
  return [
    '-@all',
    ...[true, false].flatMap((categories) => [...signed(allow, '+', categories), ...signed(deny, '-', categories)]),
  ];
}

/** What the keepers read: of each user a line for each kind of server, `NAME redis|sentinel on|off SECRET/KEY,… RULES`. */
export function userList({ users }: ResolvedUsers): string {
  return users
    .map((user) =>
      linesOf(user)
        .map((line) => `${line}\n`)
        .join(''),
    )
    .join('');
}

function linesOf({ name, enabled, on, passwords, patterns, commands, sentinelCommands }: ResolvedUser): string[] {
  const files = passwords.map(({ secretName, key }) => `${secretName}/${key}`).join(',');
  const line = (server: string, rules: readonly string[]): string =>
    [name, server, enabled ? 'on' : 'off', files, ...rules].join(' ');
  return [
    ...(on === Servers.SENTINELS ? [] : [line('redis', [...patterns, ...rulesOf(commands)])]),
    ...(on === Servers.NODES ? [] : [line('sentinel', ['&*', ...rulesOf(sentinelCommands)])]),
  ];
}
