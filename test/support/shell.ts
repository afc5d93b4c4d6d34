import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SCRIPTS = join(__dirname, '../../lib/scripts');

/** The shells of the images: Debian's and Alpine's. Those that are on this machine. */
export const shells: string[][] = [['dash'], ['busybox', 'sh']].filter(
  ([program = '', ...args]) => spawnSync(program, [...args, '-c', ':']).status === 0,
);

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs commands with some of the library's scripts read first, and with these variables only. */
export function run(
  [program = '', ...args]: string[],
  sourced: string[],
  commands: string,
  variables: Record<string, string> = {},
  input = '',
): Answer {
  const script = [...sourced.map((file) => `. '${join(SCRIPTS, file)}'`), commands].join('\n');
  const env = { PATH: process.env['PATH'] ?? '', ...variables };
  const { status, stdout, stderr } = spawnSync(program, [...args, '-c', script, 'test.sh'], {
    env,
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** The text of a function that stands in a script which does more than define functions. */
export function functionOf(file: string, name: string): string {
  const [text] = new RegExp(`^${name}\\(\\) \\{[^]*?^\\}`, 'm').exec(readFileSync(join(SCRIPTS, file), 'utf8')) ?? [];
  if (text === undefined) throw new Error(`no function ${name} in ${file}`);
  return text;
}
