import { Duration } from 'cdk8s';
import { integer, list, made, matching, notEmpty, oneOf, struct, text } from '../core/checks';
import { between, objectName, secretKey } from '../core/values';
import {
  CertManagerTlsOptions,
  ClientCertificates,
  IssuerOptions,
  KeyAlgorithm,
  PrivateKeyOptions,
  SecretTlsOptions,
  TlsProtocol,
} from './props';

const bundle = struct({ name: objectName, key: secretKey });

const ciphers = matching(
  /^[A-Za-z0-9_:+!@=.-]+$/,
  'must be a list as OpenSSL has it',
  "write 'NAME:NAME', without spaces",
);

/** A host, or all that are one level below a domain. */
const dnsName = matching(
  /^(\*\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/,
  'must be a DNS name',
  "write labels of lower case letters, digits and '-', with dots between them",
);

const OPTIONS = {
  ca: made(
    { secret: bundle, 'config-map': bundle },
    'a CaBundle',
    "write CaBundle.fromConfigMap('…') or CaBundle.fromSecret('…')",
  ),
  clientCertificates: oneOf(ClientCertificates),
  protocols: notEmpty(list(oneOf(TlsProtocol)), 'is empty, and nothing could be spoken', 'write one, or leave it out'),
  ciphers,
  cipherSuites: ciphers,
};

export const TLS_CHECKS = {
  tls: made(
    {
      secret: struct<SecretTlsOptions>({
        ...OPTIONS,
        secretName: objectName,
        certificateKey: secretKey,
        privateKeyKey: secretKey,
      }),
      'cert-manager': struct<CertManagerTlsOptions>({
        ...OPTIONS,
        secretName: objectName,
        issuer: struct<IssuerOptions>({ name: objectName, kind: text, group: text }),
        duration: between(Duration.hours(1), Duration.days(3650), 'seconds'),
        renewBefore: between(Duration.minutes(5), Duration.days(3650), 'seconds'),
        privateKey: struct<PrivateKeyOptions>({ algorithm: oneOf(KeyAlgorithm), size: integer(256, 8192) }),
        extraDnsNames: list(dnsName),
        clusterDomain: dnsName,
      }),
    },
    'a Tls',
    "write Tls.secret({ secretName: '…' })",
  ),
};
