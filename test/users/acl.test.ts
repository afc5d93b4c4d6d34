import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, shells } from '../support/shell';

const VARIABLES = { POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm r1', SENTINELS: 's1', SELF: 'm' };
const hash = (password: string): string => createHash('sha256').update(password).digest('hex');
const SECRET = {
  'user-passwords/users/a': 'one',
  'user-passwords/users/b': 'two',
  'user-passwords/users/bad': 'three\n',
};

/** What a server is told that knows some, and is to know others. */
const COMMANDS: [what: string, known: string[], wanted: string[], commands: string[]][] = [
  ['that knows nobody', [], ['a on x ~* +@all'], ['ACL SETUSER a reset on #x ~* +@all']],
  ['that knows them all', ['a on x'], ['a on x ~* +@all'], ['ACL SETUSER a reset on #x ~* +@all']],
  ['that is told a second password', ['a on x'], ['a on x,y +get'], ['ACL SETUSER a reset on #x #y +get']],
  ['that had a password which is gone', ['a on x,y'], ['a on y +get'], ['ACL SETUSER a reset on #y +get', 'CLIENT KILL USER a']],
  ['that had another password', ['a on x'], ['a on y +get'], ['ACL SETUSER a reset on #y +get', 'CLIENT KILL USER a']],
  ['of a user who may not log in any more', ['a on x'], ['a off x +get'], ['ACL SETUSER a reset off #x +get', 'CLIENT KILL USER a']],
  ['of a user who may log in again', ['a off x'], ['a on x +get'], ['ACL SETUSER a reset on #x +get']],
  ['of a user without a password', ['a on x'], ['a off - +get'], ['ACL SETUSER a reset off +get', 'CLIENT KILL USER a']],
  ['of a user who gets a password', ['a off -'], ['a on x +get'], ['ACL SETUSER a reset on #x +get']],
  ['of a user who is not wanted any more', ['a on x', 'ab on y'], ['ab on y +get'], ['ACL SETUSER ab reset on #y +get', 'ACL DELUSER a']],
  ['of nobody any more', ['a on x'], [], ['ACL DELUSER a']],
]; // prettier-ignore

describe.each(shells)('In %s,', (...shell) => {
  function told(commands: string, files: Record<string, string> = {}): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'users-'));
    try {
      for (const [name, text] of Object.entries({ 'run/.keep': '', 'users/users': '', ...SECRET, ...files })) {
        mkdirSync(join(folder, dirname(name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      const { stdout, stderr } = run(shell, ['common.sh', 'passwords.sh', 'acl.sh'], `set -eu\n${commands}`, {
        ...VARIABLES,
        ...{ RUN_DIR: join(folder, 'run'), USERS_DIR: join(folder, 'users') },
        USER_PASSWORDS_DIR: join(folder, 'user-passwords'),
      });
      return `${stdout}${stderr}`.replaceAll(folder, '').split('\n').slice(0, -1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.each(COMMANDS)('a server %s is told what makes it so.', (_, known, wanted, commands) => {
    const lines = (list: string[]): string => list.map((line) => `${line}\n`).join('');
    expect(told(`printf '%s' '${lines(wanted)}' | user_commands '${known.join('\n')}'`)).toEqual(commands);
  });

  test('of the list only those are wanted that are on this kind of server, with the hashes of their passwords.', () => {
    const users = 'a redis on users/a,users/b ~a:* +@all\na sentinel on users/a &* -@all\nb redis off users/b -@all\n';
    expect(told('wanted_users redis <"$USERS_DIR/users"', { 'users/users': users })).toEqual([
      `a on ${hash('one')},${hash('two')} ~a:* +@all`,
      `b off ${hash('two')} -@all`,
    ]);
    expect(told('wanted_users sentinel <"$USERS_DIR/users"', { 'users/users': users })).toEqual([
      `a on ${hash('one')} &* -@all`,
    ]);
  });

  test('a user whose passwords are all missing or spoilt may not log in, and the log says why.', () => {
    const users = 'a redis on users/none,users/bad +@all\nb redis on users/none,users/b +@all\n';
    expect(told('wanted_users redis <"$USERS_DIR/users"', { 'users/users': users })).toEqual([
      'a off - +@all',
      `b on ${hash('two')} +@all`,
      'test.sh: the user a has no password in users/none: is the key in the Secret?',
      "test.sh: the user a does not get a password: /user-passwords/users/bad contains a line break; write the Secret's key without one (printf, or echo -n, instead of echo)",
      'test.sh: the user b has no password in users/none: is the key in the Secret?',
    ]);
  });

  describe('the own server', () => {
    const USERS = { 'users/users': 'a redis on users/a +get\n' };
    const SERVER = `
      tell() { while read -r one; do case $one in PING) echo "\${pong-PONG}" ;; *) echo OK; echo "told: $one" >&2 ;; esac; done; }
    `;
    const setsA = `told: ACL SETUSER a reset on #${hash('one')} +get`;
    const looks = (count: number): string => Array(count).fill('follow_users redis 7').join('; ');

    test('is told once, and again when the list or a Secret changes.', () => {
      const changes = `${looks(20)}; printf two >"$USER_PASSWORDS_DIR/users/a"; ${looks(5)}`;
      expect(told(`${SERVER}${changes}`, USERS).filter((line) => line.startsWith('told'))).toEqual([
        setsA,
        `told: ACL SETUSER a reset on #${hash('two')} +get`,
        'told: CLIENT KILL USER a',
      ]);
    });

    test('is told again when it has started anew.', () => {
      expect(
        told(`${SERVER}${looks(1)}; follow_users redis 8`, USERS).filter((line) => line.startsWith('told')),
      ).toEqual([setsA, setsA]);
    });

    test('is told again where it did not answer.', () => {
      const answers = told(`${SERVER}pong=''; follow_users redis 7 || :; follow_users redis 7 || :`, USERS);
      expect(answers.filter((line) => line.startsWith('told'))).toEqual([setsA, setsA]);
    });

    test('that has started has clients come again which came before its users.', () => {
      const answers = told(`${SERVER}${looks(10)}`, { ...USERS, 'run/without-users': '' });
      expect(answers.filter((line) => line.startsWith('told'))).toEqual([setsA, 'told: CLIENT KILL USER default']);
    });

    test('that refuses a user has the log say which, and why.', () => {
      const refuses = `tell() { while read -r one; do case $one in PING) echo PONG ;; *' b '*) echo 'ERR no' ;; *) echo OK ;; esac; done; }\n`;
      const users = { 'users/users': 'a redis on users/a +get\nb redis on users/b +nonsense\n' };
      expect(told(`${refuses}${looks(6)}`, users)).toEqual([
        'test.sh: the user b is not as the manifest wants it: ERR no',
        'test.sh: users are told: a b ',
      ]);
    });

    test('is told nothing where there are no users.', () => {
      expect(told(`${SERVER}unset USERS_DIR; ${looks(6)}`)).toEqual([]);
    });
  });
});
