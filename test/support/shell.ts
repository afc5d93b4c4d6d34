import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIB = join(__dirname, '../../lib');
const PATHS = new Map(
  readdirSync(LIB)
    .map((room) => join(LIB, room, 'scripts'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file): [string, string] => [file, join(folder, file)])),
);

/** Names of the scripts, which lie side by side in a container; here each is in the folder of its room. */
export const scripts: string[] = [...PATHS.keys()];

export function pathOf(script: string): string {
  const path = PATHS.get(script);
  if (path === undefined) throw new Error(`no script ${script}`);
  return path;
}

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
  const script = [...sourced.map(textOf), commands].join('\n');
  const env = { PATH: process.env['PATH'] ?? '', ...variables };
  const folder = mkdtempSync(join(tmpdir(), 'shell-'));
  try {
    // As in a container: of a string, a child of busybox's shell may go round and round in its unwindfiles() for ever.
    const file = join(folder, 'test.sh');
    writeFileSync(file, script);
    const { status, stdout, stderr } = spawnSync(program, [...args, file], {
      env,
      input,
      encoding: 'utf8',
      timeout: 120_000,
    });
    const names = (text: string): string => text.replaceAll(`${folder}/`, '');
    return { status, stdout: names(stdout), stderr: names(stderr) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As `run`, of commands that leave processes behind them: what they print until they end, and then those are killed. */
export async function runAlone(
  [program = '', ...args]: string[],
  sourced: string[],
  commands: string,
  variables: Record<string, string>,
): Promise<Answer> {
  const script = [...sourced.map(textOf), commands].join('\n');
  const env = { PATH: process.env['PATH'] ?? '', ...variables };
  const shell = spawn(program, [...args, '-c', script, 'test.sh'], { env, detached: true });
  let [stdout, stderr] = ['', ''];
  shell.stdout.on('data', (text) => (stdout += String(text)));
  shell.stderr.on('data', (text) => (stderr += String(text)));
  const late = setTimeout(() => {
    shell.kill('SIGKILL');
  }, 20_000);
  shell.on('exit', () => {
    clearTimeout(late);
    spawnSync('kill', ['-KILL', '--', `-${shell.pid ?? ''}`]); // its group, which is its own, if anybody is left
  });
  return new Promise((resolve) => {
    shell.on('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });
}

/** The text of a function that stands in a script which does more than define functions. */
export function functionOf(file: string, name: string): string {
  const [text] = new RegExp(`^${name}\\(\\) \\{[^]*?^\\}`, 'm').exec(readFileSync(pathOf(file), 'utf8')) ?? [];
  if (text === undefined) throw new Error(`no function ${name} in ${file}`);
  return text;
}

/** A line that reads another script. */
export const SOURCED = /^\. "\$\{0%\/\*\}\/([^"]+)"$/gm;

/** The text of a script, with that of others in the places where it reads them. */
export function textOf(file: string): string {
  const text = readFileSync(pathOf(file), 'utf8');
  return text.replaceAll(SOURCED, (_, other: string) => textOf(other));
}

/** Programs of these names, which are shell scripts: the value of PATH that has them before all others. */
export function withPrograms(folder: string, programs: Record<string, string>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return `${folder}:${process.env['PATH'] ?? ''}`;
}

/** A command and what it reads. */
export type Call = readonly [command: string, input?: string];

/** What each of the calls prints, in one shell, for a busy machine starts few of them in a second. */
export function runEach(
  shell: string[],
  sourced: string[],
  calls: readonly Call[],
  variables: Record<string, string> = {},
): string[] {
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const commands = calls.map(([command, input = '']) => `printf %s ${quoted(input)} | { ${command}\n}; echo "= $?"`);
  const { stdout, stderr } = run(shell, sourced, ['set -eu', ...commands].join('\n'), variables);
  if (stderr !== '') throw new Error(stderr);
  return stdout.split(/^= 0\n/m).slice(0, -1);
}
