import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { filesIn, filesOf } from '../../scripts/examples';
import { schemaErrors, schemaVersions } from '../support/kubernetes-schema';

const committed = filesIn(join(__dirname, '..', '..', 'dist'));

test('dist/ is what main.ts renders, byte for byte: `npm run golden` writes it anew.', async () => {
  expect(Object.keys(committed)).not.toEqual([]);
  expect(await filesOf('main.ts')).toEqual(committed);
});

const objects = Object.values(committed)
  .flatMap((text) => parseAllDocuments(text))
  .map((document): unknown => document.toJS());

test.each(schemaVersions)('dist/ is valid in Kubernetes %s.', (version) => {
  expect(objects.flatMap((object) => schemaErrors(version, object))).toEqual([]);
});
