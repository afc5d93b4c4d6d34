import { Duration } from 'cdk8s';
import { made, oneOf, struct, text } from '../core/checks';
import { between, objectName, secretKey } from '../core/values';
import { DefaultUser, PlainTextAuthOptions, SecretAuthOptions } from './props';

export const AUTH_CHECKS = {
  auth: made(
    {
      secret: struct<SecretAuthOptions>({
        secretName: objectName,
        passwordKey: secretKey,
        sentinelPasswordKey: secretKey,
        previousPasswordKey: secretKey,
        previousSentinelPasswordKey: secretKey,
        overlap: between(Duration.seconds(0), Duration.days(365), 'seconds'),
        defaultUser: oneOf(DefaultUser),
      }),
      none: struct({}),
      plain: struct<PlainTextAuthOptions>({ password: text, sentinelPassword: text }),
    },
    'an Auth',
    "write Auth.secret({ secretName: '…' })",
  ),
};
