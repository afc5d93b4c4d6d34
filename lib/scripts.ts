import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The scripts are files beside this one; the build copies them. */
export const SCRIPTS_FOLDER = join(__dirname, 'scripts');

/** Where they are in a container. */
export const SCRIPTS_PATH = '/scripts';

/** The scripts of a container, by their file's name; `common.sh` and others are read by them. */
export type Script =
  'names' | 'redis' | 'keeper' | 'stop-redis' | 'sentinel' | 'stop-sentinel' | 'sentinel-keeper' | 'probe' | 'check';

export function command(script: Script): string[] {
  return ['sh', `${SCRIPTS_PATH}/${script}.sh`];
}

/** Each file's text by its name: read once, for every cluster has the same. */
export const SCRIPT_FILES: Record<string, string> = Object.fromEntries(
  readdirSync(SCRIPTS_FOLDER)
    .filter((name) => name.endsWith('.sh'))
    .sort()
    .map((name) => [name, readFileSync(join(SCRIPTS_FOLDER, name), 'utf8')]),
);
