import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import {
  AlertName,
  Alerts,
  Client,
  Dashboard,
  Monitor,
  Tls,
  type MetricsOptions,
  type RedisSentinelClusterProps,
} from '../../lib/index';
import { allOf, container, environment, find, type Manifest } from '../support/manifests';
import { enters, type Pod } from '../support/network';
import { synth } from '../support/synth';

const withMetrics = (metrics: MetricsOptions, props: RedisSentinelClusterProps = {}): Manifest[] =>
  synth({ ...props, metrics }, 'cache', 'shop');
const MEMBERS = [
  'cache-master',
  'cache-replica-1',
  'cache-replica-2',
  'cache-sentinel-1',
  'cache-sentinel-2',
  'cache-sentinel-3',
];

describe('The exporter', () => {
  const objects = withMetrics({});

  test.each(MEMBERS)('of %s is beside it, with nothing of what it has.', (member) => {
    const exporter = container(objects, member, 'exporter');
    expect(exporter).not.toHaveProperty('envFrom');
    expect(exporter).not.toHaveProperty('readinessProbe');
    expect(exporter).not.toHaveProperty('livenessProbe');
    expect(exporter).not.toHaveProperty('startupProbe');
    expect(exporter.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    });
    expect(exporter.resources).toEqual({ requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '32Mi' } });
  });

  test.each([
    ['cache-replica-1', 6379, 9121],
    ['cache-sentinel-2', 26379, 9122],
  ])('of %s asks its server over loopback, by a user of its own.', (member, server, port) => {
    const exporter = container(objects, member, 'exporter');
    expect(environment(objects, exporter)).toMatchObject({
      REDIS_ADDR: `redis://127.0.0.1:${server}`,
      REDIS_USER: 'exporter@$(POD_NAMESPACE)/cache',
      REDIS_PASSWORD_FILE: '/exporter/passwords.json',
      REDIS_EXPORTER_WEB_LISTEN_ADDRESS: `:${port}`,
      REDIS_EXPORTER_CONFIG_COMMAND: '-',
      REDIS_EXPORTER_DISABLE_SCRAPE_ENDPOINT: 'true',
    });
    // Kubernetes puts the user's name together from what stands before it.
    expect(exporter.env?.[0]?.name).toBe('POD_NAMESPACE');
    expect(exporter.ports).toEqual([{ name: 'metrics', containerPort: port }]);
  });

  test('reads the password that its init container makes, and its server knows.', () => {
    const volume = { name: 'exporter', mountPath: '/exporter' };
    const mounts = (member: string, name: string): unknown => container(objects, member, name).volumeMounts;
    for (const [member, server] of [
      ['cache-master', 'redis'],
      ['cache-sentinel-1', 'sentinel'],
    ] as const) {
      expect(mounts(member, 'names')).toContainEqual(volume);
      expect(mounts(member, server)).toContainEqual({ ...volume, readOnly: true });
      expect(mounts(member, 'exporter')).toEqual([{ ...volume, readOnly: true }]);
      expect(JSON.stringify(mounts(member, 'keeper'))).not.toMatch('exporter');
    }
    expect(environment(objects, container(objects, 'cache-sentinel-1', 'names'))).toMatchObject({
      EXPORTER_URI: 'redis://exporter%40$(POD_NAMESPACE)%2Fcache@127.0.0.1:26379',
    });
  });

  test.each([
    ['in clear', undefined],
    ['with TLS', Tls.secret({ secretName: 'cache-tls' })],
  ])('finds the password by the address that it asks, with its user in it: %s.', (_, tls) => {
    const all = synth({ metrics: {}, ...(tls !== undefined && { tls }) });
    for (const member of ['cache-master', 'cache-sentinel-1']) {
      const { REDIS_ADDR } = environment(all, container(all, member, 'exporter'));
      const { EXPORTER_URI } = environment(all, container(all, member, 'names'));
      expect(EXPORTER_URI?.replace(/\/\/.*@/, '//')).toBe(REDIS_ADDR);
    }
  });

  test('may not ask for passwords or data.', () => {
    for (const [member, server] of [
      ['cache-master', 'redis'],
      ['cache-sentinel-1', 'sentinel'],
    ] as const) {
      const rights = environment(objects, container(objects, member, server)).EXPORTER_RIGHTS ?? '';
      expect(rights).toMatch(/^-@all( \+[a-z|]+)+$/);
      expect(rights).not.toMatch(/config|\+slowlog\b(?!\|len)|\+client\b(?!\|setname)|[~&@](?!all)/);
    }
  });

  test('is an image of its own: in the list, and judged where it is said.', () => {
    const images = synth({ metrics: { exporter: { repository: 'registry.example.com/exporter', tag: 'v1.45.0' } } });
    expect(container(images, 'cache-master', 'exporter').image).toBe('registry.example.com/exporter:v1.45.0');
    expect(() => synth({ metrics: { exporter: { tag: 'latest' } } })).toThrow(
      /metrics\.exporter\.tag = 'docker\.io\/oliver006\/redis_exporter:latest': .*\[moving-tag\]/,
    );
  });
});

test('Nothing is rendered that nobody asked for.', () => {
  const before = synth({}, 'cache', 'shop').map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const added = withMetrics({})
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .filter((object) => !before.includes(object));
  expect(added).toEqual(['NetworkPolicy cache-metrics']);
  for (const member of MEMBERS) {
    const { spec } = find(synth({}, 'cache', 'shop'), 'Deployment', member);
    expect(JSON.stringify(spec)).not.toMatch(/export|prometheus/i);
  }
});

describe('Prometheus finds the exporters', () => {
  test('by annotations, which a user may have otherwise.', () => {
    const annotations = (metrics: MetricsOptions, props: RedisSentinelClusterProps = {}) =>
      find(withMetrics(metrics, props), 'Deployment', 'cache-sentinel-1').spec.template.metadata.annotations;
    expect(annotations({})).toEqual({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9122' });
    expect(annotations({}, { metadata: { podAnnotations: { 'prometheus.io/scrape': 'false' } } })).toMatchObject({
      'prometheus.io/scrape': 'false',
    });
    expect(annotations({ monitor: Monitor.none() })).toBeUndefined();
  });

  const POD_LABELS = ['app.kubernetes.io/instance', 'app.kubernetes.io/component', 'redis-sentinel-cluster/member'];

  test('by a PodMonitor.', () => {
    const [monitor] = allOf(
      withMetrics({
        monitor: Monitor.podMonitor({ labels: { release: 'prometheus' } }),
        interval: Duration.seconds(15),
      }),
      'PodMonitor',
    );
    expect(monitor?.metadata.labels).toMatchObject({ release: 'prometheus', 'app.kubernetes.io/instance': 'cache' });
    expect(monitor?.spec).toEqual({
      selector: {
        matchLabels: { 'app.kubernetes.io/name': 'redis-sentinel-cluster', 'app.kubernetes.io/instance': 'cache' },
      },
      podTargetLabels: POD_LABELS,
      podMetricsEndpoints: [{ port: 'metrics', interval: '15s', scrapeTimeout: '10s' }],
    });
  });

  test('by a ServiceMonitor, and a Service that hides nobody.', () => {
    const objects = withMetrics({ monitor: Monitor.serviceMonitor() });
    const service = find(objects, 'Service', 'cache-metrics');
    const [monitor] = allOf(objects, 'ServiceMonitor');
    expect(monitor?.spec).toMatchObject({
      selector: { matchLabels: service.metadata.labels },
      podTargetLabels: POD_LABELS,
      endpoints: [{ port: service.spec.ports[0]?.name }],
    });
    expect(service.spec).toMatchObject({ publishNotReadyAddresses: true, ports: [{ targetPort: 'metrics' }] });
    // By this one alone, for the Services of the members have no such port.
    for (const { metadata } of allOf(objects, 'Service').filter((one) => one !== service))
      expect(metadata.labels?.['app.kubernetes.io/component']).not.toBe('metrics');
  });

  test('through the network policies, and by their own ports alone.', () => {
    const own = { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop' } };
    const far = { name: 'monitoring', labels: { 'kubernetes.io/metadata.name': 'monitoring' } };
    const scraper: Pod = { labels: { 'app.kubernetes.io/name': 'prometheus' }, namespace: far };
    const other: Pod = { labels: { app: 'shop' }, namespace: own };
    const enter = (metrics: MetricsOptions, from: Pod, port: number): boolean => {
      const objects = withMetrics(metrics);
      const { labels } = find(objects, 'Deployment', 'cache-master').spec.template.metadata;
      const to = { labels, namespace: own };
      return enters(allOf(objects, 'NetworkPolicy'), 'shop', from, to, { port, protocol: 'TCP' });
    };
    expect([9121, 6379].map((port) => enter({}, scraper, port))).toEqual([true, false]);
    expect(enter({}, other, 9121)).toBe(false);
    expect(enter({ scrapers: [Client.pods({ podLabels: { app: 'shop' } })] }, other, 9121)).toBe(true);
    expect(enter({ scrapers: [Client.pods({ podLabels: { app: 'shop' } })] }, scraper, 9121)).toBe(false);
  });
});

describe('The rules', () => {
  const groupsOf = (alerts: Alerts, props: RedisSentinelClusterProps = {}) =>
    allOf(withMetrics({ alerts }, props), 'PrometheusRule').flatMap(({ spec }) =>
      spec.groups.flatMap(({ rules }) => rules),
    );

  test('are the same in a file.', () => {
    const { data } = find(withMetrics({ alerts: Alerts.configMap() }), 'ConfigMap', 'cache-alerts');
    const [rule] = allOf(withMetrics({ alerts: Alerts.prometheusRule() }), 'PrometheusRule');
    expect(parse(data['rules.yaml'] ?? '')).toEqual(rule?.spec);
  });

  test('have a severity, a sentence for who is woken, what it means, and where to read more.', () => {
    for (const { alert, labels, annotations } of groupsOf(Alerts.prometheusRule())) {
      expect(labels).toEqual({
        severity: expect.stringMatching(/^(critical|warning|info)$/) as unknown,
        namespace: 'shop',
        app_kubernetes_io_instance: 'cache',
      });
      expect(annotations.summary).toMatch(/^shop\/cache: .*\.$/);
      expect(annotations.description).toMatch(/\.$/);
      expect(annotations.runbook_url).toMatch(new RegExp(`/docs/monitoring\\.md#${alert.toLowerCase()}$`));
    }
  });

  test('are left out by name, and have labels and runbooks of one’s own.', () => {
    const all = groupsOf(Alerts.prometheusRule());
    const some = groupsOf(
      Alerts.prometheusRule({
        disable: [AlertName.FAILOVER],
        labels: { team: 'data', severity: 'none' },
        runbooks: 'https://wiki.example.com/redis',
      }),
    );
    expect(some.map(({ alert }) => alert)).toEqual(
      all.map(({ alert }) => alert).filter((name) => name !== 'RedisFailover'),
    );
    expect(some[0]?.labels).toMatchObject({ team: 'data', severity: 'critical' });
    expect(some[0]?.annotations.runbook_url).toBe('https://wiki.example.com/redis#redismetricsmissing');
  });

  test('know the manifest.', () => {
    const expression = (name: string, props: RedisSentinelClusterProps) =>
      groupsOf(Alerts.prometheusRule(), props).find(({ alert }) => alert === name)?.expr;
    const five = { nodes: { replicas: 4 }, sentinels: { count: 5 } };
    expect(expression(AlertName.SENTINEL_MAJORITY_DOWN, five)).toMatch(/cache-sentinel-5.*> 2$/);
    expect(expression(AlertName.GHOSTS, five)).toMatch(/> 5 or .*> 4$/);
    expect(expression(AlertName.CLIENTS_HIGH, { settings: { maxclients: 500 } })).toMatch(/\/ 500 > 80$/);
    expect(expression(AlertName.WRITES_REFUSED, { nodes: { replicas: 1 } })).toBeUndefined();
    expect(expression(AlertName.NODE_DOWN, { nodes: { master: { name: 'first' } } })).toContain('"first"');
  });

  test('wait for as long as a rollout may take.', () => {
    const patience = (props: RedisSentinelClusterProps) =>
      groupsOf(Alerts.prometheusRule(), props).find(({ alert }) => alert === 'RedisNodeDown')?.for;
    expect(patience({})).toBe('10m');
    expect(
      patience({
        nodes: {
          deployment: { terminationGracePeriod: Duration.seconds(3000), progressDeadline: Duration.seconds(4000) },
        },
      }),
    ).toBe('3140s');
  });
});

test('The dashboard of a cluster shows it at first, and has an id of its own.', () => {
  const dashboardOf = (id: string) => {
    const objects = synth({ metrics: { dashboard: Dashboard.configMap() } }, id, 'shop');
    const { data, metadata } = find(objects, 'ConfigMap', `${id}-dashboard`);
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    return JSON.parse(data[`${id}-dashboard.json`] ?? '') as {
      uid: string;
      title: string;
      templating: { list: { name: string; current?: { value: string } }[] };
    };
  };
  const { uid, title, templating } = dashboardOf('cache');
  expect(title).toBe('Redis shop/cache');
  expect(templating.list.map(({ name, current }) => [name, current?.value])).toEqual([
    ['datasource', undefined],
    ['namespace', 'shop'],
    ['cluster', 'cache'],
  ]);
  expect(uid).toMatch(/^redis-[0-9a-f]{12}$/);
  expect(dashboardOf('sessions').uid).not.toBe(uid);
});
