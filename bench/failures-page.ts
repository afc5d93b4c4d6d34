import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGES } from '../lib/defaults';
import { SCENES } from '../test/live/failures';
import type { Failure } from '../test/live/kit/failure';

export const RESULTS = join(__dirname, 'failures.json');

/** What one client lived through in one run. */
export interface Client {
  readonly acknowledged: number;
  /** Longest time between two acknowledged writes, in milliseconds. */
  readonly gap: number;
  readonly lost: number;
}

/** What was measured. An image's name says little: the same one may be of another origin, and later of another version. */
export interface Conditions {
  readonly image: string;
  /** What the server says of itself. */
  readonly server: string;
  /** Where it is from. */
  readonly origin: string;
  readonly kubernetes: string;
  /** The commit of this library. */
  readonly library: string;
}

/** One run of one failure. What is not there could not be measured, for the reason in `problem`. */
export interface Measurement extends Conditions {
  readonly failure: string;
  readonly day: string;
  readonly seconds?: number;
  readonly twoMasters?: number;
  readonly emptyMasters?: number;
  readonly pooled?: Client;
  readonly reconnecting?: Client;
  readonly remark?: string;
  readonly problem?: string;
}

/** docs/failures.md: a table for each image, and below it what a number can't say. */
export function failuresPage(): string {
  const all = JSON.parse(readFileSync(RESULTS, 'utf8')) as Measurement[];
  const order = SCENES.flatMap(({ failures }) => failures);
  const images = [...new Set(all.map(({ image }) => image))].sort();
  const sections = images.map((image) => {
    const measured = all.filter((one) => one.image === image);
    return section(image, measured, order);
  });
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
  ].join('\n\n');
}

function section(image: string, measured: Measurement[], order: Failure[]): string {
  const rows = order
    .map((failure) => ({ failure, runs: measured.filter((one) => one.failure === failure.name) }))
    .filter(({ runs }) => runs.length > 0);
  const head = [
    [
      'Failure',
      'Runs',
      'Gap, client that stays',
      'Gap, new connections',
      'Healthy after',
      'Acknowledged',
      'Lost',
      'Two masters',
    ],
    ['---', '--:', '--:', '--:', '--:', '--:', '--:', '--:'],
  ];
  const cells = [...head, ...rows.map(({ failure, runs }) => row(failure, runs))];
  const table = cells.map((line) => `| ${line.join(' | ')} |`).join('\n');
  const notes = rows.flatMap(({ failure, runs }) => notesOf(failure, runs));
  return [`## ${image}`, conditionsOf(image, measured), table, notes.join('\n'), ''].join('\n\n').trimEnd() + '\n';
}

/** Under what the figures were measured; whoever reads them has the defaults of today. */
function conditionsOf(image: string, measured: Measurement[]): string {
  const each = (what: (one: Measurement) => string): string => [...new Set(measured.map(what))].sort().join(', ');
  const servers = each(({ server, origin }) => `${server} (${origin})`);
  const others = `Kubernetes ${each(({ kubernetes }) => kubernetes)}, this library at commit ${each(({ library }) => library)}`;
  const today = Object.values(IMAGES).map(({ repository, tag }) => `${repository}:${tag}`);
  const mark = today.includes(image) ? '' : ` **Not a default image of today**: these are ${today.join(' and ')}.`;
  return `Measured ${each(({ day }) => day)}: ${servers}, ${others}.${mark}`;
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

function sum(numbers: (number | undefined)[]): number {
  return numbers.reduce<number>((all, one) => all + (one ?? 0), 0);
}

/** `MEDIAN s (LEAST to MOST)`. */
function spread(values: (number | undefined)[], digits: number): string {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (sorted.length === 0) return '–';
  const at = (index: number): string => (sorted[index] ?? NaN).toFixed(digits);
  return `${at(Math.floor((sorted.length - 1) / 2))} s (${at(0)} to ${at(sorted.length - 1)})`;
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
