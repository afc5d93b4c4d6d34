import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { AlertName } from '../../lib';
import { SCRIPT_FILES } from '../../lib/config-maps/script-files';
import { ALERTS_AT } from '../../lib/defaults';
import { SCENES, upgrade } from '../live/failures';
import { changing, move, scaledToTwo, setting, stops, underCommands, underLongScript } from '../live/failures/planned';
import { scale } from '../live/failures/scale';

const DOCS = join(__dirname, '..', '..', 'docs');
/** Lines that containers have logged on a real cluster. */
const logLines = JSON.parse(readFileSync(join(__dirname, 'log-lines.json'), 'utf8')) as Record<string, string[]>;
const page = readFileSync(join(DOCS, 'monitoring.md'), 'utf8');

/** As a page of this repository makes one of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
const anchorsIn = (file: string): string[] =>
  [...readFileSync(join(DOCS, file), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

const linked = (alert: string): string => `[${alert}](#${alert.toLowerCase()})`;

describe('The page on monitoring', () => {
  test('has a runbook for each alert, and for no other.', () => {
    const runbooks = [...page.matchAll(/^### (Redis\w+)\n\n(.+)$/gm)].map(([, name]) => name);
    expect(runbooks.sort()).toEqual(Object.values(AlertName).map(String).sort());
    expect(readFileSync(join(DOCS, '..', 'README.md'), 'utf8')).toContain(`${runbooks.length} alerts`);
  });

  test('links to what is there.', () => {
    const links = [...page.matchAll(/\]\(([^)#]*)#([^)]+)\)/g)].map(([, file = '', anchor = '']) => [file, anchor]);
    expect(links.length).toBeGreaterThan(10);
    for (const [file = '', anchor] of links) expect(anchorsIn(file === '' ? 'monitoring.md' : file)).toContain(anchor);
  });

  test('says the defaults as they are.', () => {
    expect(page).toContain(`After \`thresholds.outage\`, ${ALERTS_AT.outage.toMinutes()} minutes`);
    expect(page).toContain(`after \`thresholds.patience\`, ${ALERTS_AT.patience.toMinutes()} minutes or more`);
  });

  test('has a line for each failure that raises something, and says what.', () => {
    const lines = [...page.matchAll(/^\| ([^|]+?) +\| (\[Redis[^|]+?) +\|$/gm)].map(([, failure, alerts]) => [
      failure,
      alerts,
    ]);
    const raising = [...SCENES, upgrade]
      .flatMap(({ failures }) => failures)
      .flatMap(({ name, alerts = [] }) => (alerts.length === 0 ? [] : [[name, alerts.map(linked).join(', ')]]));
    expect(lines).toEqual(raising);
  });

  test('knows no planned event that raises anything.', () => {
    const scenes = [...changing, scale, upgrade].flatMap(({ failures }) => failures);
    const planned = [...stops, underCommands, underLongScript, scaledToTwo, setting, move, ...scenes];
    expect(planned.filter(({ alerts }) => alerts !== undefined)).toEqual([]);
  });

  test('has a configuration for Prometheus that is YAML.', () => {
    const [, yaml = ''] = /```yaml\n(scrape_configs:.*?)```/s.exec(page) ?? [];
    const labels = JSON.stringify(parse(yaml));
    for (const needed of ['__meta_kubernetes_pod_label_', '"namespace"', 'prometheus_io_port'])
      expect(labels).toContain(needed);
  });
});

describe('A query of logs', () => {
  /** The container that it looks at, and what it looks for. */
  const queries = [
    ...page.matchAll(/^\| .*? \| `\{namespace="NAMESPACE", container="(\w+)"\} \\\|([=~]) "(.*)"` +\|$/gm),
  ].map(([, container = '', operator, text = '']) => ({
    container,
    text: text.replaceAll('\\|', '|'),
    pattern: operator === '=' ? escaped(text) : new RegExp(text.replaceAll('\\|', '|')),
  }));

  test('is found by this test.', () => {
    expect(queries).toHaveLength([...page.matchAll(/^\| .*\{namespace="NAMESPACE"/gm)].length);
    expect(queries.length).toBeGreaterThan(8);
  });

  test.each(queries)('finds a line that was logged, and not every line: $container $text', ({ container, pattern }) => {
    const lines = logLines[container] ?? [];
    expect(lines.some((line) => pattern.test(line))).toBe(true);
    if (lines.length > 1) expect(lines.every((line) => pattern.test(line))).toBe(false);
  });

  test('finds what the scripts say today.', () => {
    const scripts = Object.values(SCRIPT_FILES).join('\n');
    for (const said of [
      'handed over to $target: writes were paused for $paused ms',
      'waiting: $*',
      'in sync: $(',
      'replica of ',
    ])
      expect(scripts).toContain(said);
  });
});

function escaped(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
}
