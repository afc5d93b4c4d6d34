import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import {
  Auth,
  Client,
  Monitor,
  ProxyService,
  RedisSentinelCluster,
  Risk,
  Tls,
  TrafficPolicy,
  type ProxyOptions,
  type RedisSentinelClusterProps,
} from '../../lib';
import { allOf, configMap, container, environment, find, podOf, type Manifest } from '../support/manifests';
import { newChart, synth } from '../support/synth';

const PROXY = { 'app.kubernetes.io/component': 'proxy' };
const withProxy = (proxy: ProxyOptions = {}, props: RedisSentinelClusterProps = {}): Manifest[] =>
  synth({ ...props, proxy });

const drainOf = (objects: Manifest[]): number =>
  Number(environment(objects, container(objects, 'cache-proxy', 'proxy'))['DRAIN_SECONDS']);

/** What says that a pod is ready, and how often it must. */
const readiness = (objects: Manifest[]) => ({
  health: configMap(objects, 'cache-proxy').data['haproxy.cfg'],
  successes: container(objects, 'cache-proxy', 'proxy').readinessProbe?.successThreshold,
});

test('Without a proxy nothing is there of it, and members know no user of its.', () => {
  const objects = synth();
  expect(objects.filter(({ metadata }) => /-(proxy|reads)/.test(metadata.name))).toEqual([]);
  for (const name of ['redis', 'keeper'])
    expect(environment(objects, container(objects, 'cache-master', name))).not.toHaveProperty('PROXY_RIGHTS');
  expect(Object.keys(configMap(objects, 'cache-scripts').data)).not.toContain('proxy.sh');
});

describe('The proxies', () => {
  const objects = withProxy({ reads: {} });
  const deployment = find(objects, 'Deployment', 'cache-proxy');
  const pod = podOf(objects, 'cache-proxy');

  test('are two, replaced one after another, of which a drain takes one.', () => {
    expect(deployment.spec.replicas).toBe(2);
    expect(deployment.spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    });
    expect(find(objects, 'PodDisruptionBudget', 'cache-proxy').spec).toEqual({
      minAvailable: 1,
      selector: { matchLabels: expect.objectContaining(PROXY) },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
    expect(pod).toMatchObject({
      topologySpreadConstraints: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: PROXY } },
        { topologyKey: 'topology.kubernetes.io/zone', labelSelector: { matchLabels: PROXY } },
      ],
    });
  });

  test('have no budget where there is none, or that no drain would get past.', () => {
    const budgets = (all: Manifest[]) => allOf(all, 'PodDisruptionBudget').map(({ metadata }) => metadata.name);
    expect(budgets(withProxy({}, { disruptionBudgets: false }))).toEqual([]);
    expect(budgets(withProxy({ replicas: 1 }, { acceptRisks: [Risk.SINGLE_PROXY] }))).not.toContain('cache-proxy');
  });

  test('have their names pinned as members have, and see no password.', () => {
    const proxy = container(objects, 'cache-proxy', 'proxy');
    expect(pod.initContainers?.map(({ name }) => name)).toEqual(['names']);
    expect(proxy.volumeMounts).toContainEqual({
      name: 'run',
      mountPath: '/etc/hosts',
      subPath: 'hosts',
      readOnly: true,
    });
    expect(proxy.volumeMounts?.map(({ name }) => name)).not.toContain('passwords');
    expect(container(objects, 'cache-proxy', 'keeper').volumeMounts?.map(({ name }) => name)).toContain('passwords');
    expect(JSON.stringify(deployment)).not.toContain('secretKeyRef');
  });

  test('run a fixed version of HAProxy with its configuration, with memory for all connections.', () => {
    const proxy = container(objects, 'cache-proxy', 'proxy');
    expect(proxy).toMatchObject({
      image: 'docker.io/library/haproxy:3.2.26',
      command: ['sh', '/scripts/proxy.sh', '/scripts/haproxy.cfg'],
      resources: { requests: { cpu: '100m', memory: '157Mi' }, limits: { memory: '157Mi' } },
      ports: [
        { name: 'redis', containerPort: 6379 },
        { name: 'reads', containerPort: 6380 },
        { name: 'health', containerPort: 8404 },
      ],
    });
    const { data, metadata } = configMap(objects, 'cache-proxy');
    expect(Object.keys(data).sort()).toEqual(['haproxy.cfg', 'proxy-keeper.sh', 'proxy.sh']);
    expect(pod.volumes).toContainEqual({
      name: 'scripts',
      projected: {
        sources: [
          { configMap: { name: configMap(objects, 'cache-scripts').metadata.name } },
          { configMap: { name: metadata.name } },
        ],
      },
    });
  });

  test('have the time to serve who does not know yet that they leave.', () => {
    expect(drainOf(objects)).toBe(5);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(5 + 2);
  });

  test('are there for reads without a master, but not before they had the time to find one.', () => {
    const { health, successes } = readiness(objects);
    expect(health).toContain('  http-request return status 200 if { path /ready } { nbsrv(read) gt 0 }');
    expect(successes).toBe(2);
    const rare = withProxy(
      { reads: {}, checkInterval: Duration.seconds(2) },
      { sentinels: { downAfter: Duration.seconds(40) } },
    );
    expect(readiness(rare).successes).toBe(9);
    expect(readiness(withProxy()).health).not.toContain('nbsrv(read)');
    expect(readiness(withProxy()).successes).toBeUndefined();
  });

  test('stay behind their Services for longer than a failover takes.', () => {
    const { readinessProbe } = container(objects, 'cache-proxy', 'proxy');
    expect((readinessProbe?.periodSeconds ?? 0) * (readinessProbe?.failureThreshold ?? 0)).toBeGreaterThanOrEqual(30);
  });

  test('have a Service for writes, and one for reads.', () => {
    for (const [name, port, of] of [
      ['cache-proxy', 6379, 'redis'],
      ['cache-reads', 6380, 'reads'],
    ] as const) {
      const { spec } = find(objects, 'Service', name);
      expect(spec).toEqual({
        type: 'ClusterIP',
        selector: expect.objectContaining(PROXY),
        ports: [{ name: of, port, targetPort: of }],
      });
    }
    expect(allOf(withProxy(), 'Service').map(({ metadata }) => metadata.name)).not.toContain('cache-reads');
  });

  test('log in as a user that may ask for nothing but the verdict.', () => {
    for (const [member, server, rights] of [
      ['cache-master', 'redis', '-@all +info'],
      ['cache-sentinel-1', 'sentinel', '-@all +sentinel|get-master-addr-by-name'],
    ] as const)
      for (const name of [server, 'keeper'])
        expect(environment(objects, container(objects, member, name))['PROXY_RIGHTS']).toBe(rights);
  });

  test('ask with a password of their own cluster, or none.', () => {
    const open = withProxy({}, { auth: Auth.none(), acceptRisks: [Risk.NO_AUTH] });
    expect(podOf(open, 'cache-proxy').volumes?.map(({ name }) => name)).toEqual(['scripts', 'run']);
  });

  test('run where they are told to, and not where the nodes are.', () => {
    const nodes = { scheduling: { nodeSelector: { disk: 'ssd' } } };
    const selector = podOf(withProxy({ scheduling: { zone: 'a' } }, { nodes }), 'cache-proxy').nodeSelector;
    expect(selector).toEqual({ 'topology.kubernetes.io/zone': 'a', 'kubernetes.io/os': 'linux' });
  });

  test('are asked for numbers with the others.', () => {
    const metrics = withProxy({}, { metrics: { monitor: Monitor.annotations() } });
    expect(container(metrics, 'cache-proxy', 'proxy').ports).toContainEqual({ name: 'metrics', containerPort: 8404 });
    expect(find(metrics, 'Deployment', 'cache-proxy').spec.template.metadata.annotations).toMatchObject({
      'prometheus.io/port': '8404',
    });
  });
});

describe('With TLS, the proxies', () => {
  const objects = withProxy({}, { tls: Tls.secret({ secretName: 'cache-tls' }) });
  const pod = podOf(objects, 'cache-proxy');
  const mount = { name: 'tls', mountPath: '/tls', readOnly: true };

  test('ask through a process of its own, and have memory for it.', () => {
    expect(container(objects, 'cache-proxy', 'proxy')).toMatchObject({
      command: ['sh', '/scripts/proxy.sh', '/scripts/haproxy.cfg', '/scripts/tunnel.cfg'],
      resources: { limits: { memory: '181Mi' } },
    });
    expect(Object.keys(configMap(objects, 'cache-proxy').data)).toContain('tunnel.cfg');
    expect(Object.keys(configMap(withProxy(), 'cache-proxy').data)).not.toContain('tunnel.cfg');
  });

  test('try a certificate as members do, before HAProxy has it.', () => {
    const [names] = pod.initContainers ?? [];
    for (const { volumeMounts } of [names ?? {}, container(objects, 'cache-proxy', 'keeper')])
      expect(volumeMounts).toContainEqual(mount);
    expect(container(objects, 'cache-proxy', 'proxy').volumeMounts).not.toContainEqual(mount);
    const volume = podOf(objects, 'cache-master').volumes?.find(({ name }) => name === 'tls');
    expect(pod.volumes).toContainEqual(volume);
  });

  test('have nothing of it without.', () => {
    expect(JSON.stringify(find(withProxy(), 'Deployment', 'cache-proxy'))).not.toContain('tls');
  });
});

describe('From outside', () => {
  const sourceRanges = ['203.0.113.0/24'];
  const service = (one: ProxyService) => find(withProxy({ service: one }), 'Service', 'cache-proxy').spec;
  const policy = (one: ProxyService) =>
    find(withProxy({ service: one }), 'NetworkPolicy', 'cache-proxy').spec.ingress?.[0];

  test('a balancer lets in the networks that it is told, and policies do.', () => {
    const balancer = ProxyService.loadBalancer({ sourceRanges, loadBalancerClass: 'example.com/internal' });
    expect(service(balancer)).toMatchObject({
      type: 'LoadBalancer',
      loadBalancerClass: 'example.com/internal',
      loadBalancerSourceRanges: sourceRanges,
      externalTrafficPolicy: 'Local',
    });
    expect(policy(balancer)?.from).toEqual([expect.anything(), { ipBlock: { cidr: '203.0.113.0/24' } }]);
  });

  test('policies let everybody in where they would see machines.', () => {
    const balancer = ProxyService.loadBalancer({ sourceRanges, trafficPolicy: TrafficPolicy.CLUSTER });
    expect(policy(balancer)?.from?.slice(1)).toEqual([
      { ipBlock: { cidr: '0.0.0.0/0' } },
      { ipBlock: { cidr: '::/0' } },
    ]);
  });

  test('a port of every machine is the one that is asked for.', () => {
    const objects = withProxy({
      reads: {},
      service: ProxyService.nodePort({ sourceRanges, port: 30_379, readsPort: 30_380 }),
    });
    const ports = ['cache-proxy', 'cache-reads'].map((name) => find(objects, 'Service', name).spec.ports[0]);
    expect(ports).toMatchObject([{ nodePort: 30_379 }, { nodePort: 30_380 }]);
  });

  test('a proxy that leaves serves for as long as it takes a balancer to know it.', () => {
    const drains = [
      ProxyService.loadBalancer({ sourceRanges }),
      ProxyService.nodePort({ sourceRanges }),
      ProxyService.loadBalancer({ sourceRanges, trafficPolicy: TrafficPolicy.CLUSTER }),
    ].map((one) => drainOf(withProxy({ service: one })));
    expect(drains).toEqual([30, 30, 5]);

    const longer = withProxy({ service: ProxyService.loadBalancer({ sourceRanges }), drain: Duration.seconds(90) });
    expect(drainOf(longer)).toBe(90);
    expect(podOf(longer, 'cache-proxy').terminationGracePeriodSeconds).toBeGreaterThan(90 + 2);
  });

  test('a rollout has more time than a proxy that leaves.', () => {
    const deadline = (drain: Duration) =>
      find(withProxy({ drain }), 'Deployment', 'cache-proxy').spec.progressDeadlineSeconds;
    expect(deadline(Duration.seconds(5))).toBe(600);
    expect(deadline(Duration.minutes(10))).toBeGreaterThan(2 * 600);
  });

  test('nobody comes in by default.', () => {
    expect(policy(ProxyService.clusterIp())?.from).toEqual([
      { podSelector: { matchLabels: { 'cache-client': 'true' } } },
    ]);
  });
});

test('Policies let clients and Prometheus in, and proxies to members and a resolver.', () => {
  const shop = Client.pods({ namespaceLabels: { team: 'shop' } });
  const objects = withProxy({ reads: {} }, { networkPolicy: { clients: [shop] }, metrics: {} });
  const { ingress, egress } = find(objects, 'NetworkPolicy', 'cache-proxy').spec;
  const tcp = (port: number) => ({ protocol: 'TCP', port });
  expect(ingress).toEqual([
    { from: [{ namespaceSelector: { matchLabels: { team: 'shop' } } }], ports: [tcp(6379), tcp(6380)] },
    { from: [expect.anything()], ports: [tcp(8404)] },
  ]);
  expect(egress?.slice(0, 2)).toEqual([
    {
      to: [{ podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'node' }) } }],
      ports: [tcp(6379)],
    },
    {
      to: [{ podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'sentinel' }) } }],
      ports: [tcp(26379)],
    },
  ]);
  expect(egress).toHaveLength(3);
});

describe('A client is told', () => {
  const told = (props: RedisSentinelClusterProps, namespace?: string) => {
    const { connection } = new RedisSentinelCluster(newChart(namespace), 'cache', props);
    const values = Object.entries(connection.toEnv()).map(([name, { value }]): [string, unknown] => [name, value]);
    return { connection, values: Object.fromEntries(values) };
  };

  test('the address of the proxies, with its namespace.', () => {
    const { connection, values } = told({ proxy: { reads: { port: 7001 }, port: 7000 } }, 'shop');
    expect(connection.proxy).toEqual({ host: 'cache-proxy.shop.svc', port: 7000 });
    expect(connection.reads).toEqual({ host: 'cache-reads.shop.svc', port: 7001 });
    expect(values).toMatchObject({
      REDIS_HOST: 'cache-proxy.shop.svc',
      REDIS_PORT: '7000',
      REDIS_READS_HOST: 'cache-reads.shop.svc',
      REDIS_READS_PORT: '7001',
    });
    expect(Object.keys(values)).toEqual(Object.keys(values).sort());
  });

  test('of none where there is none.', () => {
    const { connection, values } = told({});
    expect([connection.proxy, connection.reads]).toEqual([undefined, undefined]);
    expect(Object.keys(values)).not.toContain('REDIS_HOST');
    expect(told({ proxy: {} }).connection.reads).toBeUndefined();
  });
});

test('A short time to a failover makes more checks.', () => {
  const config = (downAfter: Duration) =>
    configMap(withProxy({}, { sentinels: { downAfter } }), 'cache-proxy').data['haproxy.cfg'];
  expect(config(Duration.seconds(60))).toContain(' inter 250ms ');
  expect(config(Duration.seconds(3))).toContain(' inter 150ms ');
});

test('More connections have more memory.', () => {
  const { resources } = container(withProxy({ maxConnections: 32_000 }), 'cache-proxy', 'proxy');
  expect(resources?.limits?.memory).toBe(`${Size.mebibytes(32 + 1000).toMebibytes()}Mi`);
});
