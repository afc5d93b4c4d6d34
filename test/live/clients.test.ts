import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ClientCertificates, Product, Tls, type RedisSentinelClusterProps } from '../../lib';
import { CLIENTS, lacking, programOf, type ClientName } from './kit/clients';
import { healthy, started } from './kit/health';
import { CERTIFICATE, type Credentials, type LiveCluster } from './kit/live-cluster';
import { everything } from './kit/tier';
import { ProgramWriter } from './kit/writers';

/** Milliseconds until a client that follows its page writes again. */
const LONGEST_GAP = 10_000;
/** Of the files that Java reads; they are made anew in each run. */
const STORE_PASSWORD = 'changeit';
const ALL = Object.keys(CLIENTS) as ClientName[];

const encrypted = (clientCertificates: ClientCertificates): RedisSentinelClusterProps => ({
  image: { product: Product.VALKEY, tag: '9.1.2' },
  tls: Tls.secret({ secretName: CERTIFICATE, clientCertificates }),
});

/** What a client's container has mounted: the CA, and a certificate of its own, for Java too. */
function bring(folder: string, { ca, certificate, key }: Credentials): void {
  for (const [name, text] of Object.entries({ 'ca.crt': ca, 'tls.crt': certificate, 'tls.key': key }))
    writeFileSync(join(folder, name), text);
  const run = (command: string, ...args: string[]): unknown =>
    execFileSync(command, args, { cwd: folder, stdio: 'pipe' });
  const store = ['-out', 'keystore.p12', '-passout', `pass:${STORE_PASSWORD}`];
  run('openssl', 'pkcs12', '-export', '-in', 'tls.crt', '-inkey', 'tls.key', ...store);
  if (lacking('Jedis') !== undefined) return;
  const trust = ['-keystore', 'truststore.p12', '-storetype', 'PKCS12', '-storepass', STORE_PASSWORD];
  run('keytool', '-importcert', '-noprompt', '-file', 'ca.crt', ...trust);
}

interface Case {
  readonly what: string;
  readonly page: string;
  readonly clients: ClientName[];
  readonly props: RedisSentinelClusterProps;
  readonly showsCertificate: boolean;
}

(everything ? describe : describe.skip).each<Case>([
  { what: 'clear', page: 'README.md', clients: ['ioredis'], props: {}, showsCertificate: false },
  {
    what: 'tls',
    page: 'docs/tls.md',
    clients: ALL,
    props: encrypted(ClientCertificates.NONE),
    showsCertificate: false,
  },
  {
    what: 'certificates',
    page: 'docs/tls.md',
    clients: ALL,
    props: encrypted(ClientCertificates.REQUIRED),
    showsCertificate: true,
  },
])(
  'the examples of $page, client certificates: $showsCertificate',
  ({ what, page, clients, props, showsCertificate }) => {
    const folder = mkdtempSync(join(tmpdir(), 'clients-'));
    let cluster: LiveCluster;

    beforeAll(async () => {
      cluster = await started(`clients-${what}`, props);
      if (cluster.credentials !== undefined) bring(folder, cluster.credentials);
    });
    afterAll(async () => {
      rmSync(folder, { recursive: true });
      await cluster.destroy();
    });

    for (const client of clients) {
      const missing = lacking(client);
      if (missing !== undefined) {
        test.skip(`${client} is not looked at: ${missing}`, () => undefined);
        continue;
      }

      test(`${client} goes on at another master`, async () => {
        const writer = new ProgramWriter(cluster, client, programOf(client, page, showsCertificate), {
          ...cluster.environment,
          REDIS_TLS_CA: join(folder, 'ca.crt'),
          CLIENT_CERTIFICATE: folder,
          STORE_PASSWORD,
        });
        try {
          const { master: before } = await healthy(cluster);
          await writer.acknowledges(20);
          await cluster.deletePod(before);
          const { master } = await healthy(cluster);
          expect(master).not.toBe(before);
          await writer.acknowledges(20);
        } finally {
          await writer.stop();
        }
        const { acknowledged, gap, lost } = await writer.account();
        console.log(`${cluster.namespace}: ${client}: ${acknowledged} writes, gap ${gap} ms, ${lost.length} lost`);
        expect(lost).toEqual([]);
        expect(gap).toBeLessThan(LONGEST_GAP);
      });
    }
  },
);
