import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Measurement, failuresPage } from '../../bench/failures-page';
import { resultsOf } from '../../bench/results';

const ROOT = join(__dirname, '..', '..');
const measured = resultsOf<Measurement>('failures');

test('docs/failures.md is what was measured: `npm run golden` writes it anew.', () => {
  expect(readFileSync(join(ROOT, 'docs', 'failures.md'), 'utf8')).toBe(failuresPage());
});

test('Every failure that was measured has its row.', () => {
  const page = failuresPage();
  expect(measured.filter(({ failure }) => !page.includes(`| ${failure} |`))).toEqual([]);
});

test.each(['README.md', 'docs/operations.md'])('%s says of which server its figures are.', (page) => {
  const servers = measured
    .filter(({ server }) => server.startsWith('Redis'))
    .map(({ server, origin }) => `${server} (${origin})`);
  expect(servers).not.toEqual([]);
  for (const server of new Set(servers)) expect(readFileSync(join(ROOT, page), 'utf8')).toContain(server);
});
