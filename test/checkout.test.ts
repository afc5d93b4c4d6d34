import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const ROOT = join(__dirname, '..');
/** What is rendered, compared or run. */
const TREES = ['.ci', 'dist', 'docs', 'examples', 'lib', 'scripts', 'test/__snapshots__'];

const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Git as on a machine where it is set to write the line ends of Windows. */
function git(cwd: string, ...args: string[]): void {
  const own = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'core.autocrlf=true'];
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', [...own, ...args], { cwd, env, stdio: 'pipe' });
}

/** A clone of this library's files there. */
function clone(name: string, files: string[]): string {
  const [origin, copy] = [join(folder, `${name}-origin`), join(folder, name)];
  for (const file of files) cpSync(join(ROOT, file), join(origin, file), { recursive: true });
  git(origin, 'init', '--quiet');
  // As they are in the repository, whatever this checkout has.
  git(origin, '-c', 'core.safecrlf=false', 'add', '.');
  git(origin, 'commit', '--quiet', '--message', 'all');
  git(folder, 'clone', '--quiet', origin, copy);
  return copy;
}

function filesIn(tree: string): string[] {
  return readdirSync(join(ROOT, tree), { recursive: true })
    .map((file) => join(tree, String(file)))
    .filter((file) => statSync(join(ROOT, file)).isFile());
}

describe('A clone with core.autocrlf=true', () => {
  test('has the same bytes as every other.', () => {
    const copy = clone('attributed', ['.gitattributes', ...TREES]);
    const files = TREES.flatMap(filesIn);
    expect(files).toContain('lib/nodes/scripts/redis.sh');
    expect(files.filter((file) => !readFileSync(join(ROOT, file)).equals(readFileSync(join(copy, file))))).toEqual([]);
  });

  test('is refused by a synth where it has carriage returns in the scripts all the same.', () => {
    const copy = clone('converted', ['lib', 'tsconfig.json']);
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const program = `
      const { App, Chart } = require('cdk8s');
      const { RedisSentinelCluster } = require('./lib');
      new RedisSentinelCluster(new Chart(new App(), 'test'), 'cache');`;
    const { stderr, status } = spawnSync(process.execPath, ['-r', 'ts-node/register', '-e', program], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect(stderr).toContain("RedisSentinelCluster 'test/cache' was not rendered: 1 problem");
    expect(stderr).toMatch(/scripts = .*redis\.sh.*: must have no carriage return, .*\[script-line-ends\]/);
    expect(status).not.toBe(0);
  });
});

describe('npm here', () => {
  test('runs no script of what it installs: one of cdk8s-plus-27 writes into the home folder.', () => {
    const env = { PATH: process.env['PATH'], HOME: folder };
    expect(execFileSync('npm', ['config', 'get', 'ignore-scripts'], { cwd: ROOT, env, encoding: 'utf8' })).toBe(
      'true\n',
    );
  });
});
