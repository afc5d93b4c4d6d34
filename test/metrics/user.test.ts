import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { shells } from '../support/shell';
import { linesOf } from '../support/stubs';

const VARIABLES = {
  ...{ POD_NAMESPACE: 'prod', CLUSTER: 'cache', SELF: 'm', NODES: 'm', SENTINELS: 's' },
  EXPORTER_URI: 'redis://exporter%40prod%2Fcache@127.0.0.1:6379',
};

describe.each(shells)('In %s, the user of an exporter', (...shell) => {
  /** In a folder of its own, which is gone after that. */
  const lines = (commands: string, variables: Record<string, string> = VARIABLES): string[] => {
    const sourced = ['common.sh', 'passwords.sh', 'users.sh', 'exporter.sh'];
    return linesOf(
      shell,
      sourced,
      `set -eu; exporter_passwords=$RUN_DIR/passwords.json good=kept; ${commands}`,
      variables,
    );
  };
  const made = (): string[] =>
    lines(
      'make_exporter_password; cat "$exporter_passwords"; EXPORTER_RIGHTS="-@all +info"; exporter_user; echo $good',
    );

  test('has a password of its own, which the exporter finds by either of its addresses.', () => {
    const [file = '', user, after] = made();
    const passwords = Object.entries(JSON.parse(file) as Record<string, string>);
    expect(passwords.map(([address]) => address)).toEqual(['redis://127.0.0.1:6379', VARIABLES.EXPORTER_URI]);
    const [password = '', same] = passwords.map(([, value]) => value);
    expect(password).toMatch(/^[0-9a-f]{64}$/);
    expect(same).toBe(password);
    expect(user).toBe(
      `user exporter@prod/cache on #${createHash('sha256').update(password).digest('hex')}  -@all +info`,
    );
    expect(after).toBe('kept'); // the passwords of the others
  });

  test('has another password in each pod.', () => {
    expect(made()[0]).not.toBe(made()[0]);
  });

  test('is not there where nobody asks for numbers.', () => {
    expect(lines('make_exporter_password; exporter_user; ls "$RUN_DIR"', { ...VARIABLES, EXPORTER_URI: '' })).toEqual(
      [],
    );
  });
});
