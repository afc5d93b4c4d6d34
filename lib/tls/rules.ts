import { ResolvedAuth } from '../auth/resolve';
import { shown } from '../core/problems';
import { Rule } from '../core/rule';
import { OFFICIAL, isTooOld } from '../image/patches';
import { parseReference } from '../image/reference';
import { ResolvedMember } from '../member/resolve';
import { Risk, risky } from '../risks';
import { SAFE_TLS } from './holes';
import { ClientCertificates, TlsProtocol } from './props';
import { KEY_SIZES, ResolvedTls } from './resolve';

/** What these rules look at. */
export interface Judged extends ResolvedTls, ResolvedAuth {
  readonly namespace: string | undefined;
  readonly members: readonly ResolvedMember[];
}

const serverIsSafe: Rule<Judged> = ({ tls, members }) => {
  if (tls === undefined) return [];
  const images = [...new Set(members.map(({ image }) => image))];
  return images.flatMap((image) => {
    const { repository, tag = '', digest } = parseReference(image);
    const product = OFFICIAL[repository];
    const [, line = '', patch] = /^(\d+\.\d+)\.(\d+)(-.*)?$/.exec(tag) ?? [];
    if (product === undefined || digest !== undefined || patch === undefined || isTooOld(image)) return [];
    const lines = SAFE_TLS[product];
    const [newest = ''] = Object.keys(lines).sort(byNumber).slice(-1);
    const safe = lines[line] ?? (byNumber(line, newest) < 0 ? Infinity : 0);
    if (Number(patch) >= safe) return [];
    return [
      risky(Risk.VULNERABLE_TLS, {
        rule: 'vulnerable-tls',
        property: 'image.tag',
        value: shown(image),
        must: 'has a hole in TLS that is known: whoever reaches the port may run what he likes, without a password',
        remedy: `write '${safe === Infinity ? `${newest}.${lines[newest] ?? 0}` : `${line}.${safe}`}' or a later one`,
      }),
    ];
  });
};

function byNumber(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

/** Redis takes a certificate of the CA for a login where a user needs no password. */
const certificateIsNoPassword: Rule<Judged> = ({ tls, auth }) =>
  tls?.clientCertificates === ClientCertificates.OPTIONAL && auth.kind === 'none'
    ? [
        {
          rule: 'optional-without-password',
          property: 'tls.clientCertificates',
          value: shown(ClientCertificates.OPTIONAL),
          must: 'lets in whoever shows no certificate, and there is no password either',
          remedy: 'write ClientCertificates.REQUIRED, or auth: Auth.secret()',
        },
      ]
    : [];

const ciphersAreSpoken: Rule<Judged> = ({ tls }) => {
  const { protocols = Object.values(TlsProtocol), ciphers, cipherSuites } = tls?.options ?? {};
  const idle = (name: string, value: string | undefined, protocol: TlsProtocol) =>
    value === undefined || protocols.includes(protocol)
      ? []
      : [
          {
            rule: 'without-effect',
            property: `tls.${name}`,
            value: shown(value),
            must: `does nothing: it is of ${protocol}, which is not among the protocols`,
            remedy: 'delete it, or add that protocol',
          },
        ];
  return [...idle('ciphers', ciphers, TlsProtocol.TLS_1_2), ...idle('cipherSuites', cipherSuites, TlsProtocol.TLS_1_3)];
};

const renewalIsInTime: Rule<Judged> = ({ tls }) => {
  const { duration, renewBefore } = tls?.certificate ?? {};
  if (duration === undefined || renewBefore === undefined || renewBefore.toSeconds() < duration.toSeconds()) return [];
  return [
    {
      rule: 'renewal-before-end',
      property: 'tls.renewBefore',
      value: `${renewBefore.toSeconds()} s`,
      must: `is not shorter than the duration (${duration.toSeconds()} s): cert-manager refuses it, or would renew for ever`,
      remedy: 'write a shorter one, or leave it out',
    },
  ];
};

const keyHasSize: Rule<Judged> = ({ tls }) => {
  const { algorithm, size } = tls?.certificate?.privateKey ?? {};
  if (algorithm === undefined || size === undefined || KEY_SIZES[algorithm].includes(size)) return [];
  return [
    {
      rule: 'key-size',
      property: 'tls.privateKey.size',
      value: String(size),
      must: `is no size of a key of ${algorithm}`,
      remedy: `write one of: ${KEY_SIZES[algorithm].join(', ')}`,
    },
  ];
};

/** Clients know the members by names that end in it. */
const namesAreKnown: Rule<Judged> = ({ tls, namespace }) =>
  tls?.certificate === undefined || namespace !== undefined
    ? []
    : [
        {
          rule: 'certificate-without-namespace',
          property: 'tls',
          value: 'a certificate of cert-manager',
          must: 'needs the names of the Services, and this chart has no namespace',
          remedy: "write new Chart(app, 'id', { namespace: '…' })",
        },
      ];

export const TLS_RULES = [
  serverIsSafe,
  certificateIsNoPassword,
  ciphersAreSpoken,
  renewalIsInTime,
  keyHasSize,
  namesAreKnown,
];
