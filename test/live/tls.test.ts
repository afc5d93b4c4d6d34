import { connect as connectInClear } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CaBundle, ClientCertificates, Product, Risk, Tls, type RedisSentinelClusterProps } from '../../lib';
import { Authority, type Pair } from './kit/authority';
import { CERTIFICATE, apply, LiveCluster, PASSWORD } from './kit/live-cluster';
import { crashes } from './failures/crashes';
import { stops } from './failures/planned';
import { explained, healthy, started } from './kit/health';
import { sleep, until } from './kit/kubectl';
import { survives } from './kit/observed';
import { socketsOf } from './kit/sockets';
import { everything, thorough } from './kit/tier';

/** Seconds until every member has what is in its Secret: the kubelet needs most of them. */
const TAKEN_OVER = 150;

const IMAGES: [string, RedisSentinelClusterProps][] = [
  ['valkey-9', { image: { product: Product.VALKEY, tag: '9.1.2' } }],
  ['redis-8-0', { image: { tag: '8.0.2' }, acceptRisks: [Risk.VULNERABLE_TLS] }],
  ['redis-7', { image: { tag: '7.0.15' }, acceptRisks: [Risk.VULNERABLE_TLS] }],
];

describe.each(everything ? IMAGES : IMAGES.slice(0, 1))(
  'a cluster of %s with TLS, and certificates of clients',
  (image, props) => {
    const namespace = `live-tls-${image}`;
    const authority = new Authority(namespace);
    let cluster: LiveCluster;
    let ca = '';
    let client: Pair;

    const bring = (certificate: string, key: string, bundle: string): Promise<void> =>
      apply([
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cache-tls', namespace }, stringData: { 'tls.crt': certificate, 'tls.key': key } }, // prettier-ignore
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'trust', namespace }, data: { 'ca.crt': bundle } },
      ]);
    const members = (): string[] => [...cluster.nodes, ...cluster.sentinels];
    const port = (member: string): number => (cluster.sentinels.includes(member) ? 26379 : 6379);

    /** Whose certificate a member shows; and what it answers to somebody who shows this one. */
    function ask(member: string, shown: Partial<Pair> = client): Promise<{ name: string; answer: string }> {
      return new Promise((resolve, reject) => {
        const host = `${cluster.host(member)}.cluster.local`;
        let [name, answer] = ['', ''];
        const socket = connect(
          {
            host,
            servername: host,
            port: port(member),
            ca: trusted,
            cert: shown.certificate,
            key: shown.key,
            timeout: 5000,
          },
          () => {
            // prettier-ignore
            name = String(socket.getPeerCertificate().subject.CN);
            socket.write(
              `*3\r\n$4\r\nAUTH\r\n$7\r\ndefault\r\n$${PASSWORD.length}\r\n${PASSWORD}\r\n*1\r\n$4\r\nPING\r\n`,
            );
          },
        );
        socket.on('data', (data) => {
          answer += String(data);
          if (answer.includes('PONG')) socket.end();
        });
        socket.on('timeout', () => socket.destroy(new Error('timeout')));
        socket.on('error', (error) => {
          if (name === '') reject(error as Error);
          else resolve({ name, answer: String(error) });
        });
        socket.on('close', () => {
          resolve({ name, answer });
        });
      });
    }
    let trusted = '';

    /** What a member answers, in two seconds, to somebody who knows no TLS. */
    function askInClear(member: string): Promise<string> {
      return new Promise((resolve, reject) => {
        let answer = '';
        const socket = connectInClear(port(member), `${cluster.host(member)}.cluster.local`, () => {
          socket.off('error', reject).on('error', () => undefined); // it may be cut off
          socket.write('PING\r\n');
        });
        socket.setTimeout(2000, () => socket.destroy());
        socket.on('data', (data) => (answer += String(data)));
        socket.on('error', reject);
        socket.on('close', () => {
          resolve(answer);
        });
      });
    }

    const shows = async (name: string): Promise<true | undefined> => {
      const all = await Promise.all(members().map((member) => ask(member)));
      return all.every((one) => one.name === name && one.answer.includes('PONG')) ? true : undefined;
    };

    const check = (): Promise<string> =>
    cluster.kubectl('exec', 'deployment/cache-sentinel-1', '-c', 'sentinel', '--', 'sh', '/scripts/check.sh', '60').catch(String); // prettier-ignore

    /** Each keeper says it. */
    const said = async (text: string): Promise<true | undefined> => {
      const logs = await Promise.all(
        members().map((member) => cluster.kubectl('logs', `deployment/${member}`, '-c', 'keeper', '--tail', '5')),
      );
      return logs.every((log) => log.includes(text)) ? true : undefined;
    };

    beforeAll(async () => {
      ca = authority.ca('one');
      trusted = ca;
      client = authority.leaf('first', 'one');
      const tls = Tls.secret({
        secretName: 'cache-tls',
        ca: CaBundle.fromConfigMap('trust'),
        clientCertificates: ClientCertificates.REQUIRED,
      });
      cluster = await LiveCluster.prepare(`tls-${image}`, { ...props, tls });
      await bring(client.certificate, client.key, ca);
      await cluster.apply();
      await until(120, 'every member answers', () => shows('first'));
      expect(await check()).toMatch(/\nhealthy\n$/);
    });
    afterAll(() => cluster.destroy());

    test('lets nobody in who shows none.', async () => {
      for (const member of members()) {
        const { answer } = await ask(member, {});
        expect(answer).not.toContain('PONG');
      }
    });

    test('has no port in clear, and no connection between members that leads to another.', async () => {
      const encrypted = [6379, 26379];
      for (const member of members()) {
        const beyond = (await socketsOf(cluster, member)).filter(({ local }) => !local.loopback);
        const listening = beyond.filter(({ remote }) => remote.port === 0).map(({ local }) => local.port);
        expect([...new Set(listening)]).toEqual([port(member)]);
        expect(await askInClear(member)).not.toMatch(/^[+-]/); // an alert of TLS is no answer
        expect(await ask(member)).toMatchObject({ name: 'first', answer: expect.stringContaining('PONG') });

        const connections = beyond.filter(({ remote }) => remote.port !== 0);
        const inClear = connections.filter(({ local, remote }) =>
          [local, remote].every(({ port }) => !encrypted.includes(port)),
        );
        expect(connections).not.toEqual([]);
        expect(inClear).toEqual([]);
      }
    });

    (everything ? describe : describe.skip)('whose certificate changes', () => {
      test('shows the new one, everywhere.', async () => {
        const { certificate, key } = authority.leaf('second', 'one');
        await bring(certificate, key, ca);
        await until(TAKEN_OVER, 'every member shows the new one', () => shows('second'));
        expect(await check()).toMatch(/\nhealthy\n$/);
      });

      test.each<[what: string, reason: string, days: number, mixed: boolean]>([
        ['a key of another', 'key values mismatch', 10, true],
        ['a time that is over', 'certificate expired', -1, false],
      ])('keeps the one before it where the new one has %s.', async (_, reason, days, mixed) => {
        const { certificate, key } = authority.leaf('bad', 'one', days);
        await bring(certificate, mixed ? client.key : key, ca);
        await until(TAKEN_OVER, 'every keeper refuses it', () => said(reason));
        expect(await shows('second')).toBe(true);
        expect(await check()).toContain('does not use the certificate in its Secret');
      });

      test('changes its CA, when it has known both.', async () => {
        const second = authority.leaf('second', 'one');
        trusted = ca + authority.ca('two');
        await bring(second.certificate, second.key, trusted);
        await until(TAKEN_OVER, 'every member shows it again', () => shows('second'));
        const third = authority.leaf('third', 'two');
        await until(TAKEN_OVER, 'every member trusts both', async () => {
          const all = await Promise.all(members().map((member) => ask(member, third)));
          return all.every(({ answer }) => answer.includes('PONG')) ? true : undefined;
        });
        await bring(third.certificate, third.key, trusted);
        await until(TAKEN_OVER, 'every member shows one of the new CA', () => shows('third'));
        expect(await check()).toMatch(/\nhealthy\n$/);
      }, 600_000);

      test('takes over one that comes when the one before it has ended.', async () => {
        // A sentinel takes over a certificate by a restart, and the kubelet waits 80 s before the fourth within ten minutes.
        for (const sentinel of cluster.sentinels) await cluster.deletePod(sentinel);
        const end = new Date(Date.now() + 2 * TAKEN_OVER * 1000);
        const short = authority.leafUntil('short', 'one', end);
        await bring(short.certificate, short.key, trusted);
        await until(2 * TAKEN_OVER, 'every member shows one that ends soon', () => shows('short'));
        await sleep(end.getTime() - Date.now() + 20_000);
        await expect(shows('short')).rejects.toThrow(/expired/);

        const late = authority.leaf('late', 'one');
        await bring(late.certificate, late.key, trusted);
        await until(TAKEN_OVER, 'every member shows one that came late', () => shows('late'));
        expect(await check()).toMatch(/\nhealthy\n$/);
      }, 900_000);
    });
  },
);

/** With the certificate that each live cluster has. */
const ENCRYPTED: RedisSentinelClusterProps = {
  ...IMAGES[0]?.[1],
  tls: Tls.secret({ secretName: CERTIFICATE, clientCertificates: ClientCertificates.REQUIRED }),
};

(everything ? describe : describe.skip)('An encrypted cluster', () => {
  let cluster: LiveCluster;
  beforeAll(async () => {
    cluster = await started('encrypted', ENCRYPTED);
  });
  afterAll(() => cluster.destroy());

  test.each([...stops, ...crashes])(
    'survives: $name',
    async (failure) => {
      await survives(cluster, failure);
    },
    600_000,
  );
});

thorough(
  'The largest encrypted cluster starts, and its keepers have memory for all whom they ask at once.',
  async () => {
    const most = { nodes: { replicas: 9 }, sentinels: { count: 9 } };
    const cluster = await LiveCluster.prepare('largest', { ...ENCRYPTED, ...most });
    try {
      await cluster.apply();
      await explained(cluster, 'boot', () => healthy(cluster, 180));
      // Of control groups of version 1, or 2. What is killed in one is not always all of it, and then nothing restarts.
      const counts = 'cd /sys/fs/cgroup && cat memory.events memory/memory.oom_control 2>/dev/null || :';
      const killed = new Map<string, string | undefined>();
      for (const member of [...cluster.nodes, ...cluster.sentinels]) {
        const said = await cluster.kubectl('exec', `deployment/${member}`, '-c', 'keeper', '--', 'sh', '-c', counts);
        killed.set(member, /^oom_kill (\d+)$/m.exec(said)?.[1]);
      }
      expect([...killed].filter(([, count]) => count !== '0')).toEqual([]);
      expect(killed.size).toBe(19);
    } finally {
      await cluster.destroy();
    }
  },
  400_000,
);
