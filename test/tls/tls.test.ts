import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import {
  CaBundle,
  ClientCertificates,
  Ids,
  RedisSentinelCluster,
  Spread,
  Tls,
  TlsProtocol,
  type SecretTlsOptions,
} from '../../lib';
import { allOf, container, environment, find, type Manifest } from '../support/manifests';
import { schemaErrors, schemaVersions } from '../support/kubernetes-schema';
import { newChart, synth } from '../support/synth';

const withTls = (options: Partial<SecretTlsOptions> = {}, props = {}): Manifest[] =>
  synth({ ...props, tls: Tls.secret({ secretName: 'cache-tls', ...options }) }, 'cache', 'shop');
const MEMBERS = ['cache-master', 'cache-replica-1', 'cache-replica-2', 'cache-sentinel-1', 'cache-sentinel-2', 'cache-sentinel-3']; // prettier-ignore
const volumes = (objects: Manifest[], member: string): unknown[] =>
  find(objects, 'Deployment', member).spec.template.spec.volumes ?? [];
const variables = (objects: Manifest[]): Record<string, string> =>
  Object.assign({}, ...allOf(objects, 'ConfigMap').map(({ data }) => ('TLS_DIR' in data ? data : {}))) as Record<string, string>; // prettier-ignore

describe('The certificate', () => {
  const volume = (defaultMode: number, ca: object) => ({
    name: 'tls',
    projected: {
      defaultMode,
      sources: [
        {
          secret: {
            name: 'cache-tls',
            items: [
              { key: 'tls.crt', path: 'tls.crt' },
              { key: 'tls.key', path: 'tls.key' },
            ],
          },
        },
        ca,
      ],
    },
  });
  const ownCa = { secret: { name: 'cache-tls', items: [{ key: 'ca.crt', path: 'ca.crt' }] } };

  test.each(MEMBERS)('of %s comes whole, and to whoever tries it; the server has a copy.', (member) => {
    const objects = withTls();
    expect(volumes(objects, member)).toContainEqual(volume(0o440, ownCa));
    const mount = { name: 'tls', mountPath: '/tls', readOnly: true };
    const { initContainers = [] } = find(objects, 'Deployment', member).spec.template.spec;
    expect(initContainers.find(({ name }) => name === 'names')?.volumeMounts).toContainEqual(mount);
    expect(container(objects, member, 'keeper').volumeMounts).toContainEqual(mount);
    const server = container(objects, member, member.includes('sentinel') ? 'sentinel' : 'redis');
    expect(server.volumeMounts).not.toContainEqual(mount);
    expect(JSON.stringify(objects)).not.toMatch(/"mountPath":"\/tls"[^}]*subPath/);
  });

  test('may be read where the platform gives the group.', () => {
    const objects = withTls({}, { security: { ids: Ids.PLATFORM } });
    expect(volumes(objects, 'cache-master')).toContainEqual(volume(0o444, ownCa));
  });

  test.each([
    [CaBundle.fromSecret('trust'), { secret: { name: 'trust', items: [{ key: 'ca.crt', path: 'ca.crt' }] } }],
    [CaBundle.fromConfigMap('trust', 'all.pem'), { configMap: { name: 'trust', items: [{ key: 'all.pem', path: 'ca.crt' }] } }], // prettier-ignore
  ])('is beside the CA that is told.', (ca, source) => {
    expect(volumes(withTls({ ca }), 'cache-sentinel-2')).toContainEqual(volume(0o440, source));
  });

  test('is in the pod of the check too.', () => {
    const [job] = allOf(withTls({}, { healthCheck: {} }), 'Job');
    expect(JSON.stringify(job)).toContain('"mountPath":"/tls"');
  });
});

describe('Every container knows', () => {
  test('who is let in.', () => {
    expect(variables(withTls())).toMatchObject({ TLS_DIR: '/tls', TLS_CLIENTS: 'no' });
    expect(variables(withTls({ clientCertificates: ClientCertificates.REQUIRED }))).toMatchObject({
      TLS_CLIENTS: 'yes',
    });
    expect(variables(synth())).toEqual({});
  });

  test('what is spoken, whatever the order in which it was written.', () => {
    const protocols = [TlsProtocol.TLS_1_3, TlsProtocol.TLS_1_2];
    expect(variables(withTls({ protocols, ciphers: 'A:B', cipherSuites: 'C' }))).toMatchObject({
      REDIS_CONF_TLS_PROTOCOLS: '"TLSv1.2 TLSv1.3"',
      REDIS_CONF_TLS_CIPHERS: 'A:B',
      REDIS_CONF_TLS_CIPHERSUITES: 'C',
    });
  });
});

test('An exporter asks by a name that is in the certificate, and trusts the CA alone.', () => {
  const objects = withTls({}, { metrics: {} });
  const exporter = container(objects, 'cache-sentinel-1', 'exporter');
  expect(environment(objects, exporter)).toMatchObject({
    REDIS_ADDR: 'rediss://localhost:26379',
    REDIS_EXPORTER_TLS_CA_CERT_FILE: '/tls/ca.crt',
    REDIS_EXPORTER_TLS_CLIENT_CERT_FILE: '/tls/tls.crt',
    REDIS_EXPORTER_TLS_CLIENT_KEY_FILE: '/tls/tls.key',
  });
  expect(exporter.volumeMounts).toContainEqual({ name: 'tls', mountPath: '/tls', readOnly: true });
});

describe('A certificate of cert-manager', () => {
  const certificate = (options = {}, props = {}) => {
    const tls = Tls.certManager({ issuer: { name: 'ca' }, ...options });
    const objects = synth({ ...props, tls }, 'cache', 'shop');
    return find(objects, 'Certificate', 'cache-tls');
  };

  test.each(schemaVersions)('is what its own schema wants, in Kubernetes %s.', (version) => {
    expect(schemaErrors(version, certificate())).toEqual([]);
    const wrong = certificate();
    expect(schemaErrors(version, { ...wrong, spec: { ...wrong.spec, dnsName: 'a' } })).not.toEqual([]);
  });

  test('has every name by which a member is called, and a new key each time.', () => {
    const services = MEMBERS.flatMap((name) => [
      name,
      `${name}.shop`,
      `${name}.shop.svc`,
      `${name}.shop.svc.cluster.local`,
    ]);
    expect(certificate().spec).toEqual({
      secretName: 'cache-tls',
      issuerRef: { name: 'ca', kind: 'Issuer', group: 'cert-manager.io' },
      duration: '2160h0m0s',
      renewBefore: '720h0m0s',
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
      dnsNames: [...services, 'localhost'],
    });
  });

  test('has those of the proxies, by which their clients call a node.', () => {
    const names = (props: object): string[] =>
      (certificate({}, props).spec as { dnsNames: string[] }).dnsNames.filter((name) => /proxy|reads/.test(name));
    const forms = (name: string): string[] => [name, `${name}.shop`, `${name}.shop.svc`, `${name}.shop.svc.cluster.local`]; // prettier-ignore
    expect(names({ proxy: { reads: {} } })).toEqual([...forms('cache-proxy'), ...forms('cache-reads')]);
    expect(names({ proxy: {} })).toEqual(forms('cache-proxy'));
    expect(names({})).toEqual([]);
  });

  test('has those that are announced, and those of the user.', () => {
    const host = (announceHost: string) => ({ hostNetwork: true, announceHost });
    const nodes = {
      replicas: 1,
      scheduling: { spread: Spread.REQUIRED },
      master: host('10.0.0.1'),
      replicaOverrides: { replica1: host('node.example.com') },
    };
    const { dnsNames, ipAddresses } = certificate(
      { extraDnsNames: ['cache.example.com'], clusterDomain: 'k8s' },
      { nodes },
    ).spec;
    expect(ipAddresses).toEqual(['10.0.0.1']);
    expect(dnsNames).toEqual(
      expect.arrayContaining(['node.example.com', 'cache.example.com', 'cache-master.shop.svc.k8s']),
    );
  });

  test('is renewed when a third of its time is left, in words of Go.', () => {
    const { duration, renewBefore } = certificate({ duration: Duration.minutes(91) }).spec;
    expect([duration, renewBefore]).toEqual(['1h31m0s', '0h30m20s']);
  });
});

describe('A client is told', () => {
  const connection = (options: Partial<SecretTlsOptions>) =>
    new RedisSentinelCluster(newChart('shop'), 'cache', { tls: Tls.secret({ secretName: 'cache-tls', ...options }) }).connection; // prettier-ignore

  test('whom to trust, by a volume with nothing else.', () => {
    const one = connection({});
    expect(one.tls).toEqual({ ca: { secretName: 'cache-tls', key: 'ca.crt' }, clientCertificates: 'no' });
    expect(one.caVolume).toEqual({
      name: 'redis-tls',
      projected: { sources: [{ secret: { name: 'cache-tls', items: [{ key: 'ca.crt', path: 'ca.crt' }] } }] },
    });
    expect(one.caVolumeMount).toEqual({ name: 'redis-tls', mountPath: '/etc/redis-tls', readOnly: true });
    expect(one.toEnv()).toMatchObject({
      REDIS_TLS: { value: 'true' },
      REDIS_TLS_CA: { value: '/etc/redis-tls/ca.crt' },
    });
  });

  test('that, of a bundle.', () => {
    const one = connection({ ca: CaBundle.fromConfigMap('trust', 'all.pem') });
    expect(one.tls?.ca).toEqual({ configMapName: 'trust', key: 'all.pem' });
    expect(one.caVolume?.projected?.sources).toEqual([
      { configMap: { name: 'trust', items: [{ key: 'all.pem', path: 'ca.crt' }] } },
    ]);
  });

  test('nothing where all is in clear.', () => {
    const { connection: plain } = new RedisSentinelCluster(newChart('shop'), 'cache');
    expect([plain.tls, plain.caVolume, plain.caVolumeMount]).toEqual([undefined, undefined, undefined]);
    expect(Object.keys(plain.toEnv())).not.toContain('REDIS_TLS');
  });
});
