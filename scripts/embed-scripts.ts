import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCRIPT_FILES } from '../lib/config-maps/script-files';
import { DASHBOARD_FILE } from '../lib/metrics/dashboard-file';

/**
 * Writes the texts of the scripts, and of the dashboard, into the built modules in the place of what reads them, so that they travel
 * in the program. The modules stay CommonJS with the same exports: their declarations go on being right.
 */
const built = join(__dirname, '..', 'build', 'lib');

function embed(module: string, exported: Record<string, unknown>): void {
  const lines = Object.entries(exported).map(
    ([name, value]) => `exports.${name} = ${JSON.stringify(value, undefined, 2)};\n`,
  );
  writeFileSync(join(built, module), `"use strict";\n${lines.join('')}`);
}

embed(join('config-maps', 'script-files.js'), { SCRIPT_FILES });
embed(join('metrics', 'dashboard-file.js'), { DASHBOARD_FILE });
