import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import type Redis from 'ioredis';
import { WhenSentinelsAreAway, type RedisSentinelClusterProps } from '../../lib';
import { cut, mend, signal } from './kit/faults';
import { healthy, started } from './kit/health';
import { sleep, until } from './kit/kubectl';
import { type LiveCluster, PASSWORD } from './kit/live-cluster';
import { PoolWriter, ProxiedWriter, Reader, leads, proxied, proxyPods } from './kit/proxied';
import { everything } from './kit/tier';
import { PooledWriter } from './kit/writers';

const props: RedisSentinelClusterProps = { proxy: { reads: {} } };
/** Two of three; the first is the one that tests ask. */
const majority = (cluster: LiveCluster): string[] => cluster.sentinels.slice(1);

async function signalAll(cluster: LiveCluster, members: string[], what: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  await Promise.all(members.map((member) => signal(cluster, member, what)));
}

const withEverything = everything ? describe : describe.skip;

withEverything('The proxies', () => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await started('proxy-verdict', props);
    await leads(cluster, 60);
  });
  afterAll(async () => {
    await cluster.destroy();
  });

  /** Milliseconds until nothing is acknowledged any more, while that is so, and until something is again. */
  async function cutAndBack(
    end: () => Promise<unknown>,
    begin: () => Promise<unknown>,
    seconds = 10,
  ): Promise<[number, number]> {
    const writer = new ProxiedWriter(cluster);
    try {
      await writer.acknowledges(50);
      const start = performance.now();
      await end();
      await sleep(seconds * 1000);
      const { last } = writer.now;
      expect(performance.now() - last).toBeGreaterThan(4000);
      const again = performance.now();
      await begin();
      await writer.acknowledges(1);
      return [last - start, performance.now() - again];
    } finally {
      await writer.stop();
    }
  }

  test('lead nobody to the master while two of three sentinels are frozen', async () => {
    const reader = new Reader(cluster);
    const [lost, back] = await cutAndBack(
      () => signalAll(cluster, majority(cluster), 'SIGSTOP'),
      async () => {
        // Longer than proxies that are of no use stay behind their Services: replicas are read all the while.
        expect(reader.since(2000).size).toBe(2);
        await signalAll(cluster, majority(cluster), 'SIGCONT');
      },
      45,
    ).finally(() => reader.stop());
    console.log(`two of three sentinels frozen: cut after ${Math.round(lost)} ms, back after ${Math.round(back)} ms`);
    expect(lost).toBeLessThan(5000);
    expect(back).toBeLessThan(3000);
    await healthy(cluster);
  });

  test.each<[string, string, (one: LiveCluster) => string[]]>([
    ['a node', 'info', (one) => one.nodes],
    ['a sentinel', 'sentinel|get-master-addr-by-name', (one) => one.sentinels],
  ])('need each right that they have at %s: %s', async (_, right, members) => {
    const user = `proxy@${cluster.namespace}/cache`;
    const all = (rule: string) => () =>
      Promise.all(members(cluster).map((member) => cluster.direct(member).call('ACL', 'SETUSER', user, rule)));
    const rights = await Promise.all(
      members(cluster).map((member) => cluster.direct(member).call('ACL', 'GETUSER', user) as Promise<unknown[]>),
    );
    for (const list of rights) expect(list[list.indexOf('commands') + 1]).toBe(`-@all +${right}`);
    await cutAndBack(all(`-${right}`), all(`+${right}`));
  });

  test('read from no replica that has lost its master, and from the master where none has one', async () => {
    const { master } = await healthy(cluster);
    const [first = '', second = ''] = cluster.othersThan(master);
    const reader = new Reader(cluster);
    try {
      await until(30, 'both replicas serve reads', () =>
        Promise.resolve(reader.since(2000).size === 2 && !reader.since(2000).has(master) ? true : undefined),
      );
      const start = performance.now();
      await cut(cluster, first, [master]);
      await sleep(8000);
      const last = (reader.lastOf(first) - start) / 1000;
      console.log(`a replica whose master is silent served reads for ${last.toFixed(1)} s more`);
      // The last word may be as old as that already, and a second is the unit.
      expect(last).toBeLessThan(2 + 1 + 1.5);
      expect([...reader.since(2000)]).toEqual([second]);
      await cut(cluster, second, [master]);
      await sleep(8000);
      expect([...reader.since(2000)]).toEqual([master]);
      await Promise.all([first, second].map((replica) => mend(cluster, replica)));
      await until(60, 'both replicas serve reads again', () =>
        Promise.resolve(reader.since(2000).size > 1 ? true : undefined),
      );
      console.log(`longest time that a link had been down at a replica that served reads: ${reader.longestDown} s`);
      expect(reader.longestDown).toBeLessThanOrEqual(2);
    } finally {
      await reader.stop();
      await Promise.all([first, second].map((replica) => mend(cluster, replica).catch(() => undefined)));
    }
    await healthy(cluster, 120);
  });

  test('take a new password, and their clients connect once more', async () => {
    const writer = new PoolWriter(cluster);
    const direct = new PooledWriter(cluster, 'direct');
    const logins = async (): Promise<string[]> =>
      Promise.all(
        (await proxyPods(cluster)).map((pod) =>
          cluster.kubectl('exec', pod, '--container=keeper', '--', 'cat', '/run/redis/logins.cfg'),
        ),
      );
    try {
      await writer.acknowledges(50);
      await cluster.setPasswords({ password: 'the new one' });
      const hex = Buffer.from('the new one').toString('hex');
      await until(420, 'every proxy logs in with it', async () =>
        (await logins()).every((text) => text.split(hex).length === 3) ? true : undefined,
      );
      await sleep(10_000);
      await writer.acknowledges(50);
    } finally {
      await Promise.all([writer.stop(), direct.stop()]);
    }
    const { gap, lost, acknowledged } = await writer.account();
    const beside = await direct.account();
    console.log(
      `a new password: ${acknowledged} writes, gap ${gap} ms (${beside.gap} ms beside it), ${lost.length} lost`,
    );
    expect(lost).toEqual([]);
    expect(gap).toBeLessThan(beside.gap + 2000);
    await cluster.setPasswords({ password: PASSWORD });
  }, 600_000);

  test('let further clients wait, and cut none of those whom they serve', async () => {
    const most = 10;
    await cluster.change({ proxy: { maxConnections: most, reads: {} } });
    await sleep(10_000); // the old ones serve on for a while
    await leads(cluster);
    const [pod = ''] = await proxyPods(cluster);
    const host = await cluster.kubectl('get', 'pod', pod, '--output=jsonpath={.status.podIP}');
    const connect = (): Redis => proxied(cluster, { host, retryStrategy: () => null });
    const served = Array.from({ length: most }, connect);
    const ids = (): Promise<number[]> => Promise.all(served.map((client) => client.client('ID')));
    const waiting: Redis[] = [];
    try {
      const before = await ids();
      waiting.push(...Array.from({ length: 5 }, connect));
      const answers = waiting.map((client) => client.ping());
      expect(await Promise.race([...answers, sleep(15_000)])).toBeUndefined();
      expect(await ids()).toEqual(before);
      served[0]?.disconnect();
      expect(await Promise.any(answers)).toBe('PONG');
    } finally {
      for (const client of [...served, ...waiting]) client.disconnect();
    }
  }, 600_000);

  test('keep a master without the sentinels where they are told to', async () => {
    const keep = { whenSentinelsAreAway: WhenSentinelsAreAway.KEEP_CURRENT, checkInterval: Duration.millis(200) };
    await cluster.change({ proxy: { ...keep, reads: {} } });
    await sleep(10_000); // the old ones serve on for a while
    await leads(cluster);
    const writer = new PoolWriter(cluster);
    try {
      await writer.acknowledges(50);
      await signalAll(cluster, majority(cluster), 'SIGSTOP');
      await sleep(10_000);
      await signalAll(cluster, majority(cluster), 'SIGCONT');
      await writer.acknowledges(50);
    } finally {
      await writer.stop();
    }
    const { gap, lost } = await writer.account();
    console.log(`two of three sentinels frozen, and the master kept: gap ${gap} ms, ${lost.length} lost`);
    expect(gap).toBeLessThan(1000);
    const { master } = await healthy(cluster);
    await cluster.deletePod(master);
    await healthy(cluster);
    await leads(cluster, 5);
  }, 600_000);
});
