import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The scripts are files beside this one in the sources, and two folders up in the published package. */
const FOLDER = join(__dirname, __dirname.endsWith(join('build', 'lib')) ? '../../lib/scripts' : 'scripts');

/** Where they are in a container. */
export const SCRIPTS_PATH = '/scripts';

/** The scripts of a container, by their file's name; `common.sh`, `hosts.sh`, `turns.sh` and `hand-over.sh` are read by them. */
export type Script =
  'names' | 'redis' | 'keeper' | 'stop-redis' | 'sentinel' | 'stop-sentinel' | 'sentinel-keeper' | 'probe';

export function command(script: Script): string[] {
  return ['sh', `${SCRIPTS_PATH}/${script}.sh`];
}

/** Each file's text by its name: read once, for every cluster has the same. */
export const SCRIPT_FILES: Record<string, string> = Object.fromEntries(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sh'))
    .sort()
    .map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]),
);
