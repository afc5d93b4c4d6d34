import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOURCED, pathOf, run, textOf } from './shell';

/** Values by the second from which they hold. */
export type Course = Record<number, string>;

/** For `current`, which prints the value of now. */
export const inLines = (course: Course): string =>
  Object.entries(course)
    .map((entry) => entry.join(' '))
    .join('\n');

/**
 * A clock that goes by what is waited for, and by a hundredth of a second when it is read. For `turns.sh` and what reads it,
 * whose log is standard output here.
 */
export const TIME = `
  elapsed=0 now=0 started=0
  clock() { elapsed=$((elapsed + 10)) && now=$elapsed; }
  sleep() {
    case $1 in *.*) fraction=$(printf '%.3s' "\${1#*.}00") ;; *) fraction=000 ;; esac
    elapsed=$((elapsed + \${1%.*} * 1000 + 1$fraction - 1000))
  }
  say() { echo "$*"; }
  current() { # COURSE
    printf '%s\\n' "$1" | {
      value=''
      while read -r from words; do [ "$elapsed" -lt $((from * 1000)) ] || value=$words; done
      echo "$value"
    }
  }
`;

/** For a whole hook under that clock: what it says and waits for, each with its second. */
export const LOGGED = `
  log() { echo "$((elapsed / 1000)) $*"; }
  say() { log "says: $*"; }
  wait_for() { log "waits: $*"; }
`;

/**
 * The text of a script that does more than define functions, with these in place of what it reads or asks others. They come
 * before it is strict, for no server's programs are here.
 */
export function withStubs(file: string, stubs: string): string {
  const lines = readFileSync(pathOf(file), 'utf8').split('\n');
  const end = Math.max(...lines.map((line, index) => (line.startsWith('. ') ? index + 1 : 0)));
  const text = [...inlined(lines.slice(0, end)), stubs, 'set -eu', ...lines.slice(end)].join('\n');
  return text.replaceAll('/dev/termination-log', '"$RUN_DIR/termination-log"').replace('\nset -eu\n', '\n');
}

/** With the text of other scripts in the places where these lines read them. */
function inlined(lines: string[]): string[] {
  return lines.map((line) => line.replace(SOURCED, (_, other: string) => textOf(other)));
}

/** What the commands print, on standard output and then as errors, in a folder of their own. */
export function linesOf(
  shell: string[],
  sourced: string[],
  commands: string,
  variables: Record<string, string> = {},
  input = '',
): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'scripts-'));
  try {
    const folders = { RUN_DIR: folder, PASSWORDS_DIR: folder };
    const { stdout, stderr } = run(shell, sourced, commands, { ...variables, ...folders }, input);
    return `${stdout}${stderr}`.split('\n').slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
