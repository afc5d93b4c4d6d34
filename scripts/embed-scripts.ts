import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCRIPT_FILES } from '../lib/config-maps/script-files';

/**
 * Writes the texts of the scripts into the built module in the place of what reads them, so that they travel in the program.
 * The module stays CommonJS with the same export: its declaration goes on being right.
 */
const built = join(__dirname, '..', 'build', 'lib', 'config-maps', 'script-files.js');
writeFileSync(built, `"use strict";\nexports.SCRIPT_FILES = ${JSON.stringify(SCRIPT_FILES, undefined, 2)};\n`);
