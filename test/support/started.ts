import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, textOf, withPrograms, type Answer } from './shell';

/** What a script is started with, in a folder of its own. */
export interface Start {
  /** The volume's, as they are before. */
  readonly data?: Record<string, string>;
  /** Of the memory that the containers of a pod share. */
  readonly memory?: Record<string, string>;
  /** Of the mounted Secret. */
  readonly passwords?: Record<string, string>;
  readonly variables?: Record<string, string>;
  readonly programs?: Record<string, string>;
  /** Commands before the script: functions in the place of programs. */
  readonly before?: string;
  readonly change?: (text: string, folder: string) => string;
}

/** What became of it. */
export interface Started extends Answer {
  readonly lines: string[];
  readonly data: Record<string, string>;
  readonly memory: Record<string, string>;
}

/** Runs a script with a volume, a shared memory, and programs that stand for the server's. */
export function started(shell: string[], script: string, start: Start): Started {
  const folder = mkdtempSync(join(tmpdir(), 'started-'));
  try {
    const [dataDir, runDir] = [join(folder, 'data'), join(folder, 'run')];
    write(dataDir, start.data ?? {});
    write(runDir, start.memory ?? {});
    const passwords = join(folder, 'passwords');
    write(passwords, start.passwords ?? {});
    const { change = (text: string) => text } = start;
    const variables = {
      PATH: withPrograms(join(folder, 'bin'), { 'valkey-cli': 'exit 1', ...start.programs }),
      ...start.variables,
      ...{ DATA_DIR: dataDir, RUN_DIR: runDir, PASSWORDS_DIR: passwords },
    };
    const answer = run(shell, [], `${start.before ?? ''}\n${change(textOf(script), folder)}`, variables);
    const stdout = answer.stdout.replaceAll(folder, '');
    return { ...answer, stdout, lines: stdout.split('\n').slice(0, -1), data: read(dataDir), memory: read(runDir) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function read(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
