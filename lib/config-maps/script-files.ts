import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Each room of the sources has a folder of scripts, or none. */
const ROOMS = join(__dirname, '..');

/**
 * Text of each script by its file's name, read once, for every cluster has the same. In what is built this module has the
 * texts themselves, see `scripts/embed-scripts.ts`: a program that is bundled has no files beside it, or those of others.
 */
export const SCRIPT_FILES: Record<string, string> = Object.fromEntries(
  readdirSync(ROOMS)
    .map((room) => join(ROOMS, room, 'scripts'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name): [string, string] => [name, join(folder, name)]))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, file]) => [name, readFileSync(file, 'utf8')]),
);
