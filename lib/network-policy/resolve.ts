import * as defaults from '../defaults';
import { clientLabels } from '../identity/labels';
import { ResolvedIdentity } from '../identity/resolve';
import { Client, ClientOptions, NetworkPolicyOptions } from './props';

export interface ResolvedNetworkPolicy {
  readonly networkPolicy: {
    readonly enabled: boolean;
    readonly clients: ClientOptions[];
    readonly dnsPorts: number[];
  };
}

export function resolveNetworkPolicy(
  props: { readonly networkPolicy?: NetworkPolicyOptions },
  { name }: ResolvedIdentity,
): ResolvedNetworkPolicy {
  const { enabled, clients, dnsPorts } = props.networkPolicy ?? {};
  const own = Client.pods({ podLabels: clientLabels(name) });
  return {
    networkPolicy: {
      enabled: enabled ?? defaults.NETWORK_POLICY,
      clients: (clients ?? [own]).map(({ _options }) => _options),
      dnsPorts: dnsPorts ?? defaults.DNS_PORTS,
    },
  };
}
