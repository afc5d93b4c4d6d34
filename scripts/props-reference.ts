import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const LIB = join(__dirname, '..', 'lib');
const FILES = [
  'props',
  'image/props',
  'workload/props',
  'settings/props',
  'storage/props',
  'auth/props',
  'security/props',
  'connection/parts',
  'risks',
];

/** docs/props.md: every interface and enum of the props with what their docstrings say. */
export function propsReference(): string {
  const sections = FILES.flatMap((name) => {
    const file = ts.createSourceFile(name, readFileSync(join(LIB, `${name}.ts`), 'utf8'), ts.ScriptTarget.ES2022, true);
    return file.statements.flatMap((statement) => {
      if (!isExported(statement)) return [];
      if (ts.isInterfaceDeclaration(statement)) return [interfaceSection(statement)];
      if (ts.isEnumDeclaration(statement)) return [enumSection(statement)];
      if (ts.isClassDeclaration(statement)) return [classSection(statement)];
      return [];
    });
  });
  return (
    [
      '# Props',
      'Made from the docstrings in `lib` by `npm run golden`. Every prop is optional unless it says otherwise.',
      ...sections.filter((section) => section !== ''),
    ].join('\n\n') + '\n'
  );
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

interface Doc {
  readonly text: string;
  readonly preset: string;
}

function docOf(node: ts.Node): Doc {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const tag = (name: string): string | undefined =>
    doc?.tags
      ?.filter((each) => each.tagName.text === name)
      .map((each) => ts.getTextOfJSDocComment(each.comment) ?? '')
      .join(' ');
  const links = tag('see');
  const text = [ts.getTextOfJSDocComment(doc?.comment) ?? '', links ? `See ${links}.` : ''].join(' ');
  return { text: plain(text), preset: plain((tag('default') ?? '').replace(/^- /, '')) };
}

function plain(text: string): string {
  return text
    .replace(/\{@link ([^}]+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .replace(/\|/g, '\\|')
    .trim();
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function interfaceSection(node: ts.InterfaceDeclaration): string {
  const members = node.members.filter(ts.isPropertySignature);
  const bases = (node.heritageClauses ?? []).flatMap(({ types }) => types.map((type) => `\`${type.getText()}\``));
  const rows = members.map((member) => {
    const { text, preset } = docOf(member);
    return [`\`${member.name.getText()}\``, `\`${plain(member.type?.getText() ?? '')}\``, preset, text];
  });
  if (rows.length === 0) return '';
  const inherits = bases.length > 0 ? ` Also has what ${bases.join(' and ')} has.` : '';
  return `## ${node.name.text}\n\n${docOf(node).text}${inherits}\n\n${table(['Prop', 'Type', 'Default', 'What it is'], rows)}`;
}

function enumSection(node: ts.EnumDeclaration): string {
  const rows = node.members.map((member) => [`\`${member.name.getText()}\``, docOf(member).text]);
  return `## ${node.name.text}\n\n${docOf(node).text}\n\n${table(['Value', 'What it is'], rows)}`;
}

/** Classes whose choices are static methods. */
function classSection(node: ts.ClassDeclaration): string {
  const choices = node.members.filter(
    (member): member is ts.MethodDeclaration =>
      ts.isMethodDeclaration(member) &&
      (ts.getModifiers(member) ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword),
  );
  if (choices.length === 0) return '';
  const rows = choices.map((choice) => {
    const parameters = choice.parameters.map(
      (parameter) => `${parameter.name.getText()}: ${parameter.type?.getText() ?? ''}`,
    );
    return [`\`${node.name?.text ?? ''}.${choice.name.getText()}(${parameters.join(', ')})\``, docOf(choice).text];
  });
  return `## ${node.name?.text ?? ''}\n\n${docOf(node).text}\n\n${table(['Choice', 'What it is'], rows)}`;
}
