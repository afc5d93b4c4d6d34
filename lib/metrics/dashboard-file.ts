import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The dashboard that `scripts/dashboard.ts` has made. In what is built this module has the text itself, see
 * `scripts/embed-scripts.ts`.
 */
export const DASHBOARD_FILE: string = readFileSync(join(__dirname, 'dashboard.json'), 'utf8');
