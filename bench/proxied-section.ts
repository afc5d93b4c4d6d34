import { proxies } from '../test/live/failures/proxies';
import { TOTAL_COLUMNS, gap, notesOf, rowsOf, totals } from './failures-section';
import {
  type Client,
  type Column,
  type Conditions,
  type Loaded,
  type Measurement,
  byImage,
  conditionsLine,
  distinct,
  loadLine,
  partOf,
  resultsOf,
  sum,
  table,
} from './results';

/** Under what clients of the proxies were looked at. */
export interface ProxiedConditions extends Conditions {
  /** Image of the proxies. */
  readonly proxyImage: string;
  /** What it says of itself. */
  readonly proxyServer: string;
}

/** One run of one failure under clients of the proxies: a pool, and one that connects again. */
export interface Proxied extends Measurement, ProxiedConditions, Loaded {
  /** What one lived through that asked the sentinels. */
  readonly beside?: Client;
}

/** What clients of the proxies live through, for docs/failures.md; nothing where nothing was measured. */
export function proxiedSection(all = resultsOf<Proxied>('proxied')): string[] {
  if (all.length === 0) return [];
  return [
    `## Through the proxies`,
    `Measured by \`npm run bench:proxied\`: the default cluster with [proxies](proxy.md), under three clients. One asks the sentinels and writes to
the master itself, **beside the proxies**; the others know the one address alone. The **pool** opens a connection when one has ended,
and only then; the other client **connects again** by itself. What is acknowledged and lost in the table is theirs.
\`bench/proxied.json\` has every run.`,
    ...byImage(all).flatMap(({ image, measured }) => sectionOf(image, measured)),
  ];
}

const COLUMNS: Column[] = [
  ['Event'],
  ['Runs', 'r'],
  ['Gap beside the proxies', 'r'],
  ['Gap, pool', 'r'],
  ['Gap, connects again', 'r'],
  ...TOTAL_COLUMNS,
];

function sectionOf(image: string, measured: Proxied[]): string[] {
  const rows = rowsOf(proxies.failures, measured);
  const cells = rows.map(({ failure, runs }) => [
    failure.name,
    String(runs.length),
    gap(runs.map(({ beside }) => beside)),
    gap(runs.map(({ pooled }) => pooled)),
    gap(runs.map(({ reconnecting }) => reconnecting)),
    ...totals(runs),
  ]);
  const notes = rows.flatMap(({ failure, runs }) => [...notesOf(failure, runs), ...besideNote(failure.name, runs)]);
  const servers = distinct(measured, ({ proxyImage, proxyServer }) => `${proxyImage} (${proxyServer})`);
  const conditions = [conditionsLine(image, measured), `The proxies run ${servers}.`, loadLine(measured)].join(' ');
  return partOf(image, conditions, table(COLUMNS, cells), notes);
}

function besideNote(name: string, runs: Proxied[]): string[] {
  const lost = sum(runs.map(({ beside }) => beside?.lost));
  return lost > 0 ? [`- ${name}: the client beside the proxies lost ${lost} writes`] : [];
}
