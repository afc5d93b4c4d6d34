import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { apiReference } from './api-reference';
import { failuresPage } from '../bench/failures-page';
import { FILE as DASHBOARD, dashboard } from './dashboard';
import { ROOT, exampleNames, filesOf } from './examples';
import { propsReference } from './props-reference';

/** Writes everything that is rendered and committed. Nothing is written where a program fails. */
async function main(): Promise<void> {
  write(DASHBOARD, dashboard()); // the programs render it
  const [dist, ...examples] = await Promise.all(
    ['main.ts', ...exampleNames().map((name) => `examples/${name}/main.ts`)].map(filesOf),
  );
  await promisify(execFile)('npm', ['run', 'build'], { cwd: ROOT });
  const api = await apiReference(ROOT);
  replace(join(ROOT, 'dist'), dist ?? {});
  exampleNames().forEach((name, index) => {
    const rendered = examples[index] ?? {};
    const [only, ...others] = Object.values(rendered);
    const folder = join(ROOT, 'examples', name);
    rmSync(join(folder, 'expected.yaml'), { force: true });
    rmSync(join(folder, 'expected'), { recursive: true, force: true });
    if (only !== undefined && others.length === 0) write(join(folder, 'expected.yaml'), only);
    else replace(join(folder, 'expected'), rendered);
  });
  write(join(ROOT, 'docs', 'props.md'), propsReference());
  write(join(ROOT, 'API.md'), api);
  write(join(ROOT, 'docs', 'failures.md'), failuresPage());
}

/** A file that is no longer rendered must not stay. */
function replace(folder: string, files: Record<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) write(join(folder, name), text);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

main().catch((error: unknown) => {
  console.error(`${basename(__filename)}:`, error);
  process.exitCode = 1;
});
