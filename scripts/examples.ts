import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(__dirname, '..');
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
