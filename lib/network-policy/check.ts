import { flag, list, made, notEmpty, struct } from '../core/checks';
import { port, strings } from '../core/values';
import { DNS_PORTS } from '../defaults';
import { ClientOptions, NetworkPolicyOptions } from './props';

export const client = made(
  { pods: struct<ClientOptions>({ podLabels: strings, namespaceLabels: strings }) },
  'a Client',
  'write Client.pods({ podLabels: { … } })',
);

export const NETWORK_POLICY_CHECKS = {
  networkPolicy: struct<NetworkPolicyOptions>({
    enabled: flag,
    clients: list(client),
    dnsPorts: notEmpty(
      list(port),
      'leaves no way to look up a name',
      `write [${DNS_PORTS.join(', ')}], or leave it out`,
    ),
  }),
};
