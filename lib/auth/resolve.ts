import { Duration } from 'cdk8s';
import * as defaults from '../defaults';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { Auth, DefaultUser, PasswordSource } from './props';

export interface Passwords {
  readonly redis?: PasswordSource;
  readonly previousRedis?: PasswordSource;
  readonly sentinel?: PasswordSource;
  readonly previousSentinel?: PasswordSource;
}

export interface ResolvedAuth {
  readonly auth: {
    readonly kind: Auth['_kind'];
    readonly passwords: Passwords;
    readonly overlap: Duration;
    readonly defaultUser: DefaultUser;
    /** What the Secret has that is part of the manifest. */
    readonly plainText: Readonly<Record<string, string>> | undefined;
  };
}

export function resolveAuth(props: { readonly auth?: Auth }, cluster: ResolvedIdentity): ResolvedAuth {
  const auth = props.auth ?? defaults.AUTH;
  const { password = '', sentinelPassword } = auth._options;
  const plainText = {
    [defaults.PASSWORD_KEY]: password,
    ...(sentinelPassword !== undefined && { [defaults.SENTINEL_PASSWORD_KEY]: sentinelPassword }),
  };
  return {
    auth: {
      kind: auth._kind,
      passwords: passwordsOf(cluster.name, auth),
      defaultUser: auth._options.defaultUser ?? DefaultUser.ON,
      overlap: auth._options.overlap ?? defaults.PASSWORD_OVERLAP,
      plainText: auth._kind === 'plain' ? plainText : undefined,
    },
  };
}

function passwordsOf(cluster: string, { _kind: kind, _options: options }: Auth): Passwords {
  if (kind === 'none') return {};
  const { secretName = naming.authSecret(cluster), passwordKey = defaults.PASSWORD_KEY, ...keys } = options;
  const inSecret = (key: string): PasswordSource => ({ secretName, key });
  const sentinelKey = keys.sentinelPassword === undefined ? keys.sentinelPasswordKey : defaults.SENTINEL_PASSWORD_KEY;
  const previous = keys.previousPasswordKey;
  const previousSentinel = keys.previousSentinelPasswordKey ?? (sentinelKey === undefined ? previous : undefined);
  return {
    redis: inSecret(passwordKey),
    sentinel: inSecret(sentinelKey ?? passwordKey),
    ...(previous !== undefined && { previousRedis: inSecret(previous) }),
    ...(previousSentinel !== undefined && { previousSentinel: inSecret(previousSentinel) }),
  };
}
