import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { apiReference } from './api-reference';
import { failuresPage } from '../bench/failures-page';
import { FILE as DASHBOARD, dashboard } from './dashboard';
import { propsReference } from './props-reference';

const ROOT = join(__dirname, '..');
const TS_NODE = join(ROOT, 'node_modules', '.bin', 'ts-node');
/** An example that is copied has one of its own. */
const CONFIG = join(ROOT, 'tsconfig.json');

/** Names of the folders in `examples/` that have a program. */
export function exampleNames(): string[] {
  const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).sort();
}

/** What a program writes when it is run as its users run it: the text of each file, by the file's name. */
export async function filesOf(program: string): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'golden-'));
  try {
    const env = { ...process.env, CDK8S_OUTDIR: folder };
    await promisify(execFile)(TS_NODE, ['--project', CONFIG, program], { cwd: ROOT, env });
    return filesIn(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The text of each file in a folder and those below it, by its path from there. */
export function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

/** What is expected of an example, by the names of the files in its folder: `expected.yaml`, or more of them in `expected/`. */
export function expectedOf(example: string): Record<string, string> {
  const folder = join(ROOT, 'examples', example);
  const single = readdirSync(folder).includes('expected.yaml');
  if (single) return { 'expected.yaml': readFileSync(join(folder, 'expected.yaml'), 'utf8') };
  return filesIn(join(folder, 'expected'));
}

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

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(`${basename(__filename)}:`, error);
    process.exitCode = 1;
  });
}
