import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, shells } from '../support/shell';

const hash = (password: string): string => `#${createHash('sha256').update(password).digest('hex')}`;

/** A keeper of a server that takes all it is told, with a clock that goes by what is waited for: a day is over in no time. */
const KEEPER = `
elapsed=5000 listening=7 USERS='default member'
clock() { now=$elapsed; }
date() { echo $((elapsed / 1000)); }
tell() { while read -r one; do echo "told: $one" >&2; [ -n "$deaf" ] || echo OK; done; }
adopted() { [ -z "$refuses" ] && echo "uses $1 $2" >&2; }
say() { echo "says: $*" >&2; }
wait_for() { echo "waits: $*" >&2; }
deaf='' refuses=''
writes() { printf %s "$2" >"$PASSWORDS_DIR/$1"; }
looks() { # SECONDS
  until=$((elapsed + $1 * 1000))
  while [ "$elapsed" -lt "$until" ]; do elapsed=$((elapsed + 10000)) && follow_passwords redis; done
}
writes redis old; writes sentinel old; read_passwords; remember_passwords redis
`;

describe.each(shells)('In %s, the keeper of a node', (...shell) => {
  function told(commands: string): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'rotation-'));
    try {
      const names = ['DATA_DIR', 'RUN_DIR', 'PASSWORDS_DIR'];
      names.forEach((name) => {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, '.keep'), '');
      });
      const { stdout, stderr } = run(
        shell,
        ['common.sh', 'passwords.sh', 'rotation.sh'],
        `set -eu\n${KEEPER}${commands}`,
        {
          ...{ POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm', SENTINELS: 's', SELF: 'm' },
          ...Object.fromEntries(names.map((name) => [name, join(folder, name)])),
          PASSWORD_OVERLAP_SECONDS: '600',
        },
      );
      expect(readFileSync(join(folder, 'DATA_DIR', 'passwords'), 'utf8')).not.toMatch(/old|new/); // hashes only
      return `${stdout}${stderr}`.replaceAll(folder, '').split('\n').slice(0, -1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const sets = (...passwords: string[]): string[] =>
    ['default', 'member'].map((name) => `told: ACL SETUSER ${name} resetpass ${passwords.map(hash).join(' ')}`);
  const KILLS = ['default', 'member'].flatMap((name) => [
    `told: CLIENT KILL USER ${name} TYPE normal`,
    `told: CLIENT KILL USER ${name} TYPE pubsub`,
  ]);
  const NEW_IS_GOOD = 'says: a new password is good, and the one before it for 600 s more';
  const ENDS = 'says: a password is good no longer, and who had logged in has to do it again';

  test('tells its server once what is good.', () => {
    expect(told('looks 100')).toEqual(sets('old'));
  });

  test('lets in with a new password at once, uses it when all know it, and ends the old one when its time is over.', () => {
    const lines = told('looks 20; writes redis new; looks 700');
    expect(lines.slice(2)).toEqual([
      ...sets('new', 'old'),
      NEW_IS_GOOD,
      'uses redis new',
      'says: a new password is used: redis',
      ...sets('new'),
      ...KILLS,
      ENDS,
    ]);
  });

  test('uses a new password of the others too, whose servers take it.', () => {
    expect(
      told('looks 20; writes sentinel new; looks 100; echo "$SENTINEL_PASSWORD"; looks 200; echo "$SENTINEL_PASSWORD"'),
    ).toEqual(expect.arrayContaining(['old', 'new', 'uses sentinel new']));
  });

  test('does not use it before three minutes are over, and tries again where its server refuses.', () => {
    expect(told('looks 20; writes redis new; looks 170').join()).not.toMatch('uses');
    const lines = told('looks 20; writes redis new; refuses=yes; looks 300; refuses=""; looks 20');
    expect(lines.filter((line) => line.startsWith('uses'))).toEqual(['uses redis new']);
  });

  test('tells its server again where that did not answer.', () => {
    const lines = told('looks 20; deaf=yes; writes redis new; looks 20; deaf=""; looks 20');
    expect(lines.filter((line) => line.startsWith('told')).slice(2)).toEqual([
      ...sets('new', 'old'),
      ...sets('new', 'old'),
      ...sets('new', 'old'),
    ]);
  });

  test.each([
    ['empty', "''", 'is empty'],
    ['of two lines', '"$(printf "a\\nb")"', 'contains a line break'],
  ])('leaves the password as it is where the new one is %s, and says so.', (_, text, problem) => {
    const lines = told(`looks 20; writes redis ${text}; looks 400`);
    expect(lines.filter((line) => !line.startsWith('waits'))).toEqual(sets('old'));
    expect(lines.at(-1)).toMatch(new RegExp(`waits: /PASSWORDS_DIR/redis ${problem}.*The one before it stays`));
  });

  test('takes the previous password of the manifest too, and ends it when it is gone.', () => {
    expect(told('writes previous-redis other; looks 20; rm "$PASSWORDS_DIR/previous-redis"; looks 20')).toEqual([
      ...sets('old', 'other'),
      ...sets('old'),
      ...KILLS,
      ENDS,
    ]);
  });

  test('tells nobody anything while its server does not run, and writes nothing to a volume that is refused.', () => {
    expect(told('listening=""; writes redis new; looks 100; cut -d" " -f1 "$DATA_DIR/passwords"')).toEqual([
      hash('old').slice(1),
    ]);
  });
});
