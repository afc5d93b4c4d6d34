import { describe, expect, test } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesOf } from '../support/stubs';
import { pathOf, run, shells, withPrograms } from '../support/shell';

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

  test('what Kubernetes brings is tried, and taken where it is good.', () => {
    const folder = mkdtempSync(join(tmpdir(), 'proxy-keeper-'));
    try {
      const [RUN_DIR, TLS_DIR] = [join(folder, 'run'), join(folder, 'tls')];
      for (const one of [RUN_DIR, TLS_DIR]) mkdirSync(one);
      for (const file of ['tls.crt', 'tls.key', 'ca.crt']) writeFileSync(join(TLS_DIR, file), 'new\n');
      for (const file of ['tls.pem', 'ca.pem', 'hosts']) writeFileSync(join(RUN_DIR, file), 'old\n', { mode: 0o600 }); // as the init container leaves them
      // Two turns of its loop; and a server, and a client that has come together with it.
      const sleep = `echo >>${folder}/turns; [ $(wc -l <${folder}/turns) -lt 3 ] || kill $PPID`;
      const programs = { sleep, 'redis-cli': 'echo NOAUTH', 'redis-server': ':', getent: ':' };
      const PATH = withPrograms(join(folder, 'bin'), programs);
      const given = { ...VARIABLES, PATH, RUN_DIR, TLS_DIR, PASSWORDS_DIR: '/nowhere', TLS_CLIENTS: 'yes' };
      const { status, stderr } = run(shell, ['proxy-keeper.sh'], '', given);
      expect([status, stderr]).toEqual([0, '']);
      expect(readFileSync(join(RUN_DIR, 'tls.pem'), 'utf8')).toBe('new\n\nnew\n');
      expect(readFileSync(join(RUN_DIR, 'ca.pem'), 'utf8')).toBe('new\n');
      expect(existsSync(join(RUN_DIR, 'tls.refused'))).toBe(false);
      // HAProxy may be another user.
      const files = readdirSync(RUN_DIR).filter((file) => /^(hosts|logins\.cfg|(tls|ca)\.pem)$/.test(file));
      expect(files.map((file) => [file, statSync(join(RUN_DIR, file)).mode & 0o777])).toEqual(
        ['ca.pem', 'hosts', 'logins.cfg', 'tls.pem'].map((file) => [file, 0o644]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

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
