import { COLUMNS, notesOf, row } from './failures-section';
import {
  type Column,
  type Loaded,
  type Measurement,
  byImage,
  conditionsLine,
  loadLine,
  partOf,
  resultsOf,
  table,
} from './results';

/** One run of one event of a cluster that a GitOps tool applies. */
export interface Delivered extends Measurement, Loaded {
  /** Who applies it, with its version. */
  readonly tool: string;
}

/** Where the whole cluster is the event. */
export const FROM_NOTHING = 'a cluster from nothing';

/** What a team does by commits, for docs/failures.md; nothing where nothing was measured. */
export function gitopsSection(all = resultsOf<Delivered>('gitops')): string[] {
  if (all.length === 0) return [];
  return [
    `## By commits`,
    `Measured by \`npm run bench:gitops\`: what a team does by commits, and to what is applied of them, under the same two clients. A real
controller applies the default cluster from a git repository, pruning and correcting what differs, and is told of a commit at once, as by
a webhook. **Healthy** is the time from the commit until all of it is applied, the controller calls it healthy, and all sentinels and nodes
agree. Afterwards it must find nothing left to do, which a run says where it is not so. \`bench/gitops.json\` has every run.`,
    ...byImage(all).flatMap(({ image, measured }) => sectionOf(image, measured)),
  ];
}

const [, ...FIGURES] = COLUMNS;
const WITH_TOOL: Column[] = [['Event'], ['By'], ...FIGURES];

function sectionOf(image: string, measured: Delivered[]): string[] {
  const names = [...new Set(measured.map(({ failure }) => failure))];
  const rows = names.flatMap((name) => {
    const tools = [...new Set(measured.filter(({ failure }) => failure === name).map(({ tool }) => tool))].sort();
    return tools.map((tool) => ({
      name,
      tool,
      runs: measured.filter((one) => one.failure === name && one.tool === tool),
    }));
  });
  const cells = rows.map(({ name, tool, runs }) => {
    const [first = '', ...figures] = row({ name }, runs);
    return [first, tool, ...figures];
  });
  const notes = rows.flatMap(({ name, tool, runs }) => notesOf({ name: `${name}, by ${tool}` }, runs));
  const conditions = `${conditionsLine(image, measured)} ${loadLine(measured)}`;
  return partOf(image, conditions, table(WITH_TOOL, cells), notes);
}
