import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGES } from '../lib/defaults';

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
  readonly day: string;
}

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

/** Where others use the machine at the same time, gaps are theirs too. */
export interface Loaded {
  /** How many processes wanted a core of the machine, in the five minutes before the end. */
  readonly load: number;
}

/** Where a bench keeps every run of it. */
export function fileOf(bench: string): string {
  return join(__dirname, `${bench}.json`);
}

/** Every run of a bench; none where it never ran. */
export function resultsOf<T extends Conditions>(bench: string): T[] {
  const file = fileOf(bench);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T[]) : [];
}

/** What was measured of each image, in the order of their names. */
export function byImage<T extends Conditions>(all: T[]): { image: string; measured: T[] }[] {
  const images = [...new Set(all.map(({ image }) => image))].sort();
  return images.map((image) => ({ image, measured: all.filter((one) => one.image === image) }));
}

/** What runs say, each text once. */
export function distinct<T>(measured: T[], what: (one: T) => string): string {
  return [...new Set(measured.map(what))].sort().join(', ');
}

/** Under what the figures of an image were measured; whoever reads them has the defaults of today. */
export function conditionsLine(image: string, measured: Conditions[]): string {
  const servers = distinct(measured, ({ server, origin }) => `${server} (${origin})`);
  const library = distinct(measured, (one) => one.library);
  const others = `Kubernetes ${distinct(measured, ({ kubernetes }) => kubernetes)}, this library at commit ${library}`;
  const today = Object.values(IMAGES).map(({ repository, tag }) => `${repository}:${tag}`);
  const mark = today.includes(image) ? '' : ` **Not a default image of today**: these are ${today.join(' and ')}.`;
  return `Measured ${distinct(measured, ({ day }) => day)}: ${servers}, ${others}.${mark}`;
}

/** How busy the machine was. */
export function loadLine(measured: Loaded[]): string {
  const loads = measured.map(({ load }) => load);
  return `Meanwhile ${Math.min(...loads).toFixed(0)} to ${Math.max(...loads).toFixed(0)} processes wanted one of the two cores.`;
}

/** What was measured of one image: under what, the figures, and what a number can't say. */
export function partOf(image: string, conditions: string, figures: string, notes: string[]): string[] {
  return [`### ${image}`, conditions, figures, ...(notes.length > 0 ? [notes.join('\n')] : [])];
}

/** A column: its head, and `r` where it has numbers. */
export type Column = readonly [head: string, align?: 'r'];

export function table(columns: readonly Column[], rows: string[][]): string {
  const lines = [columns.map(([head]) => head), columns.map(([, align]) => (align === 'r' ? '--:' : '---')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** `MEDIAN UNIT (LEAST to MOST)`, or the one value that there is. */
export function spread(values: (number | undefined)[], digits: number, unit = ' s'): string {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (sorted.length === 0) return '–';
  const at = (index: number): string => (sorted[index] ?? NaN).toFixed(digits);
  const median = `${at(Math.floor((sorted.length - 1) / 2))}${unit}`;
  return sorted.length === 1 ? median : `${median} (${at(0)} to ${at(sorted.length - 1)})`;
}

export function sum(numbers: (number | undefined)[]): number {
  return numbers.reduce<number>((all, one) => all + (one ?? 0), 0);
}
