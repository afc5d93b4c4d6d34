import { Duration } from 'cdk8s';

/** Whether clients show a certificate. Members always show theirs to one another. */
export enum ClientCertificates {
  /** Nobody asks for one: a client needs the password, and nothing else. */
  NONE = 'no',
  /** One that is shown must be of the CA, and nobody must show one. */
  OPTIONAL = 'optional',
  /** Who shows none of the CA is not let in. */
  REQUIRED = 'yes',
}

/** A version of TLS. */
export enum TlsProtocol {
  /** TLS 1.2. */
  TLS_1_2 = 'TLSv1.2',
  /** TLS 1.3. */
  TLS_1_3 = 'TLSv1.3',
}

/** How a private key is made. */
export enum KeyAlgorithm {
  /** Elliptic curves: small keys and short handshakes. */
  ECDSA = 'ECDSA',
  /** For clients that know nothing else. */
  RSA = 'RSA',
}

/** Where the certificates are by which others are trusted: of one CA, or of two while one takes the place of the other. */
export class CaBundle {
  /**
   * A key of a Secret.
   *
   * @param secretName name of the Secret, in the cluster's namespace
   * @param key key of the bundle in it, by default `ca.crt`
   */
  public static fromSecret(secretName: string, key?: string): CaBundle {
    return new CaBundle('secret', { name: secretName, ...(key !== undefined && { key }) });
  }

  /**
   * A key of a ConfigMap, as trust-manager writes one into every namespace.
   *
   * @param configMapName name of the ConfigMap, in the cluster's namespace
   * @param key key of the bundle in it, by default `ca.crt`
   */
  public static fromConfigMap(configMapName: string, key?: string): CaBundle {
    return new CaBundle('config-map', { name: configMapName, ...(key !== undefined && { key }) });
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'secret' | 'config-map',
    /** @internal */
    public readonly _options: { readonly name: string; readonly key?: string },
  ) {}
}

/** What holds wherever the certificate comes from. */
export interface TlsOptions {
  /**
   * Whom members trust, and clients should.
   *
   * A CA that is followed by another needs a bundle of its own, in which both are for some time: what cert-manager writes beside
   * a certificate is always the newest CA alone.
   *
   * @default - the key `ca.crt` of the Secret with the certificate
   */
  readonly ca?: CaBundle;

  /**
   * Whether clients must show a certificate of that CA.
   *
   * @default ClientCertificates.NONE
   */
  readonly clientCertificates?: ClientCertificates;

  /**
   * Versions that are spoken.
   *
   * @default - TLS 1.2 and 1.3
   */
  readonly protocols?: TlsProtocol[];

  /**
   * Ciphers of TLS 1.2, as OpenSSL writes a list: `ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256`.
   *
   * @see https://docs.openssl.org/3.0/man1/openssl-ciphers/
   * @default - those of the image's OpenSSL
   */
  readonly ciphers?: string;

  /**
   * Cipher suites of TLS 1.3, as OpenSSL writes a list: `TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256`.
   *
   * @default - those of the image's OpenSSL
   */
  readonly cipherSuites?: string;
}

/** A certificate from a Secret that exists. */
export interface SecretTlsOptions extends TlsOptions {
  /** Name of the Secret, in the cluster's namespace. It must exist; its certificate is one for all members. */
  readonly secretName: string;

  /**
   * Key of the certificate, PEM, and of those between it and the CA.
   *
   * @default 'tls.crt'
   */
  readonly certificateKey?: string;

  /**
   * Key of the private key, PEM, without a passphrase.
   *
   * @default 'tls.key'
   */
  readonly privateKeyKey?: string;
}

/** Who issues a certificate. */
export interface IssuerOptions {
  /** Name of the issuer. */
  readonly name: string;
  /** Kind of the issuer: `Issuer` of this namespace, `ClusterIssuer`, or that of another project. @default 'Issuer' */
  readonly kind?: string;
  /** API group of the issuer. @default 'cert-manager.io' */
  readonly group?: string;
}

/** The private key of a certificate. */
export interface PrivateKeyOptions {
  /** How it is made. @default KeyAlgorithm.ECDSA */
  readonly algorithm?: KeyAlgorithm;
  /** Bits: 256, 384 or 521 for ECDSA; 2048, 3072, 4096 or 8192 for RSA. @default - 256 for ECDSA, 2048 for RSA */
  readonly size?: number;
}

/** A certificate that cert-manager makes, and renews. */
export interface CertManagerTlsOptions extends TlsOptions {
  /** Who issues it. A CA of the cluster's own is best: whoever has a certificate of that CA may pose as a member. */
  readonly issuer: IssuerOptions;

  /** How long a certificate is good, 1 hour or more. @default Duration.days(90) */
  readonly duration?: Duration;

  /** How long before its end it is renewed, 5 minutes or more, and shorter than `duration`. @default - a third of `duration` */
  readonly renewBefore?: Duration;

  /** Its private key, which is a new one each time. @default - ECDSA of 256 bits */
  readonly privateKey?: PrivateKeyOptions;

  /**
   * Names that clients use beside those of the Services, of members and proxies, and `localhost`: of a balancer before the proxies,
   * for example.
   *
   * @default - none
   */
  readonly extraDnsNames?: string[];

  /**
   * Domain of the Kubernetes cluster, which its long names end in.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * Name of the Secret that cert-manager writes.
   *
   * @default - `<cluster>-tls`
   */
  readonly secretName?: string;
}

/**
 * Encryption of all that nodes and sentinels say, to clients and to one another. There is no port in clear beside it.
 *
 * A new certificate in the Secret is served within two minutes, and nothing restarts but one sentinel after another.
 */
export class Tls {
  /** A certificate from a Secret that exists: of your own making, or of anything that writes Secrets. */
  public static secret(options: SecretTlsOptions): Tls {
    return new Tls('secret', options);
  }

  /** A certificate that cert-manager makes and renews, with every name that a member or a proxy is called by. */
  public static certManager(options: CertManagerTlsOptions): Tls {
    return new Tls('cert-manager', options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'secret' | 'cert-manager',
    /** @internal */
    public readonly _options: SecretTlsOptions | CertManagerTlsOptions,
  ) {}
}
