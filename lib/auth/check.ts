import { made, struct, text } from '../core/checks';
import { objectName, secretKey } from '../core/values';
import { PlainTextAuthOptions, SecretAuthOptions } from './props';

export const AUTH_CHECKS = {
  auth: made(
    {
      secret: struct<SecretAuthOptions>({
        secretName: objectName,
        passwordKey: secretKey,
        sentinelPasswordKey: secretKey,
        previousPasswordKey: secretKey,
        previousSentinelPasswordKey: secretKey,
      }),
      none: struct({}),
      plain: struct<PlainTextAuthOptions>({ password: text, sentinelPassword: text }),
    },
    'an Auth',
    "write Auth.secret({ secretName: '…' })",
  ),
};
