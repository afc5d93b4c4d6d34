import * as echarts from 'echarts';
import type { Panel } from '../test/support/dashboard';

/** A series of a panel. */
export interface Line {
  readonly panel: string;
  readonly name: string;
  /** Seconds, and what it was then. */
  readonly points: readonly (readonly [number, number])[];
}

/** When the picture begins and ends, and how often it looks, in seconds. */
export interface Times {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels of a column and of a row of Grafana's grid, and between two panels. */
const COLUMN = 50;
const ROW = 28;
const GAP = 8;
/** And of a panel's title. */
const TITLE = 30;
const WIDTH = 24 * COLUMN;

const FONT = 'Helvetica, Arial, sans-serif';
const INK = '#24292e';
const FAINT = '#e4e7eb';
const GREEN = '#37872d';
const PALE = '#c8d9f3';
const COLORS = [
  GREEN,
  '#1f60c4',
  '#fa6400',
  '#c4162a',
  '#8f3bb8',
  '#e0b400',
  '#2f9e9e',
  '#b877d9',
  '#8ab8ff',
  '#9a6b4b',
  '#56a64b',
  '#0a437c',
  '#ffb357',
  '#ff7383',
  '#705da0',
  '#99440a',
];

/** The dashboard as Grafana lays it out: every panel with its title, its unit, and all that its queries gave. One SVG. */
export function picture(panels: readonly Panel[], lines: readonly Line[], times: Times): string {
  const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)) * ROW + GAP;
  const drawn = panels.map((panel) => {
    const { x, y, w, h } = panel.gridPos;
    const [left, top] = [x * COLUMN + GAP / 2, y * ROW + GAP];
    if (panel.type === 'row')
      return `<text x="${left}" y="${top + 15}" font-size="15" font-weight="bold" fill="${INK}">${panel.title}</text>`;
    const own = lines.filter((line) => line.panel === panel.title);
    const svg = draw(panel, own, times, { width: w * COLUMN - GAP, height: h * ROW - GAP });
    return svg.replace('<svg ', `<svg x="${left}" y="${top}" `);
  });
  const box = `width="${WIDTH}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${box} viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT}">`,
    `<rect ${box} fill="#e9ecef"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

/** What is for the mouse, or said once around all; and a tenth of a pixel is enough. */
const NEEDLESS =
  /<style[^]*?<\/style>\s*|<path [^>]*fill-opacity="0"[^>]*><\/path>\n?| (class|ecmeta_\w+|xml:space)="[^"]*"|font-family:[^;]*;/g;

function draw(panel: Panel, lines: Line[], times: Times, size: Size): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({
      animation: false,
      useUTC: true,
      backgroundColor: '#ffffff',
      color: COLORS,
      textStyle: { fontFamily: FONT },
      title: { text: panel.title, left: 10, top: 8, textStyle: { fontSize: 13, color: INK } },
      ...contentOf(panel, lines, times, size),
    });
    return chart
      .renderToSVGString()
      .replaceAll(NEEDLESS, '')
      .replaceAll(/<[^>]*>/g, (tag) =>
        tag.replaceAll(/\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1)))),
      );
  } finally {
    chart.dispose();
  }
}

function contentOf(panel: Panel, lines: Line[], times: Times, size: Size): echarts.EChartsOption {
  if (lines.length === 0) return text('No data', size, 14, '#8e8e8e');
  switch (panel.type) {
    case 'stat':
      return stat(panel, lines, size);
    case 'state-timeline':
      return timeline(lines, times);
    case 'timeseries':
      return series(panel, lines, times, size);
    default:
      throw new Error(`nobody draws a ${panel.type}`);
  }
}

/** In the middle of what the title leaves. */
function text(content: string, { width, height }: Size, fontSize: number, fill: string): echarts.EChartsOption {
  const style = {
    text: content,
    fontSize,
    fontWeight: 'bold',
    fill,
    align: 'center',
    verticalAlign: 'middle',
  } as const;
  return { graphic: { type: 'text', x: width / 2, y: (height + TITLE) / 2, style } };
}

/** The last values, or what those series are called. */
function stat({ fieldConfig, options }: Panel, lines: Line[], size: Size): echarts.EChartsOption {
  const show = formatOf(fieldConfig?.defaults.unit);
  const last = lines.flatMap(({ name, points }) => points.slice(-1).map(([time, value]) => ({ name, time, value })));
  const now = Math.max(...last.map(({ time }) => time));
  const shown = last
    .filter(({ time }) => time === now)
    .map(({ name, value }) => (options?.textMode === 'name' ? name : show(value)));
  const longest = Math.max(...shown.map(({ length }) => length));
  const highest = (size.height - TITLE) / (1.2 * shown.length);
  return text(shown.join('\n'), size, Math.min(32, highest, (size.width - 16) / (longest * 0.64)), GREEN);
}

/** Pixels of a bar's height. */
const BAR = 18;

/** For as long as a value stays it is one bar. */
function timeline(lines: Line[], times: Times): echarts.EChartsOption {
  const bars = lines.flatMap(({ points }, lane) => {
    const own: [number, number, number, number][] = [];
    for (const [time, value] of points) {
      const last = own.at(-1);
      if (last?.[2] === time && last[3] === value) last[2] = time + times.step;
      else own.push([lane, time, time + times.step, value]);
    }
    return own.map(([, from, to, value]) => [lane, 1000 * from, 1000 * to, value]);
  });
  return {
    grid: { left: 110, right: 16, top: TITLE + 10, bottom: 28 },
    xAxis: timeAxis(times),
    yAxis: {
      type: 'category',
      inverse: true,
      data: lines.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: INK, fontSize: 11 },
    },
    series: {
      type: 'custom',
      clip: true,
      data: bars,
      renderItem: (_, api) => {
        const at = (index: number): number => Number(api.value(index));
        const [left = 0, middle = 0] = api.coord([at(1), at(0)]);
        const [right = 0] = api.coord([at(2), at(0)]);
        return {
          type: 'rect',
          shape: { x: left, y: middle - BAR / 2, width: right - left, height: BAR },
          style: { fill: at(3) === 1 ? GREEN : PALE },
        };
      },
    },
  };
}

/** Pixels of a row of names, between two of them, and of a letter. */
const LEGEND_ROW = 14;
const LEGEND_GAP = 4;
const LETTER = 5;

function series({ fieldConfig }: Panel, lines: Line[], times: Times, { width }: Size): echarts.EChartsOption {
  const longest = Math.max(...lines.map(({ name }) => name.length));
  const columns = Math.max(1, Math.floor((width - 20) / (longest * LETTER + 20)));
  const columnWidth = (width - 20) / columns;
  const unit = fieldConfig?.defaults.unit;
  return {
    grid: {
      left: 66,
      right: 16,
      top: TITLE + 10,
      bottom: 32 + (LEGEND_ROW + LEGEND_GAP) * Math.ceil(lines.length / columns),
    },
    legend: {
      left: 10,
      bottom: 4,
      width: width - 16,
      icon: 'rect',
      itemWidth: 10,
      itemHeight: 3,
      itemGap: LEGEND_GAP,
      textStyle: {
        fontSize: 10,
        color: INK,
        lineHeight: LEGEND_ROW,
        width: columnWidth - 15 - LEGEND_GAP,
        overflow: 'truncate',
      },
    },
    xAxis: timeAxis(times),
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 4,
      ...(unit === 'bytes' && binarySteps(lines)),
      axisLabel: { formatter: formatOf(unit), color: INK, fontSize: 11 },
      splitLine: { lineStyle: { color: FAINT } },
    },
    series: lines.map(({ name, points }) => ({
      type: 'line',
      name,
      data: withGaps(points, times),
      showSymbol: false,
      lineStyle: { width: 1.5 },
    })),
  };
}

/** Four powers of two at most, for those are round where a kibibyte is. */
function binarySteps(lines: Line[]): { interval: number; max: number } {
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(([, value]) => value)), 1);
  const interval = 2 ** Math.ceil(Math.log2(highest / 4));
  return { interval, max: interval * Math.ceil(highest / interval) };
}

function timeAxis({ start, end }: Times): echarts.XAXisComponentOption {
  return {
    type: 'time',
    min: 1000 * start,
    max: 1000 * end,
    axisLabel: { formatter: '{HH}:{mm}', color: INK, fontSize: 11, hideOverlap: true },
    axisLine: { lineStyle: { color: '#9aa2ab' } },
    splitLine: { show: true, lineStyle: { color: FAINT } },
  };
}

/** Where nothing was known the line ends, and begins again. */
function withGaps(points: Line['points'], { start, end, step }: Times): [number, number | null][] {
  const known = new Map(points);
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
  return times.map((time) => [1000 * time, known.get(time) ?? null]);
}

const FORMATS: Readonly<Record<string, (value: number) => string>> = {
  short: (value) => scaled(value, 1000, ['', ' K', ' Mil']),
  percent: (value) => `${round(value)} %`,
  bytes: (value) => scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB']),
  Bps: (value) => scaled(value, 1000, [' B/s', ' kB/s', ' MB/s']),
  ops: (value) => scaled(value, 1000, [' ops/s', ' Kops/s']),
  cps: (value) => `${round(value)} c/s`,
  s: (value) => {
    if (value >= 600) return `${round(value / 60)} min`;
    if (value >= 1 || value === 0) return `${round(value)} s`;
    return value >= 1e-3 ? `${round(value * 1e3)} ms` : `${round(value * 1e6)} µs`;
  },
};

/** As Grafana writes a value in this unit. */
function formatOf(unit = 'short'): (value: number) => string {
  const format = FORMATS[unit];
  if (format === undefined) throw new Error(`nobody writes the unit ${unit}`);
  return format;
}

function scaled(value: number, base: number, units: readonly string[]): string {
  const power = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(base))));
  return `${round(value / base ** power)}${units[power] ?? ''}`;
}

const round = (value: number): string => String(Number(value.toPrecision(3)));
