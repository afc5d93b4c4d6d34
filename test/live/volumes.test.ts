import { afterEach, describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { Persistence, type RedisSentinelClusterProps } from '../../lib';
import { explained, healthy, started } from './kit/health';
import { until } from './kit/kubectl';
import { LiveCluster, PASSWORD } from './kit/live-cluster';
import { thorough } from './kit/tier';
import { inVolume, leaveVolumes, prepareVolumes } from './kit/volumes';

const NODE = 'cache-master';

/** What a server of its own leaves when it is told to save ten keys. */
const SNAPSHOT = `
  redis-server --port 7000 --dir /data --save '' --daemonize yes >/dev/null
  until redis-cli -p 7000 ping 2>/dev/null | grep -q PONG; do sleep 0.1; done
  for i in $(seq 10); do echo SET saved:$i 1; done | redis-cli -p 7000 >/dev/null
  redis-cli -p 7000 SAVE >/dev/null
  redis-cli -p 7000 SHUTDOWN NOSAVE 2>/dev/null || :
`;

/** What Redis 6 writes for a hundred keys: one file of commands. */
const OLD_FILE = `
  for i in $(seq 101 200); do printf '*3\\r\\n$3\\r\\nSET\\r\\n$8\\r\\nadded:%s0\\r\\n$1\\r\\n1\\r\\n' $i; done | sed 's/added:\\(...\\)0/added\\1/' >appendonly.aof
`;

let cluster: LiveCluster;
afterEach(async () => {
  await cluster.destroy();
});

/** A cluster whose first master finds a volume that somebody else has written. */
async function onVolume(name: string, program: string, props: RedisSentinelClusterProps = {}): Promise<LiveCluster> {
  cluster = await LiveCluster.prepare(name, props);
  await prepareVolumes(cluster, [NODE]);
  await inVolume(cluster, NODE, program);
  await leaveVolumes(cluster, [NODE]);
  await cluster.apply();
  return cluster;
}

async function keys(): Promise<number> {
  await explained(cluster, 'the data are there', () => healthy(cluster, 90));
  return cluster.direct(NODE).dbsize();
}

/** What `kubectl describe pod` says of a server that does not start. */
async function refusal(member: string): Promise<string> {
  const of = `{.status.containerStatuses[?(@.name=="${cluster.containerOf(member)}")].lastState.terminated.message}`;
  return until(60, `${member} refuses to start`, async () => {
    const message = await cluster.podOf(member, of.slice(1, -1));
    return message === '' ? undefined : message;
  });
}

const inKeeper = (command: string): Promise<string> =>
  cluster.kubectl('exec', `deploy/${NODE}`, '-c', 'keeper', '--', 'sh', '-c', command);

describe('a volume of other origin', () => {
  test('with an append-only file of Redis 6 that is newer than the snapshot: the file is loaded', async () => {
    await onVolume('redis-6', `${SNAPSHOT} sleep 1; ${OLD_FILE}`);

    expect(await keys()).toBe(100);
  });

  thorough('with an append-only file of Redis 6, for a cluster with snapshots: the file is loaded', async () => {
    await onVolume('redis-6-rdb', OLD_FILE, { persistence: Persistence.rdb() });

    expect(await keys()).toBe(100);
    await cluster.restart();
    expect(await keys()).toBe(100);
  });

  test('with an older append-only file beside the snapshot: refused until somebody decides', async () => {
    await onVolume('undecided', `${OLD_FILE} sleep 1; ${SNAPSHOT}`);

    const sentence = await refusal(NODE);
    expect(sentence).toMatch('nobody can tell which of them has everything');
    expect(await inKeeper('ls /data')).toBe('appendonly.aof\ndump.rdb\n');
    const [, command = ''] = /container keeper: (mv \S*appendonly\.aof \S*);/.exec(sentence) ?? [];
    await inKeeper(command);
    expect(await keys()).toBe(10);
  });

  thorough('with its data in a folder: refused, and nothing is written over', async () => {
    await onVolume('folder', `mkdir -p bitnami; ${SNAPSHOT} mv dump.rdb bitnami/`);

    expect(await refusal(NODE)).toMatch('/data/bitnami/dump.rdb is not where this server looks');
    await inKeeper('mv /data/bitnami/dump.rdb /data/dump.rdb');
    expect(await keys()).toBe(10);
  });

  test('of a newer version: refused, and nothing is written over', async () => {
    await onVolume('newer', SNAPSHOT, { image: { tag: '7.0.15' } });
    const sum = await until(60, 'the keeper runs', () => inKeeper('sha256sum /data/dump.rdb'));

    await until(60, 'the server says why', async () => {
      const log = await cluster.kubectl('logs', `deploy/${NODE}`, '-c', 'redis', '--previous');
      return log.includes("Can't handle RDB format version") ? true : undefined;
    });
    expect(await inKeeper('sha256sum /data/dump.rdb')).toBe(sum);
    // Nobody else has data, and may not take its place.
    const asked = ['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'cache'] as const;
    const named = await until(120, 'the sentinels go on without it', () =>
      cluster.direct('cache-sentinel-1').call(...asked),
    );
    expect(named).toContain(cluster.host(NODE));
  });
});

test('a password with a line break at its end: every member refuses, and says why', async () => {
  cluster = await LiveCluster.prepare('password');
  await cluster.setPasswords({ password: `${PASSWORD}\n` });
  await cluster.apply();

  for (const member of [...cluster.nodes, ...cluster.sentinels]) {
    expect(await refusal(member)).toMatch(/refused: \/passwords\/(redis|sentinel) contains a line break/);
  }
  await cluster.setPasswords({ password: PASSWORD });
  await cluster.kubectl('delete', 'pod', '--all');
  await explained(cluster, 'with another password', () => healthy(cluster));
});

thorough('a rollback by kubectl finds the settings of that time', async () => {
  cluster = await started('rollback');
  const { master } = await healthy(cluster);
  await cluster.direct(master).set('kept', '1');
  const before = await cluster.direct(master).config('GET', 'timeout');
  // The one is in the Deployments themselves, the other in a ConfigMap that nothing in Git names any more.
  await cluster.change({ settings: { timeout: Duration.minutes(7) }, sentinels: { count: 5 } });
  await healthy(cluster);

  await cluster.kubectl('rollout', 'undo', ...cluster.nodes.map((name) => `deployment/${name}`));
  await cluster.kubectl('rollout', 'status', 'deployment', '-l', 'app.kubernetes.io/instance=cache', '--timeout=200s');

  const { master: after } = await explained(cluster, 'rolled back', () => healthy(cluster));
  expect(await cluster.direct(after).config('GET', 'timeout')).toEqual(before);
  expect(await cluster.direct(after).get('kept')).toBe('1');
});
