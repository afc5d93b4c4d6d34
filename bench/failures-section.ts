import { SCENES } from '../test/live/failures';
import type { Failure } from '../test/live/kit/failure';
import { idleSection } from './idle-section';
import { type Column, type Conditions, byImage, conditionsLine, resultsOf, spread, sum, table } from './results';

/** What one client lived through in one run. */
export interface Client {
  readonly acknowledged: number;
  /** Longest time between two acknowledged writes, in milliseconds. */
  readonly gap: number;
  readonly lost: number;
}

/** One run of one failure. What is not there could not be measured, for the reason in `problem`. */
export interface Measurement extends Conditions {
  readonly failure: string;
  readonly seconds?: number;
  readonly twoMasters?: number;
  readonly emptyMasters?: number;
  readonly pooled?: Client;
  readonly reconnecting?: Client;
  readonly remark?: string;
  readonly problem?: string;
}

/** docs/failures.md: a table for each image, and below it what a number can't say; then what other benches measured. */
export function failuresPage(): string {
  const sections = byImage(resultsOf<Measurement>('failures')).map(({ image, measured }) => section(image, measured));
  return [
    `# What happens in a failure`,
    `Measured by \`npm run bench:failures\`: three nodes on one machine with two cores, so without a network's delay, and slower than
machines of their own. Each cluster has a few kB of data and the defaults that this library had (three nodes and three sentinels,
\`down-after\` 5 s, an append-only file that is flushed every second, \`min-replicas-to-write\` 1 within 3 s) unless the row says
otherwise; where a machine is drained, lost or cut off, each has one node and one sentinel (\`Spread.REQUIRED\`).
\`bench/failures.json\` has every run.`,
    `Two clients write all the time: one that stays (ioredis, set up as in the README), and one that connects anew for every write.
**Gap** is the longest time between two acknowledged writes; **healthy** the time from the event, with all that it takes by
itself, until all sentinels and nodes agree again. Both are the median, and in brackets the least and the most. **Lost** are
acknowledged writes that are not there afterwards, of both clients in all runs together. **Two masters** counts the moments
in which two nodes took a write, looked for ten times a second.`,
    ...sections,
    ...idleSection(),
  ]
    .join('\n\n')
    .concat('\n');
}

const COLUMNS: Column[] = [
  ['Failure'],
  ['Runs', 'r'],
  ['Gap, client that stays', 'r'],
  ['Gap, new connections', 'r'],
  ['Healthy after', 'r'],
  ['Acknowledged', 'r'],
  ['Lost', 'r'],
  ['Two masters', 'r'],
];

function section(image: string, measured: Measurement[]): string {
  const rows = SCENES.flatMap(({ failures }) => failures)
    .map((failure) => ({ failure, runs: measured.filter((one) => one.failure === failure.name) }))
    .filter(({ runs }) => runs.length > 0);
  const cells = rows.map(({ failure, runs }) => row(failure, runs));
  const notes = rows.flatMap(({ failure, runs }) => notesOf(failure, runs));
  return [`## ${image}`, conditionsLine(image, measured), table(COLUMNS, cells), notes.join('\n')]
    .join('\n\n')
    .trimEnd();
}

function row({ name }: Failure, runs: Measurement[]): string[] {
  return [
    name,
    String(runs.length),
    spread(
      runs.map(({ pooled }) => pooled && pooled.gap / 1000),
      2,
    ),
    spread(
      runs.map(({ reconnecting }) => reconnecting && reconnecting.gap / 1000),
      2,
    ),
    spread(
      runs.map(({ seconds }) => seconds),
      0,
    ),
    sum(clientsOf(runs).map(({ acknowledged }) => acknowledged)).toLocaleString('en'),
    String(lostIn(runs)),
    String(sum(runs.map(({ twoMasters }) => twoMasters))),
  ];
}

function clientsOf(runs: Measurement[]): Client[] {
  return runs.flatMap(({ pooled, reconnecting }) => [pooled, reconnecting]).filter((client) => client !== undefined);
}

function lostIn(runs: Measurement[]): number {
  return sum(clientsOf(runs).map(({ lost }) => lost));
}

function notesOf({ name, mayLose, sudden = false }: Failure, runs: Measurement[]): string[] {
  const given = (texts: (string | undefined)[]): string[] => texts.filter((text) => text !== undefined);
  const lines = [
    ...new Set(given(runs.map(({ remark }) => remark))),
    ...(mayLose === undefined ? [] : [`may lose writes: ${mayLose}`]),
    ...(sudden && lostIn(runs) > 0 ? ['lost: what a client wrote last before the master was gone'] : []),
    ...given(runs.map(({ problem }) => problem)).map((problem) => `**not as it should be**, in one run: ${problem}`),
  ];
  return lines.length === 0 ? [] : [`- ${name}: ${lines.join('; ')}`];
}
