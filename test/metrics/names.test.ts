import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Alerts, MaxmemoryPolicy, Persistence, Tls, type RedisSentinelClusterProps } from '../../lib/index';
import { dashboard } from '../../scripts/dashboard';
import { model, panelQueries } from '../support/dashboard';
import { allOf } from '../support/manifests';
import { testWithPromtool, unreadable } from '../support/promtool';
import { synth } from '../support/synth';

/** Of a cluster with three nodes and three sentinels, recorded on the day of the version. */
const VERSIONS = ['v1.45.0', 'v1.86.0'];

type Kind = 'node' | 'sentinel';
type Asker = Kind | 'proxy';
const RECORDED: Record<Kind, string[]> = { node: ['master', 'replica-1'], sentinel: ['sentinel-1'] };
/** HAProxy's own numbers, of what is not of a server alone. */
const PROXY = 'haproxy-3.2.26';

/** What is told in these answers: names of metrics, and of their labels. */
function toldIn(answers: string[]): Map<string, Set<string>> {
  const metrics = new Map<string, Set<string>>();
  for (const file of answers) {
    const answer = readFileSync(join(__dirname, 'answers', `${file}.txt`), 'utf8');
    for (const [, name = '', labels = ''] of answer.matchAll(/^(\w+)(?:\{(.*)\})? /gm)) {
      const known = metrics.get(name) ?? new Set();
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
      metrics.set(name, known);
    }
  }
  return metrics;
}

/** What an exporter of a version tells of a kind of member. */
const told = (version: string, kind: Kind): Map<string, Set<string>> =>
  toldIn(RECORDED[kind].map((member) => `${version}-${member}`));

/** What is not the exporter's, and labels that Prometheus gives. */
const OTHERS =
  /^(up|ALERTS|kubelet_volume_stats_(available|capacity)_bytes|kube_(cronjob|job)_\w+|x509_cert_not_after|certmanager_certificate_\w+)$/;
const OF_TARGET =
  /^(namespace|pod|app_kubernetes_io_instance|app_kubernetes_io_component|redis_sentinel_cluster_member)$/;

interface Asked {
  readonly metric: string;
  readonly labels: string[];
  readonly kinds: Asker[];
}

function askedIn(expression: string): Asked[] {
  return [...expression.matchAll(/(\w+)\{([^}]*)\}/g)].map(([, metric = '', matchers = '']) => {
    const [, kind] = /component="(\w+)"/.exec(matchers) ?? [];
    return {
      metric,
      labels: [...matchers.matchAll(/(\w+)(?==~?"|!=")/g)]
        .map(([label]) => label)
        .filter((label) => !OF_TARGET.test(label)),
      kinds: kind === undefined ? ['node', 'sentinel'] : [kind as Asker],
    };
  });
}

const expressionsOf = (props: RedisSentinelClusterProps): string[] =>
  allOf(synth({ ...props, metrics: { alerts: Alerts.prometheusRule() } }, 'cache', 'shop'), 'PrometheusRule').flatMap(
    ({ spec }) => spec.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
  );
const ALERTS = [
  ...expressionsOf({ proxy: {}, tls: Tls.certManager({ issuer: { name: 'ca' } }) }),
  ...expressionsOf({ settings: { maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LRU }, persistence: Persistence.rdb() }),
];
const PANELS = panelQueries('shop', 'cache', '1m');
const ALL = [...ALERTS, ...PANELS.map(({ expression }) => expression)];

describe.each(VERSIONS)('The exporter %s', (version) => {
  test('tells everything that an alert or a panel asks for, with the labels that they look at.', () => {
    const answers = { node: told(version, 'node'), sentinel: told(version, 'sentinel'), proxy: toldIn([PROXY]) };
    const missing = ALL.flatMap(askedIn)
      .filter(({ metric }) => !OTHERS.test(metric))
      .flatMap(({ metric, labels, kinds }) =>
        kinds.flatMap((kind) => {
          const known = answers[kind].get(metric);
          if (known === undefined) return [`${metric} of a ${kind}`];
          return labels.filter((label) => !known.has(label)).map((label) => `${label} of ${metric}`);
        }),
      );
    expect([...new Set(missing)]).toEqual([]);
  });
});

test('Everything that is asked is found by this test.', () => {
  expect(ALL.flatMap(askedIn).length).toBeGreaterThan(150);
  expect(askedIn('a{component="node",x="1"} + b{y=~"2"}')).toEqual([
    { metric: 'a', labels: ['component', 'x'], kinds: ['node'] },
    { metric: 'b', labels: ['y'], kinds: ['node', 'sentinel'] },
  ]);
});

testWithPromtool('Prometheus can read every alert and every panel.', () => {
  expect(unreadable(ALL)).toBe('');
  expect(unreadable(['coutn by (x) (y)'])).toContain('could not parse expression');
});

describe('The dashboard', () => {
  test('is what scripts/dashboard.ts makes: `npm run golden` writes it anew.', () => {
    expect(`${JSON.stringify(model(), undefined, 2)}\n`).toBe(dashboard());
  });

  test('says of each panel what it shows, in a unit, and asks for no cluster by its name.', () => {
    const { panels } = model();
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(panels.filter(({ type }) => type === 'row').length).toBe(8);
    for (const panel of shown) {
      expect(panel).toMatchObject({
        title: expect.stringMatching(/./) as unknown,
        description: expect.stringMatching(/\.$/) as unknown,
        datasource: { type: 'prometheus', uid: '${datasource}' },
      });
      for (const { expr } of panel.targets ?? []) expect(expr).toMatch(/\$namespace.*\$cluster/);
    }
    expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length);
  });
});
