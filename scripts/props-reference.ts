import * as ts from 'typescript';
import { WRITTEN, basesOf, docOf, membersOf, type Declaration } from './public-api';

/** docs/props.md: what a program may write, with what the docstrings say of it. */
export function propsReference(): string {
  return (
    [
      '# Props',
      'Made from the docstrings in `lib` by `npm run golden`. Every prop is optional unless its default is `required`.',
      ...WRITTEN.map(section).filter((text) => text !== ''),
    ].join('\n\n') + '\n'
  );
}

function section(node: Declaration): string {
  if (ts.isInterfaceDeclaration(node)) return interfaceSection(node);
  return ts.isEnumDeclaration(node) ? enumSection(node) : classSection(node);
}

function plain(text: string): string {
  return text.replace(/\{@link ([^}]+)\}/g, '`$1`').replace(/\|/g, '\\|');
}

function textOf(node: ts.Node): string {
  return plain(docOf(node).text);
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function interfaceSection(node: ts.InterfaceDeclaration): string {
  const rows = membersOf(node).map(({ name, type, optional, doc: { text, preset = '' } }) => {
    const byDefault = optional ? plain(preset.replace(/^- /, '')) : '`required`';
    return [`\`${name}\``, `\`${plain(type)}\``, byDefault, plain(text)];
  });
  if (rows.length === 0) return '';
  const bases = basesOf(node).map((base) => `\`${base}\``);
  const inherits = bases.length > 0 ? ` Also has what ${bases.join(' and ')} has.` : '';
  return `## ${node.name.text}\n\n${textOf(node)}${inherits}\n\n${table(['Prop', 'Type', 'Default', 'What it is'], rows)}`;
}

function enumSection(node: ts.EnumDeclaration): string {
  const rows = node.members.map((member) => [`\`${member.name.getText()}\``, textOf(member)]);
  return `## ${node.name.text}\n\n${textOf(node)}\n\n${table(['Value', 'What it is'], rows)}`;
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
    return [`\`${node.name?.text ?? ''}.${choice.name.getText()}(${parameters.join(', ')})\``, textOf(choice)];
  });
  return `## ${node.name?.text ?? ''}\n\n${textOf(node)}\n\n${table(['Choice', 'What it is'], rows)}`;
}
