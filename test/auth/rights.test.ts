import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { scripts, pathOf, shells } from '../support/shell';
import { linesOf } from '../support/stubs';

/**
 * What nobody says needs no right. Comments say nothing; a command may begin in a quote or after a host, and stand in capitals
 * alone, so that it is seen here.
 */
const said = (files: string[]): string =>
  files
    .map((file) => readFileSync(pathOf(file), 'utf8').replace(/^\s*#.*$/gm, ''))
    .join('\n')
    .replaceAll(/\\n/g, '\n');
const ofCluster = scripts.filter((file) => !/^(backup|restore|proxy|exporter)/.test(file));

const rightsOf = (kind: string, user: string): string[] => {
  const [shell = ['dash']] = shells;
  const variables = {
    POD_NAMESPACE: 'prod',
    CLUSTER: 'cache',
    NODES: 'm',
    SENTINELS: 's',
    SELF: 'm',
    DEFAULT_USER: 'on',
  };
  const line = linesOf(shell, ['common.sh', 'users.sh'], `system_users ${kind}`, variables).find((one) =>
    one.startsWith(`${user}@prod/cache `),
  );
  return [...(line ?? '').matchAll(/\+([a-z|]+)/g)].map(([, right = '']) => right);
};

describe.each(['redis', 'sentinel'])('A member at a server of %s', (kind) => {
  const rights = rightsOf(kind, 'member');

  test.each(rights)('says what it may: %s', (right) => {
    const command = right.toUpperCase().replace('|', ' ');
    expect(said(ofCluster)).toMatch(new RegExp(`(^|[\\s'"])${command}\\b`, 'm'));
  });
});

/** As https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/ has it for sentinels, at servers and at one another. */
test('A sentinel has the rights that its documentation names.', () => {
  expect(rightsOf('redis', 'sentinel').sort()).toEqual(
    [
      ...['client|kill', 'client|setname', 'config|rewrite', 'exec', 'info', 'multi', 'ping', 'publish', 'role'],
      ...['script|kill', 'slaveof', 'subscribe'],
    ].sort(),
  );
  expect(rightsOf('redis', 'replication')).toEqual(['ping', 'replconf', 'psync']);
});
