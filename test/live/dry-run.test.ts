import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { exampleNames, expectedOf, filesIn } from '../../scripts/examples';
import { kubectl } from './kit/kubectl';
import { apply } from './kit/live-cluster';

const DIST = join(__dirname, '..', '..', 'dist');
const RESTRICTED = {
  'pod-security.kubernetes.io/warn': 'restricted',
  'pod-security.kubernetes.io/enforce': 'restricted',
};
// The article's pods are on the network of their machines.
const NAMESPACES = { 'live-dry-run': RESTRICTED, 'live-dry-run-article': {} };

/** What a folder has of this library: kinds of operators are not known here. */
const objectsOf = (files: string[]): string =>
  files.filter((text) => !/^apiVersion: (argoproj|external-secrets|bitnami)\./.test(text)).join('---\n');

/** The texts of files, by the folder that they are in. */
function byFolder(files: Record<string, string>): [string, string][] {
  const folders = [...new Set(Object.keys(files).map(dirname))];
  const inside = (folder: string) => Object.entries(files).filter(([file]) => dirname(file) === folder);
  return folders.map((folder) => [folder, objectsOf(inside(folder).map(([, text]) => text))]);
}

const rendered: [string, string][] = [
  ...byFolder(filesIn(DIST)).map(([folder, text]): [string, string] => [`dist/${folder}`, text]),
  ...exampleNames().flatMap((name) =>
    byFolder(expectedOf(name)).map(([folder, text]): [string, string] => [`${name}/${folder}`, text]),
  ),
].filter(([, text]) => text !== '');

beforeAll(async () => {
  await apply(
    Object.entries(NAMESPACES).map(([name, labels]) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    })),
  );
});
afterAll(async () => {
  await kubectl(['delete', 'namespace', ...Object.keys(NAMESPACES), '--wait=false']);
});

test.each(rendered)('%s is accepted without a warning', async (name, text) => {
  const namespace = name.startsWith('article/') ? 'live-dry-run-article' : 'live-dry-run';
  const objects = parseAllDocuments(text).map((document) => {
    document.setIn(['metadata', 'namespace'], namespace);
    return String(document);
  });

  const { stdout, stderr } = await kubectl(['apply', '--dry-run=server', '--filename', '-'], objects.join('\n---\n'));

  expect(stderr).toBe('');
  expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(objects.length);
});
