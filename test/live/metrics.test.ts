import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { Alerts, ClientCertificates, Monitor, Product, Tls, type RedisSentinelClusterProps } from '../../lib';
import { panelQueries } from '../support/dashboard';
import { SCENES } from './failures';
import { machines } from './failures/machines';
import type { Scene } from './kit/failure';
import { possible, signal, signalIn } from './kit/faults';
import { explained, healthy, started } from './kit/health';
import { sleep, until } from './kit/kubectl';
import { CERTIFICATE, type LiveCluster } from './kit/live-cluster';
import { observe } from './kit/observed';
import { LOOK, Prometheus, UNMEASURED, hasPrometheus } from './kit/prometheus';
import { everything } from './kit/tier';
import { PooledWriter } from './kit/writers';

/** Seconds of `outage` and `patience` here: the shortest that there are. */
const OUTAGE = 20;
const PATIENCE = 60;
/** Until it has looked, found it so for long enough, and looked again; a busy machine looks late. */
const SOON = 120;

/** An hour is all tests together. */
const MANY = { failoversPerHour: 1000, fullCopiesPerHour: 1000, restartsPerHour: 1000 };

const alerts = (patience: number): Alerts =>
  Alerts.configMap({
    thresholds: { outage: Duration.seconds(OUTAGE), patience: Duration.seconds(patience), ...MANY },
  });
const props = (tag: string, patience = 600): RedisSentinelClusterProps => ({
  metrics: {
    exporter: { tag },
    monitor: Monitor.annotations(),
    interval: Duration.seconds(10),
    alerts: alerts(patience),
  },
});

/** All of them are looked at, and their servers answer. */
async function allSeen(prometheus: Prometheus, members: number): Promise<void> {
  const all = { up: `sum(up)`, redis_up: `sum(redis_up)` };
  for (const [what, expression] of Object.entries(all))
    await until(90, `${members} of ${what}`, async () =>
      (await prometheus.number(expression)) === members ? true : undefined,
    );
}

/** It may never have started. */
const stopped = async (prometheus: Prometheus | undefined): Promise<void> => prometheus?.stop();

const withPrometheus = hasPrometheus && everything ? describe : describe.skip;

withPrometheus('a Prometheus in the cluster', () => {
  let cluster: LiveCluster;
  let prometheus: Prometheus;

  beforeAll(async () => {
    cluster = await started('metrics', props('v1.86.0'));
    prometheus = await Prometheus.start(cluster);
  });
  afterAll(async () => {
    await stopped(prometheus);
    await cluster.destroy();
  });

  test('sees every member, reads every rule, and is not alarmed', async () => {
    await allSeen(prometheus, 6);
    await sleep(2 * LOOK * 1000);
    expect(await prometheus.mistakes()).toEqual([]);
    expect(await prometheus.firing()).toEqual([]);
    const masters = await prometheus.query('redis_instance_info{role="master"}');
    expect(masters.map(({ metric }) => metric.redis_sentinel_cluster_member)).toEqual(['cache-master']);
  });

  test('hears no more than an information of a planned stop', async () => {
    const { master } = await healthy(cluster);
    const start = performance.now();
    await cluster.deletePod(master);
    await healthy(cluster);
    await prometheus.raises('RedisFailover', SOON);
    await allSeen(prometheus, 6);
    await sleep(OUTAGE * 1000); // what has begun in it would fire now
    expect(await prometheus.hasFired((performance.now() - start) / 1000)).toEqual([]);
  });

  test('loses an exporter, and clients and the other members do not see it', async () => {
    const { master } = await healthy(cluster);
    const writer = new PooledWriter(cluster);
    try {
      await writer.acknowledges(100);
      await signalIn(cluster, master, 'exporter', 'SIGKILL');
      await sleep(5000);
      await writer.acknowledges(100);
    } finally {
      await writer.stop();
    }
    expect((await writer.account()).lost).toEqual([]);
    expect((await healthy(cluster)).master).toBe(master);
    const restarts = await cluster.podOf(master, '.status.containerStatuses[*].restartCount');
    expect(restarts.split(' ').sort()).toEqual(['0', '0', '1']);
    await allSeen(prometheus, 6);
  });

  test('has something for every panel of the dashboard', async () => {
    const { master } = await healthy(cluster);
    await cluster.direct(master).set('read', '1');
    await cluster.direct(master).get('read');
    await sleep(2 * LOOK * 1000);
    const empty: string[] = [];
    for (const { panel, expression } of panelQueries(cluster.namespace, 'cache', '1m')) {
      if ((await prometheus.query(expression)).length === 0) empty.push(panel);
    }
    expect(empty.filter((panel) => panel !== UNMEASURED && !panel.startsWith('Proxies'))).toEqual([]); // there are none
  });

  test('learns no password and no data by what the exporter may do', async () => {
    const exporter = `exporter@${cluster.namespace}/cache`;
    const connection = cluster.patient('cache-master');
    try {
      const file = await cluster.kubectl(
        ...'exec deploy/cache-master -c redis -- cat /exporter/passwords.json'.split(' '),
      );
      const [password = ''] = Object.values(JSON.parse(file) as Record<string, string>);
      await connection.call('AUTH', exporter, password);
      expect(await connection.call('INFO', 'server')).toMatch(/redis_version/);
      for (const command of [
        ['CONFIG', 'GET', '*'],
        ['SLOWLOG', 'GET', '1'],
        ['GET', 'read'],
        ['KEYS', '*'],
        ['CLIENT', 'KILL', 'TYPE', 'normal'],
        ['REPLICAOF', 'NO', 'ONE'],
        ['ACL', 'LIST'],
      ] as [string, ...string[]][])
        expect(await connection.call(...command).catch(String)).toMatch(/NOPERM/);
    } finally {
      connection.disconnect();
    }
  });
});

/** Failures of clusters that have all defaults, one after another on one of them, and those that need a machine for each member. */
const MATRIX: Pick<Scene, 'name' | 'props' | 'failures'>[] = [
  {
    name: 'defaults',
    props: {},
    failures: SCENES.filter(({ props, patch }) => Object.keys(props).length === 0 && patch === undefined).flatMap(
      ({ failures }) => failures,
    ),
  },
  machines,
];

withPrometheus.each(MATRIX)('of each failure, with $name, a Prometheus', ({ name, props: own, failures }) => {
  let cluster: LiveCluster;
  let prometheus: Prometheus;

  beforeAll(async () => {
    cluster = await started(`metrics-${name}`, { ...own, ...props('v1.86.0') });
    prometheus = await Prometheus.start(cluster);
    await allSeen(prometheus, 6);
  });
  afterAll(async () => {
    await stopped(prometheus);
    await cluster.destroy();
  });

  test.each(possible(failures))(
    'hears just what its row says, and that it is over: $name',
    async (failure) => {
      const start = performance.now();
      const { after } = await explained(cluster, failure.name, () => observe(cluster, failure));
      await cluster.empty(after); // a memory that was filled for it stays full
      await allSeen(prometheus, cluster.nodes.length + cluster.sentinels.length);
      await sleep(2 * LOOK * 1000); // what it did last has been looked at
      await prometheus.calms(SOON);
      const fired = await prometheus.hasFired((performance.now() - start) / 1000);
      expect(fired.sort()).toEqual([...(failure.alerts ?? [])].sort());
    },
    600_000,
  );
});

const encrypted: RedisSentinelClusterProps = {
  image: { product: Product.VALKEY, tag: '9.1.2' },
  tls: Tls.secret({ secretName: CERTIFICATE, clientCertificates: ClientCertificates.REQUIRED }),
};

/** Each image and each exporter that this library speaks of. */
const OTHERS: [string, RedisSentinelClusterProps][] = [
  ['exporter-1-45', props('v1.45.0', PATIENCE)],
  ['redis-7', { ...props('v1.86.0', PATIENCE), image: { tag: '7.0.15' } }],
  ['tls', { ...props('v1.86.0', PATIENCE), ...encrypted }],
  ['tls-exporter-1-45', { ...props('v1.45.0', PATIENCE), ...encrypted }],
];

withPrometheus.each(OTHERS)('with %s', (name, given) => {
  let cluster: LiveCluster;
  let prometheus: Prometheus;

  beforeAll(async () => {
    cluster = await started(`metrics-${name}`, given);
    prometheus = await Prometheus.start(cluster);
    await allSeen(prometheus, 6);
  });
  afterAll(async () => {
    await stopped(prometheus);
    await cluster.destroy();
  });

  test('alerts are raised by a lost master, node, sentinel and password, and end', async () => {
    const { master } = await healthy(cluster);
    await cluster.scale(cluster.nodes, 0);
    await cluster.gone(cluster.nodes, 240); // the last of them waits for the others, two minutes long
    await prometheus.raises('RedisNoMaster', SOON);
    await prometheus.raises('RedisNodeDown', PATIENCE + SOON);
    await cluster.scale(cluster.nodes, 1);
    await healthy(cluster, 180);
    await prometheus.clears(['RedisNoMaster', 'RedisNodeDown'], SOON);

    await signal(cluster, master, 'SIGSTOP');
    await prometheus.raises('RedisFailover', SOON);
    await signal(cluster, master, 'SIGCONT').catch(() => undefined); // or the kubelet was sooner
    await healthy(cluster, 180);

    await cluster.direct((await healthy(cluster)).master).config('SET', 'maxmemory', '2mb');
    await cluster.fill((await healthy(cluster)).master, (written) => Promise.resolve(written < 300));
    await prometheus.raises('RedisMemoryFull', SOON);
  }, 600_000);
});
