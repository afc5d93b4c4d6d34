import { describe, expect, test } from '@jest/globals';
import { Auth } from '../../lib/index';
import { messageOf, refusedWith } from '../support/synth';

/** Calls a function of a class as a program in plain JavaScript may. */
function made(from: object, name: string, options?: unknown): unknown {
  const make: unknown = Reflect.get(from, name);
  if (typeof make !== 'function') throw new Error(`${name} is no function`);
  return Reflect.apply(make, from, options === undefined ? [] : [options]);
}

describe('Auth is refused', () => {
  const keys =
    'secretName, passwordKey, sentinelPasswordKey, previousPasswordKey, previousSentinelPasswordKey, overlap, defaultUser';
  const key = "must be a key of a Secret; write letters, digits, '.', '_' and '-' [format]";

  test.each<[string, unknown, string]>([
    ['secret', { secret: 'redis' }, `auth.secret = (not shown): is not a prop; write one of: ${keys} [unknown-prop]`],
    ['secret', 'redis', 'auth = (not shown): must be an object; write { secretName, passwordKey, … } [type]'],
    [
      'secret',
      { secretName: 'My Secret' },
      "auth.secretName = (not shown): must be the name of an object; write lower case letters, digits, '-' and '.' [format]",
    ],
    ['secret', { passwordKey: 'a b' }, `auth.passwordKey = (not shown): ${key}`],
    ['secret', { sentinelPasswordKey: '' }, `auth.sentinelPasswordKey = (not shown): ${key}`],
    ['secret', { previousPasswordKey: 1 }, `auth.previousPasswordKey = (not shown): ${key}`],
    ['secret', { previousSentinelPasswordKey: 'a/b' }, `auth.previousSentinelPasswordKey = (not shown): ${key}`],
    ['plainText', { password: 7 }, "auth.password = (not shown): must be a string; write '…' [type]"],
    [
      'plainText',
      { password: 'a', sentinelpassword: 'b' },
      'auth.sentinelpassword = (not shown): is not a prop; write one of: password, sentinelPassword [unknown-prop]',
    ],
    ['plainText', 'hunter2', 'auth = (not shown): must be an object; write { password, sentinelPassword, … } [type]'],
    ['plainText', undefined, 'auth = (not shown): must be an object; write { password, sentinelPassword, … } [type]'],
  ])('where %s is told %p.', (name, options, problem) => {
    expect(messageOf({ auth: made(Auth, name, options) })).toBe(refusedWith(problem));
  });

  test('where a password in clear is left out.', () => {
    expect(messageOf({ auth: made(Auth, 'plainText', {}) })).toContain(
      'auth.password = (not shown): must not be empty, and must be one line; write another password [password-text]',
    );
  });
});
