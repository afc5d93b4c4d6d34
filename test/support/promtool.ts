import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@jest/globals';

/** Debian has it in the package `prometheus`; .ci/run installs that. */
const isThere = spawnSync('promtool', ['--version']).error === undefined;
if (!isThere) console.warn('promtool is not here, and what needs it is skipped: apt-get install prometheus');

/** A test that Prometheus' own tool must be there for. */
export const testWithPromtool: typeof test.skip = isThere ? test : test.skip;

/** Runs it in a folder with these files; says what it complains of, and nothing where all is well. */
export function complaintsOf(args: string[], files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    // What is JSON is YAML too.
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
    const env = { PATH: process.env['PATH'], GOGC: 'off' }; // it ends before its memory is worth collecting
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, env, encoding: 'utf8' });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What of these expressions Prometheus can't read. */
export function unreadable(expressions: string[]): string {
  const rules = expressions.map((expr, index) => ({ record: `expression_${index}`, expr }));
  return complaintsOf(['check', 'rules', 'rules.yaml'], { 'rules.yaml': { groups: [{ name: 'expressions', rules }] } });
}
