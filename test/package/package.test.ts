import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App, Chart, Yaml } from 'cdk8s';
import { RedisSentinelCluster } from '../../lib/index';

const ROOT = join(__dirname, '..', '..');
const PACKAGE = 'cdk8s-redis-sentinel-cluster';

/** What a checkout has, and nothing that was built in it. */
const CHECKOUT = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'lib',
  'scripts',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

/** The library as npm would install it from Git, or publish it, in an empty project. */
describe('the packed library', () => {
  const project = mkdtempSync(join(tmpdir(), 'package-'));
  let files: string[] = [];

  beforeAll(() => {
    const checkout = join(project, 'checkout');
    for (const name of CHECKOUT) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    // Of a dependency from Git npm runs this script and no other; before it publishes, this one too.
    execFileSync('npm', ['run', 'prepare'], { cwd: checkout, stdio: 'ignore' });
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], {
      cwd: checkout,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [tarball] = JSON.parse(packed.slice(packed.indexOf('['))) as {
      filename: string;
      files: { path: string }[];
    }[];
    files = tarball?.files.map(({ path }) => path) ?? [];
    const installed = join(project, 'node_modules', PACKAGE);
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', join(project, tarball?.filename ?? ''), '-C', installed, '--strip-components=1']);
    for (const peer of ['cdk8s', 'cdk8s-plus-27', 'constructs']) {
      symlinkSync(dirname(require.resolve(`${peer}/package.json`)), join(project, 'node_modules', peer));
    }
  }, 60_000);
  afterAll(() => {
    rmSync(project, { recursive: true });
  });

  test('has what runs, what types it and what explains it, and nothing else', () => {
    const others = files.filter((file) => !/^build\/lib\/([a-z-]+\/)?[a-z-]+\.(js|d\.ts)$/.test(file));

    expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    expect(files).toContain('build/lib/index.d.ts');
  });

  test('renders the same manifests as the sources', () => {
    writeFileSync(
      join(project, 'main.js'),
      `const { App, Chart, Yaml } = require('cdk8s');
       const { RedisSentinelCluster } = require('${PACKAGE}');
       const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
       new RedisSentinelCluster(chart, 'cache');
       require('node:fs').writeFileSync('out.yaml', Yaml.stringify(...chart.toJson()));`,
    );
    execFileSync(process.execPath, ['main.js'], { cwd: project });

    const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
    new RedisSentinelCluster(chart, 'cache');
    expect(readFileSync(join(project, 'out.yaml'), 'utf8')).toBe(Yaml.stringify(...(chart.toJson() as unknown[])));
  });
});
