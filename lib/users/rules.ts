import { DefaultUser } from '../auth/props';
import { ResolvedAuth } from '../auth/resolve';
import { shown } from '../core/problems';
import { Finding, Rule, repeated } from '../core/rule';
import { Servers } from './props';
import { ResolvedUsers } from './resolve';

/** What these rules look at. */
export type Judged = ResolvedUsers & ResolvedAuth;

/** `default` is said in `auth`; as the others members show that they stop, or what became of a new certificate. */
const RESERVED = new Set(['default', 'stopping', 'going', 'renewing', 'certificate-refused']);

/** Those of Redis and Valkey, and those of Redis' modules. */
const CATEGORIES = new Set(
  (
    'all keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub admin fast slow blocking ' +
    'dangerous connection transaction scripting bloom cuckoo cms topk tdigest search timeseries json vectorset array'
  ).split(' '),
);

const namesAreFree: Rule<Judged> = ({ users }) => [
  ...users.flatMap(({ name }, index) =>
    RESERVED.has(name)
      ? [
          refusal(
            'reserved-user',
            `users[${index}].name`,
            name,
            'is a user that this library has for itself',
            'write another name',
          ),
        ]
      : [],
  ),
  ...repeated(users, ({ name }) => name).map(({ name }) =>
    refusal('duplicate-user', 'users', name, 'is there twice, and the second would replace the first', 'write it once'),
  ),
];

const categoriesAreKnown: Rule<Judged> = ({ users }) =>
  users.flatMap(({ commands }, index) =>
    (['allow', 'deny'] as const).flatMap((list) =>
      commands[list]
        .filter((one) => one.startsWith('@') && !CATEGORIES.has(one.slice(1).toLowerCase()))
        .map((one) =>
          refusal(
            'unknown-category',
            `users[${index}].commands.${list}`,
            one,
            'is no category of commands',
            `write one of: ${[...CATEGORIES].map((category) => `@${category}`).join(', ')}`,
          ),
        ),
    ),
  );

/** Two keys of one content are a rotation that is none. */
const passwordsDiffer: Rule<Judged> = ({ users }) =>
  users.flatMap(({ passwords }, index) =>
    repeated(passwords, ({ secretName, key }) => `${secretName}/${key}`).map(({ key }) =>
      refusal(
        'duplicate-password',
        `users[${index}].passwords`,
        key,
        'is there twice',
        'write it once, or another key',
      ),
    ),
  );

const usersAreAsked: Rule<Judged> = ({ users, auth }) =>
  users.length > 0 && auth.kind === 'none'
    ? [
        refusal(
          'users-without-auth',
          'users',
          `${users.length} users`,
          'keep nobody out, for the default user lets in everybody',
          'write auth: Auth.secret()',
        ),
      ]
    : [];

const somebodyIsLetIn: Rule<Judged> = ({ users, auth }) =>
  auth.defaultUser === DefaultUser.OFF && !users.some(({ enabled, on }) => enabled && on !== Servers.SENTINELS)
    ? [
        refusal(
          'no-user',
          'auth.defaultUser',
          auth.defaultUser,
          'leaves nobody who may log in to the nodes',
          "write users: [AclUser.application('…')]",
        ),
      ]
    : [];

function refusal(rule: string, property: string, value: string, must: string, remedy: string): Finding {
  return { rule, property, value: shown(value), must, remedy };
}

export const USERS_RULES = [namesAreFree, categoriesAreKnown, passwordsDiffer, usersAreAsked, somebodyIsLetIn];
