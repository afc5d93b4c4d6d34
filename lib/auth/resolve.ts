import * as defaults from '../defaults';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { Auth, PasswordSource } from './props';

export interface Passwords {
  readonly redis?: PasswordSource;
  readonly previousRedis?: PasswordSource;
  readonly sentinel?: PasswordSource;
  readonly previousSentinel?: PasswordSource;
}

export interface ResolvedAuth {
  readonly auth: { readonly kind: Auth['_kind']; readonly passwords: Passwords };
}

export function resolveAuth(props: { readonly auth?: Auth }, cluster: ResolvedIdentity): ResolvedAuth {
  const auth = props.auth ?? defaults.AUTH;
  return { auth: { kind: auth._kind, passwords: passwordsOf(cluster.name, auth) } };
}

function passwordsOf(cluster: string, { _kind: kind, _options: options }: Auth): Passwords {
  if (kind === 'none') return {};
  if (kind === 'plain') {
    const { password = '', sentinelPassword } = options;
    return { redis: { value: password }, sentinel: { value: sentinelPassword ?? password } };
  }
  const { secretName = naming.authSecret(cluster), passwordKey = defaults.PASSWORD_KEY, ...keys } = options;
  const redis = { secretName, key: passwordKey };
  const previous = keys.previousPasswordKey;
  const sentinelKey = keys.sentinelPasswordKey;
  const previousSentinel = keys.previousSentinelPasswordKey ?? (sentinelKey === undefined ? previous : undefined);
  return {
    redis,
    sentinel: sentinelKey === undefined ? redis : { secretName, key: sentinelKey },
    ...(previous !== undefined && { previousRedis: { secretName, key: previous } }),
    ...(previousSentinel !== undefined && { previousSentinel: { secretName, key: previousSentinel } }),
  };
}
