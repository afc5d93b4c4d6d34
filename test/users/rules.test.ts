import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { AclUser, Auth, DefaultUser, Risk, Servers, UserPassword } from '../../lib';
import { pathOf, scripts } from '../support/shell';
import { messageOf, problemsOf, refusedWith, synth } from '../support/synth';

const [shop, report] = [AclUser.application('shop'), AclUser.readOnly('report')];

/** As whom members show something to one another, in all scripts. A mark has a colon, which no name of a user may have. */
const shown = [
  ...new Set(
    scripts
      .map((file) => readFileSync(pathOf(file), 'utf8').replaceAll(/(^|\s)#.*$/gm, ''))
      .flatMap((text) => [...text.matchAll(/\bshow ("\$)?([\w-]+)/g)])
      .map(([, variable, word = '']) => (variable === undefined ? word : valueOf(word))),
  ),
]
  .filter((name) => !name.endsWith(':'))
  .sort();

function valueOf(name: string): string {
  const [, value] = new RegExp(`^${name}=(.+)$`, 'm').exec(readFileSync(pathOf('common.sh'), 'utf8')) ?? [];
  if (value === undefined) throw new Error(`no ${name} in common.sh`);
  return value;
}

test('What members show is found in the scripts.', () => {
  expect(shown).toEqual(['certificate-refused', 'going', 'renewing', 'stopping']);
});

describe('Users are refused', () => {
  test.each(['default', ...shown])('where %s is one that this library has for itself.', (name) => {
    expect(messageOf({ users: [AclUser.application(name)] })).toBe(
      refusedWith(
        `users[0].name = '${name}': is a user that this library has for itself; write another name [reserved-user]`,
      ),
    );
  });

  test.each(['', 'a b', 'member@caches/cache', 'mark:1:m', '-x', 'a'.repeat(64)])('where a name is %j.', (name) => {
    expect(problemsOf({ users: [AclUser.application(name)] })).toEqual([
      expect.objectContaining({ rule: 'format', property: 'users[0].name' }),
    ]);
  });

  test('where a name is there twice.', () => {
    expect(messageOf({ users: [shop, report, AclUser.administrator('shop')] })).toBe(
      refusedWith(
        "users = 'shop': is there twice, and the second would replace the first; write it once [duplicate-user]",
      ),
    );
  });

  test('where there is no such category, whatever its case.', () => {
    const users = [AclUser.custom('a', { commands: { allow: ['@READ', '@reads'], deny: ['@danger'] } })];
    expect(problemsOf({ users }).map(({ property, value }) => `${property} ${value}`)).toEqual([
      "users[0].commands.allow '@reads'",
      "users[0].commands.deny '@danger'",
    ]);
  });

  test.each(['get set', '+get', 'get"', '@', ''])('where a command is %j.', (command) => {
    expect(problemsOf({ users: [AclUser.custom('a', { commands: { allow: [command] } })] })).toEqual([
      expect.objectContaining({ rule: 'format', property: 'users[0].commands.allow[0]' }),
    ]);
  });

  test.each(['a b', 'a\nb', '"a', "a'", 'a\\', ''])(
    'where a pattern is %j, which would be more than one word.',
    (pattern) => {
      expect(problemsOf({ users: [AclUser.application('a', { keys: [pattern], channels: [pattern] })] })).toEqual([
        expect.objectContaining({ property: 'users[0].keys.readWrite[0]' }),
        expect.objectContaining({ property: 'users[0].channels[0]' }),
      ]);
    },
  );

  test('where a user has no password, three, or one twice.', () => {
    const withKeys = (...keys: string[]) =>
      problemsOf({ users: [AclUser.application('a', { passwords: keys.map((key) => UserPassword.key(key)) })] });
    expect(withKeys().map(({ rule }) => rule)).toEqual(['empty']);
    expect(withKeys('a', 'b', 'c').map(({ rule }) => rule)).toEqual(['range']);
    expect(withKeys('a', 'a').map(({ rule }) => rule)).toEqual(['duplicate-password']);
    expect(withKeys('a', 'b')).toEqual([]);
  });

  test('where nobody asks for a password.', () => {
    expect(messageOf({ users: [shop], auth: Auth.none(), acceptRisks: [Risk.NO_AUTH] })).toBe(
      refusedWith(
        "users = '1 users': keep nobody out, for the default user lets in everybody; write auth: Auth.secret() [users-without-auth]",
      ),
    );
  });

  test('where the default user is off and nobody else may log in to the nodes.', () => {
    const auth = Auth.secret({ defaultUser: DefaultUser.OFF });
    const [problem] = problemsOf({ auth });
    expect(problem).toMatchObject({ rule: 'no-user', property: 'auth.defaultUser' });
    const idle = [AclUser.application('a', { enabled: false }), AclUser.exporter('b', { on: Servers.SENTINELS })];
    expect(problemsOf({ auth, users: idle })).toEqual([problem]);
    expect(synth({ auth, users: [shop] })).not.toEqual([]);
  });
});
