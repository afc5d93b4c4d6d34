import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { linesOf } from '../support/stubs';
import { pathOf, run, shells } from '../support/shell';

const VARIABLES = {
  POD_NAMESPACE: 'prod',
  CLUSTER: 'cache',
  SELF: 'cache-proxy',
  NODES: 'cache-master',
  SENTINELS: 'cache-sentinel-1',
  DEFAULT_USER: 'on',
};

/** The functions alone: the rest runs for ever. */
const functions = readFileSync(pathOf('proxy-keeper.sh'), 'utf8')
  .replace(/^[^]*?\n(?=# PASSWORD:)/, '')
  .replace(/\nrefuse_bad[^]*/, '');

const words = (...all: string[]): string =>
  `*${all.length}\r\n${all.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

describe.each(shells)('In %s,', (...shell) => {
  test.each([['hunter2'], [`p"a\\s's #1$x`], ['${NODE_LOGIN} $(id) %[env(x)]'], ['-n'], ['grün'], ['%s\\n']])(
    'a proxy logs in with the very password: %s',
    (password) => {
      const { stdout } = run(shell, ['common.sh'], `${functions}\nlogin "$GIVEN"`, { ...VARIABLES, GIVEN: password });
      expect(Buffer.from(stdout, 'hex').toString('utf8')).toBe(words('AUTH', 'proxy@prod/cache', password));
    },
  );

  test('a proxy says who it is where nobody has a password.', () => {
    const { stdout } = run(shell, ['common.sh'], `${functions}\nlogin ''`, VARIABLES);
    expect(Buffer.from(stdout, 'hex').toString('utf8')).toBe(words('AUTH', 'proxy@prod/cache', 'none'));
  });

  test.each(['redis', 'sentinel'])(
    'the users of a server, %s, have that of the proxies where there are some.',
    (kind) => {
      const users = (variables: Record<string, string>): string[] =>
        linesOf(shell, ['common.sh', 'users.sh'], `system_users ${kind} | grep proxy || :`, {
          ...VARIABLES,
          ...variables,
        });
      expect(users({ PROXY_RIGHTS: '-@all +info' })).toEqual(['proxy@prod/cache on -@all +info']);
      expect(users({})).toEqual([]);
    },
  );
});
