import { size } from '../test/live/failures';
import { gap, healthyAfter, lostIn, notesOf } from './failures-section';
import { type Column, type Measurement, byImage, conditionsLine, partOf, resultsOf, spread, table } from './results';

/** What the servers did in one run. */
export interface Work {
  /** Copies of all data that were sent. */
  readonly full: number;
  /** Replicas that were sent only what they had missed. */
  readonly partial: number;
  readonly forks: number;
  /** The most bytes that one server and its fork held. */
  readonly memory: number;
}

/** One run of one failure of a cluster that holds data. */
export interface Sized extends Measurement {
  /** `256MB`. */
  readonly size: string;
  readonly work?: Work;
}

const UNITS: Record<string, number> = { kB: 1e3, MB: 1e6, GB: 1e9 };

/** How much `256MB` is. */
export function bytesOf(text: string): number {
  const [, number, unit = ''] = /^(\d+)([kMG]B)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new Error(`'${text}' is no size like 1kB, 256MB or 2GB`);
  return Number(number) * factor;
}

/** What grows with the data, for docs/failures.md; nothing where nothing was measured. */
export function sizeSection(all = resultsOf<Sized>('size')): string[] {
  if (all.length === 0) return [];
  return [
    `## How much the data matter`,
    `Measured by \`npm run bench:size\`: as above, and each node holds that much data beside what the clients write: values of 1 kB that
can't be compressed. Its memory limit is 5 GiB. **Full copies** and **partial ones** are what masters sent to replicas, **forks** what
that and the append-only files took, summed over all nodes; **memory** is the most that one server and its fork held, looked for
twice a second. Of counts the least and the most are shown, where runs differ. \`bench/size.json\` has every run.`,
    `A node that restarts writes its data when it stops, reads them, and writes them once more as an append-only file. Of 3 GB that took
42 s, 32 to 42 s and 46 to 52 s here, where three nodes and their clients share one disk and two cores, and a restart of all is three
times that.`,
    ...byImage(all).flatMap(({ image, measured }) => sectionOf(image, measured)),
  ];
}

const COLUMNS: Column[] = [
  ['Failure'],
  ['Data', 'r'],
  ['Runs', 'r'],
  ['Gap, client that stays', 'r'],
  ['Healthy after', 'r'],
  ['Full copies', 'r'],
  ['Partial', 'r'],
  ['Forks', 'r'],
  ['Memory', 'r'],
  ['Lost', 'r'],
];

function sectionOf(image: string, measured: Sized[]): string[] {
  const sizes = [...new Set(measured.map((one) => one.size))].sort((a, b) => bytesOf(a) - bytesOf(b));
  const rows = size.failures
    .flatMap((failure) => sizes.map((data) => ({ failure, data: data.replace(/\d+/, '$& ') })))
    .map(({ failure, data }) => ({
      failure,
      data,
      runs: measured.filter((one) => one.failure === failure.name && one.size === data.replace(' ', '')),
    }))
    .filter(({ runs }) => runs.length > 0);
  const cells = rows.map(({ failure, data, runs }) => [failure.name, data, ...row(runs)]);
  const notes = rows.flatMap(({ failure, data, runs }) =>
    notesOf({ ...failure, name: `${failure.name}, ${data}` }, runs),
  );
  return partOf(image, conditionsLine(image, measured), table(COLUMNS, cells), notes);
}

function row(runs: Sized[]): string[] {
  const works = runs.map(({ work }) => work).filter((work) => work !== undefined);
  return [
    String(runs.length),
    gap(runs.map(({ pooled }) => pooled)),
    healthyAfter(runs),
    range(works.map(({ full }) => full)),
    range(works.map(({ partial }) => partial)),
    range(works.map(({ forks }) => forks)),
    spread(
      works.map(({ memory }) => memory / 2 ** 20),
      0,
      ' MiB',
    ),
    String(lostIn(runs)),
  ];
}

/** `LEAST to MOST`, or the one number that all are. */
function range(counts: number[]): string {
  if (counts.length === 0) return '–';
  return [...new Set([Math.min(...counts), Math.max(...counts)])].join(' to ');
}
