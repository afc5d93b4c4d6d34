import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

const INDEX = join(__dirname, '..', 'lib', 'index.ts');

export type Declaration = ts.InterfaceDeclaration | ts.EnumDeclaration | ts.ClassDeclaration;

/** What the library exports, by name, wherever in `lib` it is declared. */
export const API: ReadonlyMap<string, Declaration> = exportsOf(INDEX);

const OPTIONS = [...API.keys()].filter((name) => name.endsWith('Options'));

/** What a program writes, from the outside to the inside: the props of a cluster, and whatever they are made of. */
export const WRITTEN: readonly Declaration[] = reachable(['RedisSentinelClusterProps', ...OPTIONS]);

/** That, and what the parts of a cluster are given. */
export const GIVEN: readonly Declaration[] = reachable([...API.keys()].filter((name) => /(Props|Options)$/.test(name)));

export interface Member {
  readonly name: string;
  /** The type that declares it, which may be a base of the one that has it. */
  readonly declaredIn: string;
  readonly type: string;
  readonly optional: boolean;
  readonly doc: Doc;
}

export interface Doc {
  readonly text: string;
  /** As it stands: code, or words after `- `. */
  readonly preset: string | undefined;
}

function exportsOf(path: string): Map<string, Declaration> {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  return new Map(
    file.statements.flatMap((statement): [string, Declaration][] => {
      if (ts.isExportDeclaration(statement)) return reExported(path, statement);
      return isDeclaration(statement) && isExported(statement) ? [[statement.name?.text ?? '', statement]] : [];
    }),
  );
}

function reExported(path: string, { moduleSpecifier, exportClause }: ts.ExportDeclaration): [string, Declaration][] {
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
  const target = join(dirname(path), moduleSpecifier.text);
  const all = exportsOf(existsSync(`${target}.ts`) ? `${target}.ts` : join(target, 'index.ts'));
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [...all];
  return exportClause.elements.flatMap(({ name, propertyName }): [string, Declaration][] => {
    const declaration = all.get((propertyName ?? name).text);
    return declaration === undefined ? [] : [[name.text, declaration]];
  });
}

function isDeclaration(statement: ts.Statement): statement is Declaration {
  return ts.isInterfaceDeclaration(statement) || ts.isEnumDeclaration(statement) || ts.isClassDeclaration(statement);
}

function isExported(statement: Declaration): boolean {
  return (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function reachable(names: string[]): Declaration[] {
  const found = new Map<string, Declaration>();
  const visit = (name: string): void => {
    const declaration = API.get(name);
    if (declaration === undefined || found.has(name)) return;
    found.set(name, declaration);
    namesIn(declaration).forEach(visit);
  };
  names.forEach(visit);
  return [...found.values()];
}

function namesIn(node: ts.Node): string[] {
  const names = ts.isIdentifier(node) ? [node.text] : [];
  node.forEachChild((child) => {
    names.push(...namesIn(child));
  });
  return names;
}

/** The members of an interface; on demand those of its bases too. */
export function membersOf(node: ts.InterfaceDeclaration, { inherited = false } = {}): Member[] {
  const bases = inherited ? basesOf(node).map((name) => API.get(name)) : [];
  return [
    ...bases.flatMap((base) => (base && ts.isInterfaceDeclaration(base) ? membersOf(base, { inherited }) : [])),
    ...node.members.filter(ts.isPropertySignature).map((member) => ({
      name: member.name.getText(),
      declaredIn: node.name.text,
      type: oneLine(member.type?.getText() ?? ''),
      optional: member.questionToken !== undefined,
      doc: docOf(member),
    })),
  ];
}

export function basesOf({ heritageClauses = [] }: { heritageClauses?: readonly ts.HeritageClause[] }): string[] {
  return heritageClauses.flatMap(({ types }) => types.map((type) => type.getText()));
}

export function docOf(node: ts.Node): Doc {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const tag = (name: string): string | undefined =>
    doc?.tags
      ?.filter((each) => each.tagName.text === name)
      // TypeScript takes the scheme of a URL for a name.
      .map(
        (each) =>
          (ts.isJSDocSeeTag(each) ? (each.name?.getText() ?? '') : '') + (ts.getTextOfJSDocComment(each.comment) ?? ''),
      )
      .join(' ');
  const links = tag('see');
  const text = [ts.getTextOfJSDocComment(doc?.comment) ?? '', links ? `See ${links}.` : ''].join(' ');
  const preset = tag('default') || undefined;
  return { text: oneLine(text), preset: preset && oneLine(preset) };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
