import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Redis from 'ioredis';
import { started } from './kit/health';
import { until } from './kit/kubectl';
import { LiveCluster } from './kit/live-cluster';

/** What the article of 2020 did by hand to see that its cluster works, and the client that it describes. */
describe("the article's own checks", () => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await started('article', { masterName: 'mymaster' });
  });
  afterAll(async () => {
    await cluster.destroy();
  });

  test('the pods run', async () => {
    const phases = await cluster.kubectl('get', 'pods', '--output=jsonpath={.items[*].status.phase}');

    expect(phases.split(' ')).toEqual(Array.from({ length: 6 }, () => 'Running'));
  });

  test('a sentinel knows the master and its replicas', async () => {
    const sentinel = cluster.direct('cache-sentinel-1');

    expect(await sentinel.call('SENTINEL', 'MASTER', 'mymaster')).toEqual(
      expect.arrayContaining([cluster.host('cache-master')]),
    );
    expect(await sentinel.call('SENTINEL', 'SLAVES', 'mymaster')).toHaveLength(2);
  });

  test('what is set on the master is read from any replica, where nothing can be set', async () => {
    const master = cluster.direct('cache-master');
    expect(await master.set('foo', 'bar')).toBe('OK');
    expect(await master.get('foo')).toBe('bar');

    for (const replica of ['cache-replica-1', 'cache-replica-2']) {
      const server = cluster.direct(replica);
      expect(await until(5, 'the replica has it', async () => (await server.get('foo')) ?? undefined)).toBe('bar');
      await expect(server.set('foo', 'baz')).rejects.toThrow('READONLY');
    }
  });

  test('its client in five steps follows the master through a failover', async () => {
    const before = await findMaster(cluster);
    expect(await before.server.set('step', '1')).toBe('OK');

    await cluster.deletePod(before.member);

    const after = await until(30, 'step 4: another master is found', async () => {
      const found = await findMaster(cluster);
      return found.member === before.member ? undefined : found;
    });
    expect(await after.server.get('step')).toBe('1');
    expect(await after.server.set('step', '2')).toBe('OK');
    // 5. Reads go to the replicas, writes to the master.
    const replica = cluster.direct(cluster.nodes.find((node) => node !== after.member) ?? '');
    expect(
      await until(5, 'the replica has it', async () => ((await replica.get('step')) === '2' ? true : undefined)),
    ).toBe(true);
  });
});

async function findMaster(cluster: LiveCluster): Promise<{ member: string; server: Redis }> {
  // 1. Connect to every sentinel, keep those that answer.
  const asked = cluster.sentinels.map(async (sentinel) => {
    const alive = await cluster
      .direct(sentinel)
      .ping()
      .catch(() => undefined);
    return alive === 'PONG' ? [cluster.direct(sentinel)] : [];
  });
  const [sentinel] = (await Promise.all(asked)).flat();
  if (sentinel === undefined) throw new Error('no sentinel answers');
  // 2. Ask one of them.
  const [host = ''] = (await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster')) as string[];
  const member = cluster.nodes.find((node) => cluster.host(node) === host);
  if (member === undefined) throw new Error(`the sentinel names ${host}`);
  // 3. See that it is a master.
  const server = cluster.direct(member);
  const [role] = (await server.call('ROLE')) as string[];
  if (role !== 'master') throw new Error(`${member} is ${role ?? 'silent'}`);
  return { member, server };
}
