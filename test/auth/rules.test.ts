import { describe, expect, test } from '@jest/globals';
import { Auth, Risk } from '../../lib';
import { messageOf, refusedWith, synth } from '../support/synth';

describe('Authentication', () => {
  test('that is off is a risk.', () => {
    expect(messageOf({ auth: Auth.none() })).toBe(
      refusedWith(
        "auth = none: lets everybody who reaches the port read and delete the data; write Auth.secret({ secretName: '…' }), or accept it: acceptRisks: [Risk.NO_AUTH] [no-auth]",
      ),
    );
    expect(synth({ auth: Auth.none(), acceptRisks: [Risk.NO_AUTH] })).not.toEqual([]);
  });

  const clear =
    "auth = (not shown): puts a password in clear into the manifest, and so into Git; write Auth.secret({ secretName: '…' }), or accept it: acceptRisks: [Risk.PLAIN_TEXT_PASSWORD] [plain-text-password]";

  test('in clear is a risk, and the message does not have the password.', () => {
    const auth = Auth.plainText({ password: 'hunter2', sentinelPassword: 'hunter3' });
    expect(messageOf({ auth })).toBe(refusedWith(clear));
    expect(synth({ auth, acceptRisks: [Risk.PLAIN_TEXT_PASSWORD] })).not.toEqual([]);
  });

  test.each(['', 'hunter2\nrequirepass x', 'hunter2\r'])('has no password like %j.', (password) => {
    const broken =
      'auth.password = (not shown): must not be empty, and must be one line; write another password [password-text]';
    expect(messageOf({ auth: Auth.plainText({ password }) })).toBe(refusedWith(broken, clear));
    expect(messageOf({ auth: Auth.plainText({ password: 'hunter2', sentinelPassword: password }) })).toBe(
      refusedWith(broken, clear),
    );
  });
});
