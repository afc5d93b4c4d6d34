import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Product } from '../../lib';
import { SAFE_TLS } from '../../lib/tls/holes';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'tls.md'), 'utf8').replaceAll('\n', ' ');

test.each([
  ['Valkey', Product.VALKEY],
  ['Redis', Product.REDIS],
])('docs/tls.md has every patch of %s that closes the holes in TLS.', (name, product) => {
  const patches = Object.entries(SAFE_TLS[product]).map(([line, patch]) => `${line}.${patch}`);
  expect(page).toContain(`${name} before ${patches.join(', ').replace(/, ([^,]+)$/, ' and $1')}`);
});
