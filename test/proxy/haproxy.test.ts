import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { WhenSentinelsAreAway, type ProxyOptions, type RedisSentinelClusterProps } from '../../lib';
import { configMap } from '../support/manifests';
import { synth } from '../support/synth';

const configOf = (proxy: ProxyOptions = {}, props: RedisSentinelClusterProps = {}): string =>
  configMap(synth({ ...props, proxy }), 'cache-proxy').data['haproxy.cfg'] ?? '';

/** Lines of a section, by its head. */
function section(config: string, head: string): string[] {
  const [, text] =
    config
      .split('\n\n')
      .map((part) => part.split('\n'))
      .map(([first, ...rest]) => [first, rest] as const)
      .find(([first]) => first === head) ?? [];
  if (text === undefined) throw new Error(`no section ${head}`);
  return text.map((line) => line.trim());
}

/** As HAProxy reads a word in double quotes: variables, and what stands behind a backslash. */
function read(word: string, variables: Record<string, string> = { POD_NAMESPACE: 'shop' }): string {
  const meaning: Record<string, string> = { r: '\r', n: '\n', $: '$', '\\': '\\', '"': '"' };
  return word.replaceAll(/\\(.)|\$\{(\w+)\}/g, (whole, escaped: string | undefined, name: string | undefined) =>
    name !== undefined ? (variables[name] ?? '') : (meaning[escaped ?? ''] ?? whole),
  );
}

/** The expression that an answer must match to, in its backend. */
function expected(config: string, backend: string, which = 0): RegExp {
  const lines = section(config, `backend ${backend}`).filter((line) => line.startsWith('tcp-check expect'));
  const [, word = ''] = /rstring "(.*)"$/.exec(lines[which] ?? '') ?? [];
  return new RegExp(read(word));
}

const OK = '+OK\r\n';
const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const address = (host: string, port = '6379'): string => `${OK}*2\r\n${bulk(host)}${bulk(port)}`;
const replication = (...lines: string[]): string =>
  `${OK}${bulk(['# Replication', ...lines, 'connected_slaves:0', ''].join('\r\n'))}`;

describe('A sentinel names', () => {
  const config = configOf();

  test.each<[string, string, string, boolean]>([
    ['the node', 'cache-replica-1', address('cache-replica-1.shop.svc'), true],
    ['one whose name begins so', 'cache-replica-1', address('cache-replica-10.shop.svc'), false],
    ['one whose name ends so', 'cache-master', address('x-cache-master.shop.svc'), false],
    ['one of another namespace', 'cache-master', address('cache-master.shop-2.svc'), false],
    ['one whose dots are other letters', 'cache-master', address('cache-masterxshop.svc'), false],
    ['another port', 'cache-master', address('cache-master.shop.svc', '63790'), false],
    ['nobody', 'cache-master', `${OK}*-1\r\n`, false],
    [
      'the node, to somebody that it does not know',
      'cache-master',
      address('cache-master.shop.svc').slice(OK.length),
      false,
    ],
    [
      'nobody, for the right is missing',
      'cache-master',
      `${OK}-NOPERM User proxy@shop/cache has no permissions\r\n`,
      false,
    ],
    ['nobody, for it is of another cluster', 'cache-master', '-WRONGPASS invalid username-password pair\r\n', false],
  ])('%s', (_, node, answer, holds) => {
    expect(expected(config, `says-${node}`).test(answer)).toBe(holds);
  });

  test('nobody, as long as its answer is shorter than any that could.', () => {
    const [line = ''] = section(config, 'backend says-cache-master').filter((one) => one.includes(' expect '));
    const [, bytes] = /min-recv (\d+)/.exec(line) ?? [];
    expect(Number(bytes)).toBe(address('a').length);
  });
});

describe('A node is led to', () => {
  const config = configOf({ reads: { maxLag: Duration.seconds(12) } });
  const slave = (link = 'up', io = '0', sync = '0'): string =>
    replication(
      'role:slave',
      'master_host:cache-master.shop.svc',
      'master_port:6379',
      `master_link_status:${link}`,
      `master_last_io_seconds_ago:${io}`,
      `master_sync_in_progress:${sync}`,
      'slave_read_repl_offset:7',
    );

  test.each([
    ['a master', replication('role:master'), true],
    ['a replica', slave(), false],
    ['a replica that has the word in a name', replication('role:slave', 'master_host:role:master'), false],
    ['one that loads', `${OK}-LOADING Redis is loading the dataset in memory\r\n`, false],
    ['one that does not know who asks', '-WRONGPASS invalid username-password pair\r\n', false],
  ])('for writes: %s', (_, answer, holds) => {
    expect(expected(config, 'write', 1).test(answer)).toBe(holds);
  });

  test.each([
    ['a replica', slave(), true],
    ['one that has just heard of its master', slave('up', '12'), true],
    ['one that has not', slave('up', '13'), false],
    ['one that has not for long', slave('up', '120'), false],
    ['one without a link', slave('down', '-1'), false],
    ['one that copies', slave('up', '0', '1'), false],
    ['a master', replication('role:master'), false],
  ])('for reads: %s', (_, answer, holds) => {
    expect(expected(config, 'read').test(answer)).toBe(holds);
  });

  test('only where the same check has asked what the sentinels say of it first.', () => {
    const checks = section(config, 'backend write').filter((line) => line.startsWith('tcp-check'));
    expect(checks.map((line) => line.split(' ').slice(1, 4).join(' '))).toEqual([
      'connect addr 127.0.0.1',
      String.raw`send-lf "GET /%[srv_name]`,
      'expect min-recv 12',
      'connect',
      'send-binary "${NODE_LOGIN}"',
      String.raw`send "INFO replication\r\n"`,
      'expect min-recv 40',
    ]);
    for (const [answer, holds] of [
      ['HTTP/1.0 200 OK', true],
      ['HTTP/1.1 200 OK', true],
      ['HTTP/1.0 503 200', false],
    ] as const)
      expect(expected(config, 'write').test(answer)).toBe(holds);
  });

  test('and loses its clients when that ends.', () => {
    for (const backend of ['write', 'read'])
      expect(section(config, `backend ${backend}`)).toContain('default-server on-marked-down shutdown-sessions');
  });
});

describe('The verdict', () => {
  test.each([
    [1, 1],
    [3, 2],
    [5, 3],
  ])('of %d sentinels needs %d.', (count, majority) => {
    const risks = count === 1 ? { acceptRisks: ['SINGLE_SENTINEL' as never] } : {};
    const lines = section(configOf({}, { sentinels: { count }, ...risks }), 'frontend verdict');
    expect(lines.slice(-4)).toEqual([
      `http-request return status 200 if { path /cache-master } { nbsrv(says-cache-master) ge ${majority} }`,
      `http-request return status 200 if { path /cache-replica-1 } { nbsrv(says-cache-replica-1) ge ${majority} }`,
      `http-request return status 200 if { path /cache-replica-2 } { nbsrv(says-cache-replica-2) ge ${majority} }`,
      'http-request return status 503',
    ]);
  });

  test('may leave a master its place until a majority gives it to another.', () => {
    const proxy = { whenSentinelsAreAway: WhenSentinelsAreAway.KEEP_CURRENT };
    expect(section(configOf(proxy, { nodes: { replicas: 1 } }), 'frontend verdict').slice(-4)).toEqual([
      'http-request return status 503 if { path /cache-master } { nbsrv(says-cache-replica-1) ge 2 }',
      'http-request return status 503 if { path /cache-replica-1 } { nbsrv(says-cache-master) ge 2 }',
      'http-request return status 200',
      'http-request return status 503',
    ]);
  });

  test('is asked by nobody else.', () => {
    expect(section(configOf(), 'frontend verdict')).toContain('bind 127.0.0.1:7800');
  });
});

test('Addresses that members announce are taken as they are.', () => {
  const master = { hostNetwork: true, announceHost: 'a.example.com' };
  const config = configOf({}, { nodes: { master, scheduling: { spread: 'required' as never } } });
  expect(section(config, 'backend write')).toContain('server cache-master "a.example.com:6379" check');
  expect(expected(config, 'says-cache-master').test(address('a.example.com'))).toBe(true);
  expect(expected(config, 'says-cache-master').test(address('axexample.com'))).toBe(false);
});

test('A frozen node has lost its clients before another one may be master.', () => {
  const times = (downAfter: number) => {
    const config = configOf({}, { sentinels: { downAfter: Duration.millis(downAfter) } });
    const text = section(config, 'backend write').join('\n');
    const of = (what: string): number => Number(new RegExp(`${what} (\\d+)ms`).exec(text)?.[1]);
    return of(' inter') + of('timeout check') + of('fastinter') + of('timeout check');
  };
  for (const downAfter of [3000, 4000, 5000, 60_000]) expect(times(downAfter)).toBeLessThan(downAfter);
});

test('Reads have their master where no replica may, or nobody.', () => {
  const rules = (proxy: ProxyOptions): string[] =>
    section(configOf(proxy), 'frontend clients').filter((line) => /^(use|default)_backend/.test(line));
  expect(rules({ reads: {} })).toEqual([
    'use_backend read if { dst_port 6380 } { nbsrv(read) gt 0 }',
    'default_backend write',
  ]);
  expect(rules({ reads: { fallBackToMaster: false } })).toEqual([
    'use_backend read if { dst_port 6380 }',
    'default_backend write',
  ]);
  expect(rules({})).toEqual(['default_backend write']);
});

test('When it has all clients that it may have, checks and probes are answered still.', () => {
  const config = configOf({ maxConnections: 500, reads: {} });
  expect(section(config, 'frontend clients')).toContain('maxconn 500');
  const [, most] = /^ {2}maxconn (\d+)$/m.exec(config) ?? [];
  expect(Number(most)).toBeGreaterThanOrEqual(500 + 50);
});

test('Metrics are there where they are asked for.', () => {
  const line = 'http-request use-service prometheus-exporter if { path /metrics }';
  expect(section(configOf({}, { metrics: {} }), 'frontend health')).toContain(line);
  expect(section(configOf(), 'frontend health')).not.toContain(line);
});

const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;

(hasHaproxy ? test : test.skip)('HAProxy takes it.', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
  try {
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, configOf({ reads: {} }, { metrics: {} }));
    const env = { ...process.env, POD_NAMESPACE: 'shop', ANY_ADDRESS: '::', NODE_LOGIN: '2a', SENTINEL_LOGIN: '2a' };
    const { status, stderr } = spawnSync('haproxy', ['-c', '-f', file], { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/ALERT|WARNING/)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
