import { Duration } from 'cdk8s';
import * as defaults from '../defaults';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { CaBundle, CertManagerTlsOptions, ClientCertificates, KeyAlgorithm, Tls, TlsOptions } from './props';

/** Where the certificates of a CA are. */
export interface ResolvedCa {
  readonly kind: CaBundle['_kind'];
  readonly name: string;
  readonly key: string;
}

/** What cert-manager is asked for. */
export interface ResolvedCertificate {
  readonly issuer: { readonly name: string; readonly kind: string; readonly group: string };
  readonly duration: Duration;
  readonly renewBefore: Duration;
  readonly privateKey: { readonly algorithm: KeyAlgorithm; readonly size: number };
  readonly extraDnsNames: readonly string[];
  readonly clusterDomain: string;
}

export interface ResolvedTls {
  /** Undefined where all is in clear. */
  readonly tls:
    | {
        readonly secretName: string;
        readonly certificateKey: string;
        readonly privateKeyKey: string;
        readonly ca: ResolvedCa;
        readonly clientCertificates: ClientCertificates;
        readonly options: TlsOptions;
        /** Undefined where the Secret comes from elsewhere. */
        readonly certificate: ResolvedCertificate | undefined;
      }
    | undefined;
}

export function resolveTls(props: { readonly tls?: Tls }, { name }: ResolvedIdentity): ResolvedTls {
  if (props.tls === undefined) return { tls: undefined };
  const { _kind: kind, _options: options } = props.tls;
  const { secretName = naming.tlsSecret(name) } = options;
  const keys = { certificateKey: defaults.CERTIFICATE_KEY, privateKeyKey: defaults.PRIVATE_KEY_KEY };
  const { certificateKey, privateKeyKey } = kind === 'secret' ? { ...keys, ...options } : keys;
  const ca = options.ca ?? CaBundle.fromSecret(secretName);
  return {
    tls: {
      secretName,
      certificateKey,
      privateKeyKey,
      ca: { kind: ca._kind, key: defaults.CA_KEY, ...ca._options },
      clientCertificates: options.clientCertificates ?? defaults.CLIENT_CERTIFICATES,
      options,
      certificate: kind === 'cert-manager' ? certificateOf(options as CertManagerTlsOptions) : undefined,
    },
  };
}

function certificateOf(options: CertManagerTlsOptions): ResolvedCertificate {
  const duration = options.duration ?? defaults.CERTIFICATE_DURATION;
  const { algorithm = KeyAlgorithm.ECDSA, size } = options.privateKey ?? {};
  return {
    issuer: { kind: 'Issuer', group: defaults.CERT_MANAGER, ...options.issuer },
    duration,
    renewBefore: options.renewBefore ?? Duration.seconds(Math.floor(duration.toSeconds() / 3)),
    privateKey: { algorithm, size: size ?? (KEY_SIZES[algorithm][0] as number) },
    extraDnsNames: options.extraDnsNames ?? [],
    clusterDomain: options.clusterDomain ?? defaults.CLUSTER_DOMAIN,
  };
}

/** The first is the default. */
export const KEY_SIZES: Readonly<Record<KeyAlgorithm, readonly number[]>> = {
  [KeyAlgorithm.ECDSA]: [256, 384, 521],
  [KeyAlgorithm.RSA]: [2048, 3072, 4096, 8192],
};
