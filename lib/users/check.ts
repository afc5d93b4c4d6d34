import { Check, flag, inTurn, list, made, matching, notEmpty, oneOf, struct } from '../core/checks';
import { objectName, secretKey } from '../core/values';
import { CustomUserOptions, Servers, UserCommands, UserKeys, UserPasswordOptions } from './props';

const PATTERN = matching(/^[^\s"'\\]+$/, "must be a pattern without spaces, quotes and '\\'", "write 'shop:*'");
const COMMAND = matching(
  /^(@[a-z]+|[a-z][a-z0-9._-]*(\|[a-z][a-z0-9_-]*)?)$/i,
  'must be a command, a subcommand or a category',
  "write 'get', 'client|list' or '@read'",
);
const patterns = list(PATTERN);
const commands = list(COMMAND);
const rights = struct<UserCommands>({ allow: commands, deny: commands });

const password = made(
  { key: struct<UserPasswordOptions & { key: string }>({ key: secretKey, secretName: objectName }) },
  'a UserPassword',
  "write UserPassword.key('…')",
);

/** One, or two while a client changes over. */
const passwords: Check = inTurn(
  notEmpty(list(password), 'must have one: a user without a password lets in everybody', "write UserPassword.key('…')"),
  (value, property, problems) => {
    if (!Array.isArray(value) || value.length <= 2) return;
    problems.push({
      rule: 'range',
      property,
      value: `${value.length} passwords`,
      must: 'must be one, or two while a client changes over',
      remedy: 'write two at most',
    });
  },
);

const user = struct<CustomUserOptions & { name: string }>({
  name: matching(
    /^[a-zA-Z0-9][-._a-zA-Z0-9]{0,62}$/,
    'must be the name of a user, 63 characters at most',
    "write letters, digits, '.', '_', '-'",
  ),
  passwords,
  enabled: flag,
  on: oneOf(Servers),
  commands: rights,
  sentinelCommands: rights,
  keys: struct<UserKeys>({ readWrite: patterns, readOnly: patterns, writeOnly: patterns }),
  channels: patterns,
});

export const USERS_CHECKS = { users: list(made({ user }, 'an AclUser', "write AclUser.application('…')")) };
