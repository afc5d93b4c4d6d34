import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const PACMAK = join(ROOT, 'node_modules', '.bin', 'jsii-pacmak');

export type Language = 'python' | 'go' | 'java' | 'dotnet';
const LANGUAGES: Language[] = ['python', 'go', 'java', 'dotnet'];

/**
 * Writes the sources of a built library in other languages, each into a folder of its name.
 *
 * @param options such as `--recurse`, for the sources of the packages it needs beside its own
 */
export function generate(library: string, into: string, languages: Language[], ...options: string[]): void {
  const args = ['--code-only', '--no-npmignore', '--outdir', into, '--targets', ...languages, ...options];
  execFileSync(PACMAK, args, { cwd: library, stdio: 'pipe' });
  if (languages.includes('python')) guard(join(into, 'python', 'src', 'cdk8s_redis_sentinel_cluster'));
}

/** What jsii would drop in Python, our own checks can't see any more: it is refused before. */
function guard(module: string): void {
  copyFileSync(join(__dirname, 'strict.py'), join(module, '_strict.py'));
  appendFileSync(join(module, '__init__.py'), '\nfrom ._strict import refuse_dicts\n\nrefuse_dicts(globals())\n');
}

if (require.main === module) generate(ROOT, join(ROOT, 'build', 'languages'), LANGUAGES);
