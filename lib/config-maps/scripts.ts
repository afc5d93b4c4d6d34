import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCRIPTS_PATH } from './paths';

/** Each room has a folder of scripts, or none; the build copies them. */
export const SCRIPTS_FOLDER = join(__dirname, '..');

/** The scripts of a container, by their file's name; `common.sh` and others are read by them. */
export type Script =
  'names' | 'redis' | 'keeper' | 'stop-redis' | 'sentinel' | 'stop-sentinel' | 'sentinel-keeper' | 'probe' | 'check';

export function command(script: Script): string[] {
  return ['sh', `${SCRIPTS_PATH}/${script}.sh`];
}

/** Each file's text by its name: read once, for every cluster has the same. */
export const SCRIPT_FILES: Record<string, string> = Object.fromEntries(
  readdirSync(SCRIPTS_FOLDER)
    .map((room) => join(SCRIPTS_FOLDER, room, 'scripts'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name): [string, string] => [name, join(folder, name)]))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, file]) => [name, readFileSync(file, 'utf8')]),
);
