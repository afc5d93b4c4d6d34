import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/**
 * `npm run bench [-- RUNS]`: how long a synth takes for 1 to 500 clusters, by each way to run the program. Medians of whole
 * processes; what to compare are the ratios, for machines differ.
 */
const RUNS = Number(process.argv[2] ?? 5);
const COUNTS = [1, 10, 100, 500];

const bin = (name: string): string => join('node_modules', '.bin', name);

interface Way {
  readonly name: string;
  readonly command: (count: number, folder: string) => string[];
}

const ways: Way[] = [
  { name: 'floor', command: (count, folder) => ['node', 'build/bench/program.js', String(count), folder, 'floor'] },
  { name: 'compiled', command: (count, folder) => ['node', 'build/bench/program.js', String(count), folder] },
  { name: 'ts-node', command: (count, folder) => [bin('ts-node'), 'bench/program.ts', String(count), folder] },
  {
    name: 'cdk8s synth',
    command: (count, folder) => [
      bin('cdk8s'),
      'synth',
      '--check-upgrade=false',
      '--output',
      folder,
      '--app',
      `${bin('ts-node')} bench/program.ts ${count} ${folder}`,
    ],
  },
];

function milliseconds([command = 'node', ...args]: string[]): number {
  const start = performance.now();
  execFileSync(command, args, { stdio: 'ignore' });
  return performance.now() - start;
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}

/** One after another in turn, so that a slow minute of the machine hits all of them. */
function measure(commands: (() => number)[]): number[] {
  const rounds = Array.from({ length: RUNS }, () => commands.map((command) => command()));
  return commands.map((_, index) => median(rounds.map((round) => round[index] ?? NaN)));
}

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
console.log(`medians of ${RUNS} runs, Node ${process.version}\n`);
console.log(
  '| clusters | way | ms | ms a cluster | × node -e 0 | × floor |\n| ---: | --- | ---: | ---: | ---: | ---: |',
);
for (const count of COUNTS) {
  const [idle = NaN, ...times] = measure([
    () => milliseconds(['node', '-e', '0']),
    ...ways.map((way) => () => milliseconds(way.command(count, folder))),
  ]);
  const floor = times[0] ?? NaN;
  ways.forEach(({ name }, index) => {
    const time = times[index] ?? NaN;
    const cells = [
      count,
      name,
      time.toFixed(0),
      (time / count).toFixed(1),
      (time / idle).toFixed(1),
      (time / floor).toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  });
}
rmSync(folder, { recursive: true });
