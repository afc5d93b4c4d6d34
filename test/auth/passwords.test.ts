import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, shells } from '../support/shell';

const VARIABLES = { POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm r1', SENTINELS: 's1', SELF: 'm' };
const hash = (password: string): string => createHash('sha256').update(password).digest('hex');
const [OLD, NEW] = [hash('old'), hash('new')];

interface Files {
  readonly data?: Record<string, string>;
  readonly memory?: Record<string, string>;
  readonly passwords?: Record<string, string>;
}

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  /** What commands print, with these files in the places of a container; and what is on its volume then. */
  function told(commands: string, { data = {}, memory = {}, passwords = {} }: Files = {}, scripts: string[] = []) {
    const folder = mkdtempSync(join(tmpdir(), 'passwords-'));
    try {
      const folders = { DATA_DIR: data, RUN_DIR: memory, PASSWORDS_DIR: passwords };
      const variables = Object.entries(folders).map(([name, files]): [string, string] => {
        mkdirSync(join(folder, name));
        for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
        return [name, join(folder, name)];
      });
      const answer = run(shell, ['common.sh', 'passwords.sh', ...scripts], `set -eu\n${commands}`, {
        ...VARIABLES,
        ...Object.fromEntries(variables),
        PASSWORD_OVERLAP_SECONDS: '60',
      });
      const remembered = join(folder, 'DATA_DIR', 'passwords');
      return {
        ...answer,
        lines: answer.stdout.replaceAll(folder, '').split('\n').slice(0, -1),
        remembered: existsSync(remembered) ? readFileSync(remembered, 'utf8') : undefined,
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.each<[what: string, before: string, after: string]>([
    ['none was known', '', `${NEW} 0\n`],
    ['it is the same', `${NEW} 0\n`, `${NEW} 0\n`],
    ['it is another', `${OLD} 0\n`, `${NEW} 0\n${OLD} 1060\n`],
    ['one before it is good still', `${NEW} 0\n${OLD} 1001\n`, `${NEW} 0\n${OLD} 1001\n`],
    ['one before it is good no longer', `${NEW} 0\n${OLD} 1000\n`, `${NEW} 0\n`],
    ['it is the one before again', `a 0\n${NEW} 1030\n`, `${NEW} 0\na 1060\n`],
    ['there are several', `a 0\nb 1030\nc 999\n`, `${NEW} 0\na 1060\nb 1030\n`],
  ])('which passwords are good: %s.', (_, before, after) => {
    expect(told(`printf '%s' '${before}' | good_passwords 1000 ${NEW} 60`).stdout).toBe(after);
  });

  test.each([
    ['hunter2', ''],
    [' with "spaces" and \\ ', ''],
    ['', 'is empty'],
    ['hunter2\n', 'contains a line break'],
    ['hunter2\r', 'contains a line break'],
    ['two\nlines', 'contains a line break'],
  ])('of the password %j it says: %s', (password, problem) => {
    const { stdout } = told('password_problem "$PASSWORDS_DIR/redis"', { passwords: { redis: password } });
    expect(stdout).toMatch(problem === '' ? /^$/ : `/redis ${problem}`);
  });

  test.each(['hunter2', ' with "spaces" and \\n ', '%s %d', '-n', "it's", 'äöü €'])(
    'the password %j is hashed as a server does it.',
    (password) => {
      expect(
        told('read_line "$PASSWORDS_DIR/redis"; hash_of "$password"', { passwords: { redis: password } }).lines,
      ).toEqual([hash(password)]);
    },
  );

  test('a user has the hashes of all that are good, and none where there is no password.', () => {
    expect(told(`good='a b'; user one on +@all; good=''; user two off +ping`, {}, ['users.sh']).lines).toEqual([
      'user one on #a #b  +@all',
      'user two off nopass +ping',
    ]);
  });

  describe('a pod asks others', () => {
    const asks = (files: Files): string[] =>
      told('read_passwords; printf "%s\\n" "$REDIS_PASSWORD" "$SENTINEL_PASSWORD"', files).lines;

    test('with what its Secret says.', () => {
      expect(asks({ passwords: { redis: 'a \\b', sentinel: ' c' } })).toEqual(['a \\b', ' c']);
      expect(asks({})).toEqual(['', '']);
    });

    test('with what its keeper says, as long as not all know the new one.', () => {
      const passwords = { redis: 'new', sentinel: 'new' };
      expect(asks({ passwords, memory: { 'uses-redis': 'old' } })).toEqual(['old', 'new']);
    });
  });
});
