import { Duration } from 'cdk8s';
import { made, struct, text } from '../core/checks';
import { between, objectName, secretKey } from '../core/values';
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
        overlap: between(Duration.seconds(0), Duration.days(365), 'seconds'),
      }),
      none: struct({}),
      plain: struct<PlainTextAuthOptions>({ password: text, sentinelPassword: text }),
    },
    'an Auth',
    "write Auth.secret({ secretName: '…' })",
  ),
};
