import { TlsOptions } from '../tls/props';
import { HARD_STOP, Known, NODE_ANSWERS, Proxied, hostOf, section, tunnelTo } from './haproxy';

/**
 * The configuration of another process, which puts TLS around the checks. It has no clients: it can be started anew with another
 * certificate or CA, and those of the proxy stay, whose node is looked at all the while.
 *
 * Of a member's certificate the chain is looked at, and not the name, as members do among themselves.
 *
 * @see https://docs.haproxy.org/3.2/configuration.html#5.2-verify
 */
export function tunnelConfig(proxied: Proxied, spoken: TlsOptions): string {
  const { nodes, sentinels, redisPort, sentinelPort } = proxied;
  const sections = [
    general(proxied, spoken),
    ...nodes.map((one) => tunnel(one, redisPort)),
    ...sentinels.map((one) => tunnel(one, sentinelPort)),
  ];
  return sections.join('\n\n') + '\n';
}

function general(proxied: Proxied, { protocols, ciphers, cipherSuites }: TlsOptions): string {
  const { nodes, sentinels, checkInterval } = proxied;
  const checks = nodes.length * (2 + sentinels.length);
  const [oldest, newest] = protocols === undefined ? [] : [[...protocols].sort()[0], [...protocols].sort().at(-1)];
  const longest = `${NODE_ANSWERS * checkInterval.toMilliseconds()}ms`;
  return [
    section('global', [
      // A check that has given up, and the next one.
      `maxconn ${2 * checks}`,
      'nbthread 1',
      `hard-stop-after ${HARD_STOP.toSeconds()}s`,
      ...(oldest === undefined ? [] : [`ssl-default-server-options ssl-min-ver ${oldest} ssl-max-ver ${newest}`]),
      ...(ciphers === undefined ? [] : [`ssl-default-server-ciphers ${ciphers}`]),
      ...(cipherSuites === undefined ? [] : [`ssl-default-server-ciphersuites ${cipherSuites}`]),
    ]),
    section('defaults', [
      'mode tcp',
      // Whoever refuses is asked by the next check, and not for a second by this one.
      'retries 0',
      ...['connect', 'client', 'server'].map((what) => `timeout ${what} ${longest}`),
      // A certificate is shown to whoever asks for one.
      'default-server ssl verify required ca-file "${RUN_DIR}/ca.pem" crt "${RUN_DIR}/tls.pem" init-addr libc,none',
    ]),
  ].join('\n\n');
}

function tunnel(one: Known, port: number): string {
  return section(`listen ${one.name}`, [
    `bind "${tunnelTo(one)}"`,
    `server ${one.name} "${hostOf(one.announced)}:${port}"`,
  ]);
}
