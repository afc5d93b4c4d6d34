import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { failuresPage } from '../../bench/failures-page';
import { failuresSections } from '../../bench/failures-section';
import { type Delivered, gitopsSection } from '../../bench/gitops-section';
import { type Idle, idleSection } from '../../bench/idle-section';
import { type Proxied, proxiedSection } from '../../bench/proxied-section';
import { type Sized, bytesOf, sizeSection } from '../../bench/size-section';
import { type Conditions, type Measurement, resultsOf, spread, sum } from '../../bench/results';

const ROOT = join(__dirname, '..', '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const measured = resultsOf<Measurement>('failures');

test('docs/failures.md is what was measured: `npm run golden` writes it anew.', () => {
  expect(readFileSync(join(ROOT, 'docs', 'failures.md'), 'utf8')).toBe(failuresPage());
});

test.each<[string, () => string[]]>([
  ['failures', failuresSections],
  ['gitops', gitopsSection],
  ['size', sizeSection],
  ['proxied', proxiedSection],
])('Every failure that is in bench/%s.json has its row.', (bench, sectionsOf) => {
  const rows = sectionsOf().join('\n');
  expect(resultsOf<Measurement>(bench).filter(({ failure }) => !rows.includes(`| ${failure} |`))).toEqual([]);
});

test.each(['README.md', 'docs/operations.md'])('%s says of which server its figures are.', (page) => {
  const servers = measured
    .filter(({ server }) => server.startsWith('Redis'))
    .map(({ server, origin }) => `${server} (${origin})`);
  expect(servers).not.toEqual([]);
  for (const server of new Set(servers)) expect(readFileSync(join(ROOT, page), 'utf8')).toContain(server);
});

describe('The README', () => {
  const rows = [...README.matchAll(/^\| (\S.*?) +\| +(\d+) \| +([\d.]+ s) \| +(\d+ s) \| +(\d+) \|$/gm)].map(
    ([, ...cells]) => cells,
  );
  /** The median alone. */
  const median = (values: (number | undefined)[], digits: number): string | undefined =>
    spread(values, digits).split(' (')[0];
  const ofTheReadme = <M extends Measurement>(runs: M[]): M[] =>
    runs.filter(({ server, origin }) => README.includes(`**The figures are of ${server} (${origin})**`));

  test('has rows.', () => {
    expect(rows.length).toBeGreaterThan(7);
  });

  test.each(rows)('has what was measured: %s.', (name, ...cells) => {
    const runs = ofTheReadme(measured).filter(({ failure }) => failure === name);
    const gaps = runs.map(({ pooled }) => pooled && pooled.gap / 1000);
    const lost = runs.flatMap(({ pooled, reconnecting }) => [pooled?.lost, reconnecting?.lost]);
    const healthy = runs.map(({ seconds }) => seconds);
    expect(cells).toEqual([String(runs.length), median(gaps, 1), median(healthy, 0), String(sum(lost))]);
    expect(runs.map(({ twoMasters, problem }) => [twoMasters, problem])).toEqual(runs.map(() => [0, undefined]));
  });

  test('has what a master with much data costs that is killed, and a cluster at rest.', () => {
    const large = ofTheReadme(resultsOf<Sized>('size')).filter(({ size }) => size === '2GB');
    const costs = (event: string): string => {
      const runs = large.filter(({ failure }) => failure === event);
      const gaps = runs.map(({ pooled }) => pooled && pooled.gap / 1000);
      return median(gaps, 1) ?? '';
    };
    expect(README.replaceAll('\n', ' ')).toContain(
      `With 2 GB of data a killed master costs ${costs("master's process killed")}, its pod killed ${costs("master's pod killed")},`,
    );
    const all = resultsOf<Idle>('idle').map(({ containers }) => sum(containers.map(({ cpu }) => cpu)));
    expect(README).toContain(`[${median(all, 0)?.replace(' s', '') ?? ''} millicores]`);
  });
});

const CONDITIONS: Conditions = {
  image: 'docker.io/library/redis:1.2.3',
  server: 'Redis 1.2.3',
  origin: 'official image',
  kubernetes: 'v1.2.3',
  library: 'abcdef0',
  day: '2000-01-01',
};

test('What is used at rest is shown for each container and in sum, by the median of the runs.', () => {
  const run = (cpu: number): Idle => ({
    ...CONDITIONS,
    containers: [
      { member: 'cache-master', container: 'redis', cpu, memory: 3 * 2 ** 20 },
      { member: 'cache-master', container: 'keeper', cpu: 1, memory: 2 ** 20 },
      { member: 'cache-sentinel-1', container: 'sentinel', cpu: 2, memory: 2 ** 20 },
      { member: 'cache-sentinel-1', container: 'keeper', cpu: 1.5, memory: 2 ** 20 },
    ],
  });
  const [, , , conditions, table = ''] = idleSection([run(6), run(4), run(9)]);
  expect(conditions).toMatch(/^Measured 2000-01-01: Redis 1\.2\.3 \(official image\), .* at commit abcdef0\./);
  expect(table.split('\n').slice(2)).toEqual([
    '| cache-master | redis | 3 | 6.0 ms/s (4.0 to 9.0) | 3.0 MiB (3.0 to 3.0) |',
    '| cache-master | keeper | 3 | 1.0 ms/s (1.0 to 1.0) | 1.0 MiB (1.0 to 1.0) |',
    '| cache-sentinel-1 | sentinel | 3 | 2.0 ms/s (2.0 to 2.0) | 1.0 MiB (1.0 to 1.0) |',
    '| cache-sentinel-1 | keeper | 3 | 1.5 ms/s (1.5 to 1.5) | 1.0 MiB (1.0 to 1.0) |',
    '| all | redis | 3 | 6.0 ms/s (4.0 to 9.0) | 3.0 MiB (3.0 to 3.0) |',
    '| all | keeper | 3 | 2.5 ms/s (2.5 to 2.5) | 2.0 MiB (2.0 to 2.0) |',
    '| all | sentinel | 3 | 2.0 ms/s (2.0 to 2.0) | 1.0 MiB (1.0 to 1.0) |',
    '| **all** | **all** | 3 | 10.5 ms/s (8.5 to 13.5) | 6.0 MiB (6.0 to 6.0) |',
  ]);
});

test('What grows with the data is shown by failure and size, and what was not as it should be below.', () => {
  const run = (failure: string, size: string, more: Partial<Sized>): Sized => ({
    ...CONDITIONS,
    failure,
    size,
    ...more,
  });
  const client = { acknowledged: 1000, gap: 2000, lost: 0 };
  const work = { full: 2, partial: 0, forks: 3, memory: 2 ** 30 };
  const [table = '', notes] = sizeSection([
    run("master's process killed", '2GB', { seconds: 60, pooled: { ...client, gap: 9000, lost: 1 }, work }),
    run("master's process killed", '256MB', { seconds: 9, pooled: client, work }),
    run("master's process killed", '256MB', { work: { ...work, full: 3 }, problem: 'it did not heal' }),
    run("master's pod deleted", '1kB', { seconds: 12, pooled: client, work: { ...work, full: 1, partial: 2 } }),
  ]).slice(-2);
  expect(table.split('\n').slice(2)).toEqual([
    "| master's pod deleted | 1 kB | 1 | 2.00 s | 12 s | 1 | 2 | 3 | 1024 MiB | 0 |",
    "| master's process killed | 256 MB | 2 | 2.00 s | 9 s | 2 to 3 | 0 | 3 | 1024 MiB (1024 to 1024) | 0 |",
    "| master's process killed | 2 GB | 1 | 9.00 s | 60 s | 2 | 0 | 3 | 1024 MiB | 1 |",
  ]);
  expect(notes).toBe(
    [
      "- master's process killed, 256 MB: **not as it should be**, in one run: it did not heal",
      "- master's process killed, 2 GB: lost: what a client wrote last before the master was gone",
    ].join('\n'),
  );
});

test('What is done by commits is shown for each tool, and what was left to do below.', () => {
  const run = (tool: string, gap: number, more: Partial<Delivered> = {}): Delivered => ({
    ...CONDITIONS,
    tool,
    load: gap / 1000,
    failure: 'a changed setting committed',
    seconds: 30,
    pooled: { acknowledged: 1000, gap, lost: 0 },
    ...more,
  });
  const [, , , conditions, table = '', notes] = gitopsSection([
    run('Flux 2', 3000),
    run('Argo CD 3', 2000, { problem: 'left to do: Service cache-master' }),
    run('Argo CD 3', 1000),
  ]);
  expect(conditions).toMatch(/Meanwhile 1 to 3 processes wanted one of the two cores\.$/);
  expect(table.split('\n').slice(2)).toEqual([
    '| a changed setting committed | Argo CD 3 | 2 | 1.00 s (1.00 to 2.00) | – | 30 s (30 to 30) | 2,000 | 0 | 0 |',
    '| a changed setting committed | Flux 2 | 1 | 3.00 s | – | 30 s | 1,000 | 0 | 0 |',
  ]);
  expect(notes).toBe(
    '- a changed setting committed, by Argo CD 3: **not as it should be**, in one run: left to do: Service cache-master',
  );
});

test('What clients of the proxies live through is shown beside what another one does, and what that one lost below.', () => {
  const client = { acknowledged: 1000, gap: 2000, lost: 0 };
  const run = (failure: string, load: number, more: Partial<Proxied>): Proxied => ({
    ...CONDITIONS,
    proxyImage: 'docker.io/library/haproxy:4.5',
    proxyServer: 'HAProxy 4.5.6',
    load,
    failure,
    ...more,
  });
  const cutOff = 'master cut off from the sentinels only for 15 s';
  const [heading, , , conditions, table = '', notes] = proxiedSection([
    run(cutOff, 3, {
      twoMasters: 0,
      beside: { ...client, lost: 147 },
      pooled: { ...client, gap: 2500, lost: 60 },
      reconnecting: { ...client, lost: 40 },
    }),
    run("a proxy's pod deleted", 1, { twoMasters: 1, beside: client, pooled: client, reconnecting: client }),
    run("a proxy's pod deleted", 2, { problem: 'pooled waited for 9000 ms, and may for 4000' }),
  ]);
  expect(heading).toBe('## Through the proxies');
  expect(conditions).toContain(
    'The proxies run docker.io/library/haproxy:4.5 (HAProxy 4.5.6). Meanwhile 1 to 3 processes',
  );
  expect(table.split('\n').slice(2)).toEqual([
    "| a proxy's pod deleted | 2 | 2.00 s | 2.00 s | 2.00 s | 2,000 | 0 | 1 |",
    `| ${cutOff} | 1 | 2.00 s | 2.50 s | 2.00 s | 2,000 | 100 | 0 |`,
  ]);
  expect(notes?.split('\n')).toEqual([
    "- a proxy's pod deleted: **not as it should be**, in one run: pooled waited for 9000 ms, and may for 4000",
    `- ${cutOff}: may lose writes: clients that stay at the old master write to it until its replicas have left it`,
    `- ${cutOff}: the client beside the proxies lost 147 writes`,
  ]);
});

test.each([
  ['1kB', 1e3],
  ['256MB', 256e6],
  ['2GB', 2e9],
])('%s is %d bytes.', (text, bytes) => {
  expect(bytesOf(text)).toBe(bytes);
});

test.each(['', '2', 'GB', '2 GB', '2GiB', '-1MB', '1.5GB'])("'%s' is no size.", (text) => {
  expect(() => bytesOf(text)).toThrow(`'${text}' is no size`);
});

test('A bench that never ran has no section.', () => {
  expect(idleSection([])).toEqual([]);
  expect(gitopsSection([])).toEqual([]);
  expect(proxiedSection([])).toEqual([]);
  expect(sizeSection([])).toEqual([]);
});
