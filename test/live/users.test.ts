import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type Redis from 'ioredis';
import { AclUser, UserPassword, type RedisSentinelClusterProps } from '../../lib';
import { healthy, started } from './kit/health';
import { until } from './kit/kubectl';
import { ADMINISTRATOR, type LiveCluster, PASSWORD } from './kit/live-cluster';
import { everything } from './kit/tier';

/** Until every kubelet has brought what is written in a Secret or ConfigMap. */
const KUBELET_SECONDS = 150;
const SECRETS: Record<string, string> = {
  [ADMINISTRATOR]: PASSWORD,
  shop: 'shop one',
  report: 'report one',
  idle: 'idle one',
};
const both = [UserPassword.key('shop'), UserPassword.key('shop-next')];
const USERS = {
  root: AclUser.administrator(ADMINISTRATOR),
  shop: AclUser.application('shop', { keys: ['shop:*'], passwords: both }),
  report: AclUser.readOnly('report'),
  idle: AclUser.application('idle'),
};
const props: RedisSentinelClusterProps = { users: Object.values(USERS) };

(everything ? describe : describe.skip)('users of the manifest', () => {
  let cluster: LiveCluster;
  const open: Redis[] = [];

  beforeAll(async () => {
    cluster = await started('users', { users: [USERS.root] });
    await cluster.setPasswords(SECRETS, 'cache-users');
  });
  afterAll(async () => {
    open.forEach((one) => {
      one.disconnect();
    });
    await cluster.destroy();
  });

  const members = (): string[] => [...cluster.nodes, ...cluster.sentinels];
  async function everywhere(what: string, holds: (member: string) => Promise<true | undefined>): Promise<void> {
    for (const member of members()) await until(KUBELET_SECONDS, `${member}: ${what}`, () => holds(member));
  }
  const as = (member: string, username: string, password: string): Redis => {
    const one = cluster.connect(member, { username, password });
    open.push(one);
    return one;
  };
  const pods = (): Promise<string> => cluster.kubectl('get', 'pods', '--output=jsonpath={.items[*].metadata.uid}');
  /** Whether a connection still answers. */
  const answers = (one: Redis): Promise<boolean> =>
    one.ping().then(
      () => true,
      () => false,
    );

  test('are on every server that runs, without a restart', async () => {
    const before = await pods();
    await cluster.change(props);
    await everywhere('knows the user shop', (member) => cluster.logsIn(member, 'shop one', 'shop'));
    expect(await pods()).toBe(before);
  });

  test('may do what they were given, and nothing else', async () => {
    const { master } = await healthy(cluster);
    const [shop, report] = [as(master, 'shop', 'shop one'), as(master, 'report', 'report one')];
    expect(await shop.set('shop:1', 'one')).toBe('OK');
    await expect(shop.set('other', 'one')).rejects.toThrow('NOPERM');
    await expect(shop.flushall()).rejects.toThrow('NOPERM');
    await expect(shop.config('GET', '*')).rejects.toThrow('NOPERM');
    expect(await report.get('shop:1')).toBe('one');
    await expect(report.set('shop:1', 'two')).rejects.toThrow('NOPERM');
    const sentinel = as('cache-sentinel-1', 'shop', 'shop one');
    expect(await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', cluster.masterName)).toHaveLength(2);
    await expect(sentinel.call('SENTINEL', 'FAILOVER', cluster.masterName)).rejects.toThrow('NOPERM');
  });

  test('change a password while others work; who has the old one loses the connection', async () => {
    const { master } = await healthy(cluster);
    const [old, other] = [as(master, 'shop', 'shop one'), as(master, 'report', 'report one')];
    await Promise.all([old.ping(), other.ping()]);
    await cluster.setPasswords({ ...SECRETS, 'shop-next': 'shop two' }, 'cache-users');
    await everywhere('takes both', (member) => cluster.logsIn(member, 'shop two', 'shop'));
    expect([await answers(old), await answers(other)]).toEqual([true, true]);
    await cluster.setPasswords({ ...SECRETS, shop: 'shop two', 'shop-next': 'shop two' }, 'cache-users');
    await until(KUBELET_SECONDS, 'the old session ends', async () => ((await answers(old)) ? undefined : true));
    await everywhere('refuses the old one', (member) =>
      cluster.logsIn(member, 'shop one', 'shop').then(
        () => undefined,
        (): true => true,
      ),
    );
    expect(await answers(other)).toBe(true);
  });

  test('lose their connections where they are disabled or taken out of the list, and nobody else does', async () => {
    const { master } = await healthy(cluster);
    const [idle, report] = [as(master, 'idle', 'idle one'), as(master, 'report', 'report one')];
    await Promise.all([idle.ping(), report.ping()]);
    await cluster.change({
      users: [USERS.root, USERS.shop, USERS.report, AclUser.application('idle', { enabled: false })],
    });
    await until(KUBELET_SECONDS, 'the session of the disabled one ends', async () =>
      (await answers(idle)) ? undefined : true,
    );
    expect(await answers(report)).toBe(true);
    await cluster.change({ users: [USERS.root, USERS.shop] });
    await everywhere('has no user report', async (member) => {
      const names = (await cluster.direct(member).call('ACL', 'USERS')) as string[];
      return names.includes('report') ? undefined : true;
    });
    expect(await answers(report)).toBe(false);
  });

  test('are the same on every node after a crash, a failover and a new pod', async () => {
    const { master } = await healthy(cluster);
    await cluster.forceDelete([master]);
    const { master: next } = await healthy(cluster, 90);
    await cluster.deletePod(cluster.othersThan(next)[0] ?? '');
    await healthy(cluster, 90);
    const ofManifest = async (node: string): Promise<string[]> => {
      const users = (await cluster.direct(node).call('ACL', 'LIST')) as string[];
      return users.filter((line) => /^user (root|shop|idle|report|default|.*@live-users.cache) /.test(line)).sort();
    };
    await until(30, 'all nodes have the same users', async () => {
      const [first, ...others] = await Promise.all(cluster.nodes.map(ofManifest));
      return others.every((one) => JSON.stringify(one) === JSON.stringify(first)) ? true : undefined;
    });
    expect(await cluster.logsIn(master, 'shop two', 'shop')).toBe(true);
  });

  test('leave the system no right too few: nothing of its own was refused', async () => {
    for (const member of members()) {
      const log = (await cluster.direct(member).call('ACL', 'LOG')) as string[][];
      const refused = log.map((entry) => JSON.stringify(entry)).filter((entry) => entry.includes('@live-users/cache'));
      // Who copies is refused until its master has a role.
      expect(refused.filter((entry) => !entry.includes('"reason","auth"'))).toEqual([]);
    }
  });

  test('that somebody made by hand are said by the check, and stay', async () => {
    await cluster.direct('cache-replica-1').call('ACL', 'SETUSER', 'stranger', 'on', '>x');
    const report = await cluster.kubectl(
      'exec',
      'deploy/cache-sentinel-1',
      '-c',
      'sentinel',
      '--',
      'sh',
      '/scripts/check.sh',
      '20',
    );
    expect(report).toMatch(
      `note ${cluster.host('cache-replica-1')} has the user stranger, which is not in the manifest`,
    );
    expect(report).toMatch(/healthy\n$/);
  });
});
