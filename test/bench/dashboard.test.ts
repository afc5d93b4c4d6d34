import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Line, picture } from '../../bench/dashboard-picture';
import { model, type Panel } from '../support/dashboard';

const { panels } = model();
const times = { start: 1_800_000_000, end: 1_800_000_060, step: 30 };

/** Of a panel with this unit, one that had these values in turn, at each half minute. */
function drawn(unit: string, values: number[], type = 'timeseries'): string {
  const gridPos = { x: 0, y: 0, w: 8, h: 8 };
  const panel: Panel = { type, title: 'Of a test', gridPos, fieldConfig: { defaults: { unit } } };
  const points = values.map((value, index) => [times.start + times.step * index, value] as const);
  return picture([panel], [{ panel: panel.title, name: 'one', points } satisfies Line], times);
}

describe('The picture of the dashboard', () => {
  const file = readFileSync(join(__dirname, '..', '..', 'docs', 'dashboard.svg'), 'utf8');

  test.each(panels)('has what Grafana would show: `npm run bench:dashboard` draws it anew: $title', ({ title }) => {
    expect(file).toContain(`>${title}</text>`);
  });

  test('is not too large for a page.', () => {
    expect(file.length).toBeLessThan(400_000);
  });

  test('has values in their unit, and the times of them.', () => {
    expect(drawn('bytes', [0, 2 ** 20, 2 ** 22])).toMatch(/>4 MiB<.*>08:00</s);
    expect(drawn('s', [0, 0.002, 0.004])).toContain('>4 ms<');
    expect(drawn('short', [1, 2, 12_300], 'stat')).toContain('>12.3 K<');
  });

  test('says where there is nothing, and is not drawn where it would lack something.', () => {
    expect(picture(panels, [], times).match(/>No data</g)).toHaveLength(
      panels.filter(({ type }) => type !== 'row').length,
    );
    expect(() => drawn('furlongs', [1])).toThrow('nobody writes the unit furlongs');
    expect(() => drawn('short', [1], 'gauge')).toThrow('nobody draws a gauge');
  });
});
