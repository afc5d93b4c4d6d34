import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as ts from 'typescript';

const LIB = join(__dirname, '..', '..', 'lib');

const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ts.createSourceFile(name, readFileSync(join(LIB, name), 'utf8'), ts.ScriptTarget.ES2022, true));

/** Numbers that are no default: nothing that is set elsewhere could make them wrong. */
const OF_THEMSELVES: Record<string, string> = {
  IPv4: 'a name',
  "BackupTarget.s3({ bucket: '…' })": 'a name',
  "'https://s3.example.com'": 'an example of an address',
  "'0 3 * * *'": 'an example of a schedule',
  "'203.0.113.0/24'": 'an example of a network',
  "'20261126T030000Z-123456'": 'an example of a backup',
  'nodes.replicas: 1 or more': 'what a copy is made of',
  'write 2 or more': 'one that is not alone',
  "'3.2' or later": 'a version of HAProxy',
  '1 to 63 lower case letters': 'the form of a DNS label',
  "'sha256:' and 64 hexadecimal digits": 'the form of a digest',
  'settings.minReplicasToWrite 0': 'none: the guard is off',
  'maxSurge 0 and maxUnavailable 1': 'all that a single pod without a second allows',
};

function within(node: ts.Node): ts.Node[] {
  const nodes = [node];
  node.forEachChild((child) => {
    nodes.push(...within(child));
  });
  return nodes;
}

const all = files.flatMap(within);

/** Functions that are told a remedy, and as which of their arguments. */
const tellers = new Map(
  all.filter(ts.isFunctionLike).flatMap((node): [string, number][] => {
    const index = node.parameters.findIndex(({ name }) => name.getText() === 'remedy');
    const name = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
    return index === -1 || name === undefined ? [] : [[name.getText(), index]];
  }),
);

function remedyOf(node: ts.Node): ts.Node | undefined {
  if (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node))
    return node.name.getText() === 'remedy' ? node.initializer : undefined;
  return ts.isCallExpression(node) ? node.arguments[tellers.get(node.expression.getText()) ?? -1] : undefined;
}

/** What is typed by hand in an expression: its texts, and numbers that are put between them. */
function typed(node: ts.Node): string[] {
  return within(node).flatMap((part) =>
    ts.isStringLiteralLike(part) ||
    ts.isTemplateHead(part) ||
    ts.isTemplateMiddleOrTemplateTail(part) ||
    (ts.isNumericLiteral(part) && ts.isTemplateSpan(part.parent))
      ? [part.text]
      : [],
  );
}

const remedies = all.flatMap((node) => {
  const remedy = remedyOf(node);
  return remedy === undefined ? [] : typed(remedy);
});

test('A remedy has the numbers of the defaults from where they are set.', () => {
  expect(remedies.length).toBeGreaterThan(50);
  const byHand = remedies.filter((text) =>
    /\d/.test(Object.keys(OF_THEMSELVES).reduce((rest, known) => rest.replace(known, ''), text)),
  );
  expect(byHand).toEqual([]);
});

test('Every number that a remedy may have of itself is in one.', () => {
  expect(Object.keys(OF_THEMSELVES).filter((known) => !remedies.some((text) => text.includes(known)))).toEqual([]);
});
