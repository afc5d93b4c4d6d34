import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import {
  Auth,
  ClientCertificates,
  EnvContract,
  KeyAlgorithm,
  Product,
  Risk,
  Tls,
  TlsProtocol,
  type CertManagerTlsOptions,
  type SecretTlsOptions,
} from '../../lib';
import { messageOf, problemsOf, refusedWith, synth } from '../support/synth';

const secret = (options: Partial<SecretTlsOptions> = {}): Tls => Tls.secret({ secretName: 'cache-tls', ...options });
const issued = (options: Partial<CertManagerTlsOptions> = {}): Tls =>
  Tls.certManager({ issuer: { name: 'ca' }, ...options });

describe('TLS is refused', () => {
  test.each([
    [Product.VALKEY, '8.1.8', '8.1.9'],
    [Product.VALKEY, '9.1.0-alpine', '9.1.1'],
    [Product.VALKEY, '7.9.1', '9.1.1'],
    [Product.REDIS, '8.2.8', '8.2.9'],
    [Product.REDIS, '7.0.15', '8.10.1'],
  ])('with an image that has a hole in it: %s %s.', (product, tag, patched) => {
    const props = { image: { product, tag }, tls: secret() };
    const found = problemsOf(props).filter(({ rule }) => rule === 'vulnerable-tls');
    expect(found).toEqual([
      expect.objectContaining({
        property: 'image.tag',
        value: `'docker.io/${product === Product.REDIS ? 'library/redis' : 'valkey/valkey'}:${tag}'`,
        must: 'has a hole in TLS that is known: whoever reaches the port may run what he likes, without a password',
        remedy: `write '${patched}' or a later one, or accept it: acceptRisks: [Risk.VULNERABLE_TLS]`,
      }),
    ]);
    expect(problemsOf({ image: { product, tag } }).map(({ rule }) => rule)).not.toContain('vulnerable-tls');
  });

  test.each([
    [Product.VALKEY, '8.1.9'],
    [Product.VALKEY, '9.2.0'],
    [Product.REDIS, '8.2.9'],
    [Product.REDIS, '8.10.1'],
    [Product.REDIS, '9.0.0'],
  ])('but not with one that has none: %s %s.', (product, tag) => {
    const rules = problemsOf({ image: { product, tag }, tls: secret() }).map(({ rule }) => rule);
    expect(rules).not.toContain('vulnerable-tls');
  });

  test('nor with a build of others, or one that is known by its digest.', () => {
    const images = [
      { repository: 'registry.example.com/redis', tag: '7.0.15' },
      { tag: '8.2.8', digest: `sha256:${'0'.repeat(64)}` },
    ];
    for (const image of images)
      expect(problemsOf({ image, tls: secret() }).map(({ rule }) => rule)).not.toContain('vulnerable-tls');
  });

  test('where nobody needs a password, nor a certificate.', () => {
    const acceptRisks = [Risk.NO_AUTH];
    const tls = (clientCertificates: ClientCertificates) => secret({ clientCertificates });
    expect(messageOf({ tls: tls(ClientCertificates.OPTIONAL), auth: Auth.none(), acceptRisks })).toBe(
      refusedWith(
        "tls.clientCertificates = 'optional': lets in whoever shows no certificate, and there is no password either; write ClientCertificates.REQUIRED, or auth: Auth.secret() [optional-without-password]",
      ),
    );
    for (const others of [ClientCertificates.REQUIRED, ClientCertificates.NONE])
      expect(problemsOf({ tls: tls(others), auth: Auth.none(), acceptRisks })).toEqual([]);
    expect(problemsOf({ tls: tls(ClientCertificates.OPTIONAL) })).toEqual([]);
  });

  test.each([
    ['ciphers', TlsProtocol.TLS_1_3, TlsProtocol.TLS_1_2],
    ['cipherSuites', TlsProtocol.TLS_1_2, TlsProtocol.TLS_1_3],
  ])('where %s are of a version that is not spoken.', (name, spoken, other) => {
    const tls = (protocols: TlsProtocol[]) => secret({ [name]: 'A:B', protocols });
    expect(messageOf({ tls: tls([spoken]) })).toBe(
      refusedWith(
        `tls.${name} = 'A:B': does nothing: it is of ${other}, which is not among the protocols; delete it, or add that protocol [without-effect]`,
      ),
    );
    expect(problemsOf({ tls: tls([spoken, other]) })).toEqual([]);
  });

  test('where a certificate would be renewed before it is there.', () => {
    const tls = (renewBefore: number) =>
      issued({ duration: Duration.hours(1), renewBefore: Duration.minutes(renewBefore) });
    expect(() => synth({ tls: tls(60) }, 'cache', 'shop')).toThrow(
      'tls.renewBefore = 3600 s: is not shorter than the duration (3600 s): cert-manager refuses it, or would renew for ever; write a shorter one, or leave it out [renewal-before-end]',
    );
    expect(synth({ tls: tls(59) }, 'cache', 'shop')).not.toEqual([]);
  });

  test('where a key has no such size.', () => {
    const tls = issued({ privateKey: { algorithm: KeyAlgorithm.RSA, size: 256 } });
    expect(() => synth({ tls }, 'cache', 'shop')).toThrow(
      'tls.privateKey.size = 256: is no size of a key of RSA; write one of: 2048, 3072, 4096, 8192 [key-size]',
    );
  });

  test('where the names of a certificate are not known.', () => {
    expect(messageOf({ tls: issued() })).toBe(
      refusedWith(
        "tls = a certificate of cert-manager: needs the names of the Services, and this chart has no namespace; write new Chart(app, 'id', { namespace: '…' }) [certificate-without-namespace]",
      ),
    );
    expect(problemsOf({ tls: secret() })).toEqual([]);
  });

  test('in an image that configures itself.', () => {
    const image = { envContract: EnvContract.SELF_CONFIGURED };
    expect(problemsOf({ image, tls: secret(), acceptRisks: [Risk.SELF_CONFIGURED_IMAGE] })).toContainEqual(
      expect.objectContaining({ rule: 'without-effect', property: 'tls' }),
    );
  });
});
