import { SCENES } from '../test/live/failures';
import type { Failure } from '../test/live/kit/failure';
import {
  type Client,
  type Column,
  type Measurement,
  byImage,
  conditionsLine,
  resultsOf,
  spread,
  sum,
  table,
} from './results';

/** What all clients of a row lived through together. */
export const TOTAL_COLUMNS: readonly Column[] = [
  ['Acknowledged', 'r'],
  ['Lost', 'r'],
  ['Two masters', 'r'],
];

export const COLUMNS: readonly Column[] = [
  ['Failure'],
  ['Runs', 'r'],
  ['Gap, client that stays', 'r'],
  ['Gap, new connections', 'r'],
  ['Healthy after', 'r'],
  ...TOTAL_COLUMNS,
];

/** For each image what `npm run bench:failures` measured, for docs/failures.md: a table, and what a number can't say. */
export function failuresSections(): string[] {
  return byImage(resultsOf<Measurement>('failures')).map(({ image, measured }) => section(image, measured));
}

function section(image: string, measured: Measurement[]): string {
  const rows = rowsOf(
    SCENES.flatMap(({ failures }) => failures),
    measured,
  );
  const cells = rows.map(({ failure, runs }) => row(failure, runs));
  const notes = rows.flatMap(({ failure, runs }) => notesOf(failure, runs));
  return [`## ${image}`, conditionsLine(image, measured), table(COLUMNS, cells), notes.join('\n')]
    .join('\n\n')
    .trimEnd();
}

/** Those of the failures that were measured, each with its runs. */
export function rowsOf<M extends Measurement>(failures: Failure[], measured: M[]): { failure: Failure; runs: M[] }[] {
  return failures
    .map((failure) => ({ failure, runs: measured.filter((one) => one.failure === failure.name) }))
    .filter(({ runs }) => runs.length > 0);
}

export function row({ name }: Pick<Failure, 'name'>, runs: Measurement[]): string[] {
  return [
    name,
    String(runs.length),
    gap(runs.map(({ pooled }) => pooled)),
    gap(runs.map(({ reconnecting }) => reconnecting)),
    healthyAfter(runs),
    ...totals(runs),
  ];
}

/** The cells of TOTAL_COLUMNS. */
export function totals(runs: Measurement[]): string[] {
  return [
    sum(clientsOf(runs).map(({ acknowledged }) => acknowledged)).toLocaleString('en'),
    String(lostIn(runs)),
    String(sum(runs.map(({ twoMasters }) => twoMasters))),
  ];
}

/** The gap of one client, over all runs. */
export function gap(clients: (Client | undefined)[]): string {
  return spread(
    clients.map((client) => client && client.gap / 1000),
    2,
  );
}

export function healthyAfter(runs: Measurement[]): string {
  return spread(
    runs.map(({ seconds }) => seconds),
    0,
  );
}

function clientsOf(runs: Measurement[]): Client[] {
  return runs.flatMap(({ pooled, reconnecting }) => [pooled, reconnecting]).filter((client) => client !== undefined);
}

export function lostIn(runs: Measurement[]): number {
  return sum(clientsOf(runs).map(({ lost }) => lost));
}

type Told = Pick<Failure, 'name' | 'mayLose' | 'sudden'>;

export function notesOf({ name, mayLose, sudden = false }: Told, runs: Measurement[]): string[] {
  const given = (texts: (string | undefined)[]): string[] => texts.filter((text) => text !== undefined);
  const lines = [
    ...new Set(given(runs.map(({ remark }) => remark))),
    ...(mayLose === undefined ? [] : [`may lose writes: ${mayLose}`]),
    ...(sudden && lostIn(runs) > 0 ? ['lost: what a client wrote last before the master was gone'] : []),
    ...given(runs.map(({ problem }) => problem)).map((problem) => `**not as it should be**, in one run: ${problem}`),
  ];
  return lines.length === 0 ? [] : [`- ${name}: ${lines.join('; ')}`];
}
