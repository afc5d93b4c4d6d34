import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const DOCGEN = join(__dirname, '..', 'node_modules', '.bin', 'jsii-docgen');

/** API.md: all that a program may use, from what jsii found in the sources when it built `project`. */
export async function apiReference(project: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    const file = join(folder, 'API.md');
    await promisify(execFile)(DOCGEN, ['--output', file], { cwd: project });
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
