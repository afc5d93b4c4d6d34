import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';
import { RedisSentinelCluster } from '../../lib/index';
import { expectedOf } from '../../scripts/examples';
import { COMMON_JS, MODULE, withLine } from './programs';
import { Project } from './project';

/** The line of cdk8s-plus that this library is made with, and others that a program may have for its own objects. */
const OWN_LINE = 27;
const OTHER_LINES = [28, 32, 34];
const LINES = [OWN_LINE, ...OTHER_LINES];

const TYPES = join(__dirname, '..', '..', 'node_modules', '@types');

/** Each program that is compiled, by its name. */
const PROGRAMS = new Map([
  ['main', MODULE],
  ...LINES.map((line): [string, string] => [`line-${line}`, withLine(line)]),
]);

/** How TypeScript may look for the package, and in which kinds of files. */
const COMPILERS = new Map([
  ['nodenext', { options: { module: 'nodenext', exactOptionalPropertyTypes: true }, extensions: ['mts', 'cts'] }],
  ['node16', { options: { module: 'node16' }, extensions: ['mts', 'cts'], programs: ['main'] }],
  ['bundler', { options: { module: 'esnext', moduleResolution: 'bundler' }, extensions: ['ts'] }],
]);

/** What the sources render of the smallest program. */
function expected(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'sources-'));
  const app = new App({ outdir });
  new RedisSentinelCluster(new Chart(app, 'shop', { namespace: 'shop' }), 'cache');
  app.synth();
  const text = readFileSync(join(outdir, 'shop.k8s.yaml'), 'utf8');
  rmSync(outdir, { recursive: true });
  return text;
}

describe('The packed library', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'bundle-'));
  let project: Project;
  const complaints = new Map<string, string>();

  beforeAll(() => {
    project = new Project(['cdk8s', 'constructs', ...LINES.map((line) => `cdk8s-plus-${line}`)]);
    project.write('main.js', COMMON_JS);
    project.write('main.mjs', MODULE);
    for (const [name, { options, extensions, programs = [...PROGRAMS.keys()] }] of COMPILERS) {
      const sources = extensions.flatMap((extension) =>
        programs.map((program) => project.write(`${program}.${extension}`, PROGRAMS.get(program) ?? '')),
      );
      complaints.set(name, project.compile(name, sources, options));
    }
  });
  afterAll(() => {
    project.delete();
    rmSync(elsewhere, { recursive: true });
  });

  test('has what runs, what types it and what explains it, and nothing else', () => {
    const others = project.files.filter((file) => !/^build\/lib\/([a-z-]+\/)?[a-z-]+\.(js|d\.ts)$/.test(file));

    expect(others.sort()).toEqual(['.jsii', 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    expect(project.files).toContain('build/lib/index.d.ts');
  });

  test.each(['main.js', 'main.mjs', 'nodenext/main.mjs', 'nodenext/main.cjs'])(
    'renders the same manifests as the sources: %s',
    (program) => {
      expect(project.render(program, 'shop')).toEqual([expected()]);
    },
  );

  test.each([...COMPILERS.keys()])('has types that are found: %s', (name) => {
    expect(complaints.get(name)).toBe('');
  });

  test('is what a copy of the repository for GitOps needs', () => {
    const options = { module: 'commonjs', types: ['node'], typeRoots: [TYPES] };
    expect(project.compile('copied', project.copy('examples/gitops', 'caches'), options)).toBe('');
    const files = expectedOf('gitops');

    expect(
      project.render('copied/caches/main.js', ...Object.keys(files).map((file) => file.replace('.k8s.yaml', ''))),
    ).toEqual(Object.values(files));
  });

  test('renders the same from one file that a bundler made, whatever lies beside it', () => {
    const program = join(elsewhere, 'app', 'main.js');
    expect(project.bundle('main.ts', program)).toBe('');
    for (const folder of ['.', 'scripts', 'app', 'app/scripts', 'nodes/scripts']) {
      mkdirSync(join(elsewhere, folder), { recursive: true });
      for (const name of ['redis.sh', 'foreign.sh']) writeFileSync(join(elsewhere, folder, name), 'exit 1\n');
    }

    expect(project.render(program, 'shop')).toEqual([expected()]);
  });

  describe('in a program with objects of another cdk8s-plus', () => {
    const PASSWORD = { secretKeyRef: { name: 'cache-auth', key: 'password' } };
    let own: string[];

    beforeAll(() => {
      own = project.render(`nodenext/line-${OWN_LINE}.mjs`, 'cluster');
    });

    test.each(OTHER_LINES)('takes values of %i, and gives it those of a connection', (line) => {
      const [cluster = '', client = ''] = project.render(`nodenext/line-${line}.mjs`, 'cluster', 'client');

      expect([cluster]).toEqual(own);
      const env = [
        { name: 'REDIS_MASTER_NAME', value: 'cache' },
        { name: 'REDIS_PASSWORD', valueFrom: PASSWORD },
        {
          name: 'REDIS_SENTINELS',
          value: [1, 2, 3].map((number) => `cache-sentinel-${number}.shop.svc:26379`).join(','),
        },
        { name: 'REDIS_SENTINEL_PASSWORD', valueFrom: PASSWORD },
      ];
      expect(parse(client)).toMatchObject({
        metadata: { annotations: { master: 'cache-master' } },
        spec: { template: { metadata: { labels: { 'cache-client': 'true' } }, spec: { containers: [{ env }] } } },
      });
    });
  });
});
