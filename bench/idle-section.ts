import { type Conditions, byImage, conditionsLine, resultsOf, spread, sum, table } from './results';

/** What one container used in one run. */
export interface Usage {
  readonly member: string;
  readonly container: string;
  /** Milliseconds of a core in a second, its probes' processes included. */
  readonly cpu: number;
  /** Bytes that Kubernetes counts as in use, at the end. */
  readonly memory: number;
}

/** One run of `npm run bench:idle`. */
export interface Idle extends Conditions {
  readonly containers: Usage[];
}

/** What a cluster takes while nobody uses it, for docs/failures.md; nothing where nothing was measured. */
export function idleSection(all = resultsOf<Idle>('idle')): string[] {
  if (all.length === 0) return [];
  return [
    `## What a cluster takes at rest`,
    `Measured by \`npm run bench:idle\`: the default cluster without data and without clients, for a minute in each run, by what every
kubelet says of its containers. **CPU** is in milliseconds of a core in a second, with the probes; **memory** what counts for the
limit and can't be given back (the working set), at the end of the minute. Both are the median, and in brackets the least and the most.
\`bench/idle.json\` has every run.`,
    ...byImage(all).flatMap(({ image, measured }) => [
      `### ${image}`,
      conditionsLine(image, measured),
      tableOf(measured),
    ]),
  ];
}

function tableOf(runs: Idle[]): string {
  const containers = runs[0]?.containers ?? [];
  const kinds = [...new Set(containers.map(({ container }) => container))];
  const rows = [
    ...containers.map(({ member, container }) =>
      row(member, container, runs, (one) => one.member === member && one.container === container),
    ),
    ...kinds.map((kind) => row('all', kind, runs, ({ container }) => container === kind)),
    row('**all**', '**all**', runs, () => true),
  ];
  return table([['Member'], ['Container'], ['Runs', 'r'], ['CPU', 'r'], ['Memory', 'r']], rows);
}

/** The sum of these containers in each run. */
function row(member: string, container: string, runs: Idle[], counts: (usage: Usage) => boolean): string[] {
  const each = (of: (usage: Usage) => number): number[] =>
    runs.map((run) => sum(run.containers.filter(counts).map(of)));
  return [
    member,
    container,
    String(runs.length),
    spread(
      each(({ cpu }) => cpu),
      1,
      ' ms/s',
    ),
    spread(
      each(({ memory }) => memory / 2 ** 20),
      1,
      ' MiB',
    ),
  ];
}
