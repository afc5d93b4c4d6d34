import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { linesOf } from '../support/stubs';
import { shells } from '../support/shell';

const hash = (password: string): string => `#${createHash('sha256').update(password).digest('hex')}`;

describe.each(shells)('In %s, the user of an exporter', (...shell) => {
  const written = (variables: Record<string, string>): string[] =>
    linesOf(shell, ['common.sh'], 'exporter_user; refuse_bad_passwords', {
      POD_NAMESPACE: 'prod',
      CLUSTER: 'cache',
      SELF: 'cache-master',
      NODES: 'cache-master',
      SENTINELS: 'cache-sentinel-1',
      ...variables,
    });

  test('is written where there is one, with its own password and rights.', () => {
    expect(written({ EXPORTER_RIGHTS: '-@all +info', EXPORTER_PASSWORD: 'hunter4' })).toEqual([
      `user exporter@prod/cache on ${hash('hunter4')}  -@all +info`,
    ]);
  });

  test('takes any password where nobody has one.', () => {
    expect(written({ EXPORTER_RIGHTS: '-@all +info' })).toEqual(['user exporter@prod/cache on nopass -@all +info']);
  });

  test('is not written where nobody asks for numbers.', () => {
    expect(written({})).toEqual([]);
  });

  test('has no password that a line break would spoil.', () => {
    expect(written({ EXPORTER_RIGHTS: '-@all +info', EXPORTER_PASSWORD: 'a\n' }).join('\n')).toMatch(
      /refused: EXPORTER_PASSWORD contains a line break/,
    );
  });
});
