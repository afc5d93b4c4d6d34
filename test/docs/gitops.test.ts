import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { application } from '../../examples/gitops/argo-cd';
import { blocksOf } from '../support/pages';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'gitops.md'), 'utf8');
const objects = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].flatMap(([, text = '']) =>
  parseAllDocuments(text).map((document) => document.toJS() as unknown),
);

test('docs/gitops.md has the Application that is tested, but for its folder.', () => {
  const { metadata, spec } = application({
    name: 'cache-production',
    repository: 'https://git.example.com/platform/caches.git',
    path: 'dist/production',
    namespace: 'shop-production',
    project: 'default',
  }) as unknown as { metadata: unknown; spec: { source: { directory?: unknown } } };
  delete spec.source.directory;
  expect(objects[0]).toMatchObject({ metadata, spec });
});

test('docs/gitops.md stays with the folders and namespaces that its program writes.', () => {
  const [program = ''] = blocksOf('docs/gitops.md', 'ts');
  expect(program).toContain('{ staging: 2, production: 3 }');
  expect(program).toContain('namespace: `shop-${environment}`');
  const folders = [...page.matchAll(/\bdist\/(\w+)/g)].map(([, folder]) => folder);
  const namespaces = [...page.matchAll(/kubectl -n (\S+)|create namespace (\S+)/g)].map(
    ([, one, other]) => one ?? other,
  );
  expect([...new Set(folders)].sort()).toEqual(['production', 'staging']);
  expect([...new Set(namespaces)]).toEqual(['shop-production']);
});

test('docs/gitops.md has what Flux needs, of one name.', () => {
  expect(objects.slice(1)).toMatchObject([
    { kind: 'GitRepository', metadata: { name: 'caches' } },
    { kind: 'Kustomization', spec: { sourceRef: { name: 'caches' }, prune: true, wait: true } },
  ]);
});
