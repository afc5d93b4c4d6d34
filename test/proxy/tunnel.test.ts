import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { Tls, TlsProtocol, WhenSentinelsAreAway, type SecretTlsOptions } from '../../lib';
import { haproxyConfig, type Proxied } from '../../lib/proxy/haproxy';
import { tunnelConfig } from '../../lib/proxy/tunnel';
import { resolveTls } from '../../lib/tls/resolve';
import { configMap } from '../support/manifests';
import { pathOf, shells } from '../support/shell';
import { synth } from '../support/synth';

const secret = (options: Partial<SecretTlsOptions> = {}): Tls => Tls.secret({ secretName: 'cache-tls', ...options });
const filesOf = (options: Partial<SecretTlsOptions> = {}): Record<string, string> =>
  configMap(synth({ proxy: { reads: {} }, tls: secret(options) }), 'cache-proxy').data;

describe('The checks of a cluster with TLS', () => {
  test('go to sockets of the pod, and clients to the node itself.', () => {
    const lines = (filesOf()['haproxy.cfg'] ?? '').split('\n').filter((line) => line.startsWith('  server '));
    expect(lines).toHaveLength(3 + 3 + 3 * 3);
    expect(lines[0]).toBe(
      '  server cache-master "cache-master.${POD_NAMESPACE}.svc:6379" check addr "unix@${RUN_DIR}/cache-master.sock"',
    );
    for (const line of lines) expect(line).toMatch(/ check addr "unix@\$\{RUN_DIR\}\/cache-[a-z0-9-]+\.sock"$/);
  });

  test('are put into TLS there, and whoever answers has a certificate of the CA.', () => {
    const config = filesOf()['tunnel.cfg'] ?? '';
    expect(config).toContain(
      '  default-server ssl verify required ca-file "${RUN_DIR}/ca.pem" crt "${RUN_DIR}/tls.pem" init-addr libc,none\n',
    );
    for (const [name, port] of [
      ['cache-replica-2', 6379],
      ['cache-sentinel-3', 26379],
    ] as const)
      expect(config).toContain(
        `listen ${name}\n  bind "unix@\${RUN_DIR}/${name}.sock"\n  server ${name} "${name}.\${POD_NAMESPACE}.svc:${port}"\n`,
      );
    expect(config).not.toMatch(/verify none|ssl-default-server/);
  });

  test('speak what members do.', () => {
    const old = filesOf({ protocols: [TlsProtocol.TLS_1_2], ciphers: 'A:!B' })['tunnel.cfg'];
    expect(old).toContain('  ssl-default-server-options ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.2\n');
    expect(old).toContain('  ssl-default-server-ciphers A:!B\n');
    const both = filesOf({ protocols: [TlsProtocol.TLS_1_3, TlsProtocol.TLS_1_2], cipherSuites: 'C' })['tunnel.cfg'];
    expect(both).toContain('  ssl-default-server-options ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.3\n');
    expect(both).toContain('  ssl-default-server-ciphersuites C\n');
  });
});

const PROGRAMS = [
  ['haproxy', '-v'],
  ['redis-server', '--version'],
  ['openssl', 'version'],
];
const has = PROGRAMS.every(([program = '', ...args]) => spawnSync(program, args).status === 0);

/** On loopback: a master and its replica, a sentinel, and a proxy before them, which is run by its own script. */
(has ? describe : describe.skip).each(shells)('HAProxy itself, started by %s,', (...shell) => {
  let folder = '';
  const started: ChildProcess[] = [];
  const base = 20_000 + (process.pid % 20_000) + shells.indexOf(shell) * 10;
  const [redisPort, sentinelPort, port, healthPort] = [base, base + 1, base + 2, base + 3];
  const [master, replica] = ['127.0.0.1', '127.0.0.2'];
  const path = (file: string): string => join(folder, file);

  function ran(program: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Makes NAME.crt and NAME.key; and NAME.pem with both, of that CA or of itself. */
  function certificate(name: string, ca?: string): void {
    const made = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', path(`${name}.key`)];
    const of = ca === undefined ? [] : ['-CA', path(`${ca}.crt`), '-CAkey', path(`${ca}.key`), '-addext', `subjectAltName=DNS:${name}`]; // prettier-ignore
    ran('openssl', 'req', '-x509', '-days', '2', '-subj', `/CN=${name}`, ...made, ...of, '-out', path(`${name}.crt`));
    writeFileSync(path(`${name}.pem`), text(`${name}.crt`) + text(`${name}.key`));
  }
  const text = (file: string): string => readFileSync(path(file), 'utf8');

  /** A node that is asked with one certificate has another from then on, and trusts a CA. */
  function told(host: string, by: string, pem: string, ca: string): void {
    const pair = path(`${by}.pem`);
    const client = ['--tls', '--insecure', '--cert', pair, '--key', pair, '-h', host, '-p', String(redisPort)];
    const files = ['tls-cert-file', path(`${pem}.pem`), 'tls-key-file', path(`${pem}.pem`), 'tls-ca-cert-file', path(`${ca}.crt`)]; // prettier-ignore
    expect(ran('redis-cli', ...client, 'CONFIG', 'SET', ...files)).toBe('OK\n');
  }

  function serve(name: string, host: string, at: number, lines: string[]): void {
    const files = [`tls-cert-file ${path('a.pem')}`, `tls-key-file ${path('a.pem')}`];
    const tls = [`tls-port ${at}`, 'port 0', 'tls-replication yes', 'tls-auth-clients yes', ...files];
    const own = [`bind ${host}`, `dir ${folder}`, `logfile ${path(`${name}.log`)}`];
    writeFileSync(path(`${name}.conf`), [...tls, ...own, ...lines, ''].join('\n'));
    const mode = name === 'sentinel' ? ['--sentinel'] : [];
    started.push(spawn('redis-server', [path(`${name}.conf`), ...mode], { stdio: 'ignore' }));
  }

  /** As a keeper brings them to the proxy. */
  function bring(file: 'tls.pem' | 'ca.pem', content: string): void {
    writeFileSync(path('new'), content);
    renameSync(path('new'), path(file));
  }

  async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const end = Date.now() + 15_000;
    while (Date.now() < end) {
      if (await holds()) return;
      await sleep(100);
    }
    throw new Error(`not in time: ${what}\n${text('proxy.log')}`);
  }
  const said = (words: string): number => text('proxy.log').split(words).length - 1;

  /** A client that stays, and counts what it is answered. */
  class Client {
    public answers = 0;
    public ended = false;
    public readonly socket: TLSSocket;
    public constructor(pem: string, ca: string) {
      const pair = { cert: readFileSync(path(pem)), key: readFileSync(path(pem)) };
      this.socket = connect({ host: '127.0.0.1', port, ca: readFileSync(path(ca)), ...pair, servername: pem.replace('.pem', '') }); // prettier-ignore
      this.socket.on('data', () => (this.answers += 1));
      this.socket.on('error', () => (this.ended = true));
      this.socket.on('close', () => (this.ended = true));
    }
    public async isAnswered(): Promise<boolean> {
      const before = this.answers;
      if (!this.ended) this.socket.write('PING\r\n');
      for (let look = 0; look < 10 && this.answers === before && !this.ended; look++) await sleep(50);
      return this.answers > before;
    }
  }

  /** Whether a new client gets an answer. */
  async function letsIn(pem: string, ca: string): Promise<boolean> {
    const client = new Client(pem, ca);
    const answered = await client.isAnswered();
    client.socket.destroy();
    return answered;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tunnel-'));
    for (const ca of ['old', 'new-ca', 'stranger']) certificate(ca);
    for (const [name, ca] of [['a', 'old'], ['b', 'new-ca'], ['c', 'stranger']] as const) certificate(name, ca); // prettier-ignore
    writeFileSync(path('both.crt'), text('old.crt') + text('new-ca.crt'));
    const user = (rights: string): string => `user proxy@shop/cache on >hunter2 -@all ${rights}`;
    const node = ['save ""', user('+info'), `tls-ca-cert-file ${path('old.crt')}`];
    serve('master', master, redisPort, node);
    serve('replica', replica, redisPort, [
      ...node,
      `replicaof ${master} ${redisPort}`,
      `replica-announce-ip ${replica}`,
    ]);
    serve('sentinel', master, sentinelPort, [
      ...[user('+sentinel|get-master-addr-by-name'), `tls-ca-cert-file ${path('both.crt')}`],
      `sentinel monitor cache ${master} ${redisPort} 1`,
      'sentinel down-after-milliseconds cache 600000',
    ]);
    const known = (name: string, announced: string) => ({ name, announced });
    const proxied: Proxied = {
      ...resolveTls({ tls: secret() }, { name: 'cache' } as never),
      nodes: [known('cache-master', master), known('cache-replica-1', replica)],
      sentinels: [known('cache-sentinel-1', master)],
      ...{ masterName: 'cache', redisPort, sentinelPort, majority: 1, port, healthPort, metrics: false },
      ...{ checkInterval: Duration.millis(100), maxConnections: 100, reads: undefined },
      whenSentinelsAreAway: WhenSentinelsAreAway.REFUSE,
    };
    writeFileSync(path('haproxy.cfg'), haproxyConfig(proxied).replaceAll(':7800', `:${base + 4}`).replaceAll('port 7800', `port ${base + 4}`)); // prettier-ignore
    writeFileSync(path('tunnel.cfg'), tunnelConfig(proxied, {}));
    const login = Buffer.from('*3\r\n$4\r\nAUTH\r\n$16\r\nproxy@shop/cache\r\n$7\r\nhunter2\r\n').toString('hex');
    writeFileSync(path('logins.cfg'), `global\n  setenv NODE_LOGIN ${login}\n  setenv SENTINEL_LOGIN ${login}\n`);
    writeFileSync(path('hosts'), '');
    bring('ca.pem', text('old.crt'));
    bring('tls.pem', text('a.pem'));
    writeFileSync(path('proxy.log'), '');
    const [program = '', ...args] = shell;
    const env = { PATH: process.env['PATH'], RUN_DIR: folder, POD_NAMESPACE: 'shop', DRAIN_SECONDS: '0' };
    const proxy = spawn(program, [...args, pathOf('proxy.sh'), path('haproxy.cfg'), path('tunnel.cfg')], { env, detached: true }); // prettier-ignore
    for (const stream of [proxy.stdout, proxy.stderr])
      stream.on('data', (data) => {
        appendFileSync(path('proxy.log'), String(data));
      });
    started.push(proxy);
    await until(() => letsIn('a.pem', 'old.crt'), 'a master that is led to');
  });

  afterAll(() => {
    const proxy = started.at(-1);
    if (proxy?.pid !== undefined) spawnSync('kill', ['-KILL', '--', `-${proxy.pid}`]); // its group
    for (const one of started) one.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test('lets clients of the CA in, end to end, and follows another CA without cutting one of them.', async () => {
    const client = new Client('a.pem', 'old.crt');
    expect(await client.isAnswered()).toBe(true);
    expect(client.socket.getPeerCertificate().subject.CN).toBe('a'); // the node's own

    // In the order that docs/tls.md has.
    bring('ca.pem', text('both.crt'));
    told(master, 'a', 'a', 'both');
    told(replica, 'a', 'a', 'both');
    await until(() => said('the tunnel reads it') === 1, 'the bundle is read');
    bring('tls.pem', text('b.pem'));
    await until(() => said('the tunnel reads it') === 2 && said('Loading success') >= 4, 'the certificate is read');

    told(master, 'a', 'b', 'new-ca'); // which knows nobody of the old CA any more
    told(replica, 'a', 'b', 'new-ca');
    for (let look = 0; look < 20; look++) {
      expect(await client.isAnswered()).toBe(true); // checks of a second, and more
      await sleep(100);
    }
    expect(await letsIn('b.pem', 'new-ca.crt')).toBe(true);
    expect(await letsIn('a.pem', 'new-ca.crt')).toBe(false);
    expect(said('HAProxy reads it')).toBe(0);
    client.socket.destroy();
  });

  test('takes all that may be said of what is spoken.', () => {
    const spoken = { protocols: [TlsProtocol.TLS_1_2, TlsProtocol.TLS_1_3], ciphers: 'ECDHE+AESGCM:!RC4', cipherSuites: 'TLS_AES_128_GCM_SHA256' }; // prettier-ignore
    writeFileSync(path('spoken.cfg'), filesOf(spoken)['tunnel.cfg'] ?? '');
    const env = { ...process.env, POD_NAMESPACE: 'shop', RUN_DIR: folder };
    const { status, stderr } = spawnSync('haproxy', ['-c', '-f', path('spoken.cfg')], { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/ALERT|WARNING/)]);
  });

  test('goes on with what it has where it can not read the next.', async () => {
    const client = new Client('b.pem', 'new-ca.crt');
    expect(await client.isAnswered()).toBe(true);
    bring('tls.pem', text('b.crt'));
    await until(() => said('Failed to load worker') > 0, 'the certificate without its key is refused');
    bring('tls.pem', text('b.pem'));
    await until(() => said('Loading success') === 5, 'the whole one is read');
    for (let look = 0; look < 10; look++) expect(await client.isAnswered()).toBe(true);
    client.socket.destroy();
  });

  test('leads to nobody whose certificate is of another CA, and cuts who is there.', async () => {
    const client = new Client('b.pem', 'new-ca.crt');
    expect(await client.isAnswered()).toBe(true);
    told(master, 'b', 'c', 'new-ca');
    await until(() => client.ended, 'the client is cut');
    expect(await letsIn('b.pem', 'stranger.crt')).toBe(false);
  });

  test('does not go on without its tunnel.', async () => {
    const proxy = started.at(-1);
    const tunnel = ran('pgrep', '-P', String(proxy?.pid), '-f', path('tunnel.cfg')).trim();
    process.kill(Number(tunnel), 'SIGKILL');
    await until(() => proxy?.exitCode !== null || proxy.signalCode !== null, 'the script has ended');
  });
});
