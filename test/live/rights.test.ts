import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AclUser, BackupTarget, Persistence, type RedisSentinelClusterProps } from '../../lib';
import { begin } from './kit/backups';
import { signal, signalIn } from './kit/faults';
import { explained, healthy, settled, started } from './kit/health';
import { RCLONE } from './kit/images';
import { sleep, until } from './kit/kubectl';
import { ADMINISTRATOR, apply, type LiveCluster, PASSWORD } from './kit/live-cluster';
import { everything } from './kit/tier';

/** Until every kubelet has brought what is written in a ConfigMap. */
const KUBELET_SECONDS = 150;
const USERS = {
  root: AclUser.administrator(ADMINISTRATOR),
  idle: AclUser.application('idle'),
  gone: AclUser.application('gone'),
};
/** All that has a user of its own. Nothing is stored: no backup comes as far as that. */
const props: RedisSentinelClusterProps = {
  users: Object.values(USERS),
  persistence: Persistence.rdb(),
  metrics: { exporter: { tag: 'v1.45.0' } }, // newer ones ask for less
  proxy: {},
  backup: {
    target: BackupTarget.s3({ bucket: 'none', endpoint: 'http://127.0.0.1:9', secretName: 's3' }),
    image: RCLONE,
    suspend: true,
  },
};

type User = 'member' | 'sentinel' | 'replication' | 'backup' | 'exporter' | 'proxy';
const KINDS = ['nodes', 'sentinels'] as const;
type Kind = (typeof KINDS)[number];

/** What happens, and the rights that are asked for then, in the words of ACL SETUSER. */
interface Occasion extends Partial<Record<Kind, Partial<Record<User, string>>>> {
  readonly when: string;
  readonly happens?: (cluster: LiveCluster, master: string) => Promise<unknown>;
  /** What is tried in the place of something that is refused, and nobody may. */
  readonly instead?: string;
}

const check = (cluster: LiveCluster): Promise<unknown> =>
  cluster.kubectl('exec', 'deploy/cache-sentinel-1', '-c', 'sentinel', '--', 'sh', '/scripts/check.sh');
/** One that has ended before may have to wait for its next start. */
const keepersEnd = (cluster: LiveCluster): Promise<unknown> =>
  Promise.all(
    cluster.nodes.map((node) =>
      until(200, `the keeper of ${node} ends`, async () => {
        await signalIn(cluster, node, 'keeper', 'SIGKILL');
        return true;
      }),
    ),
  );
const sentinelsConnectAnew = (cluster: LiveCluster, members: string[]): Promise<unknown> =>
  Promise.all(members.map((member) => cluster.direct(member).client('KILL', 'USER', nameOf(cluster, 'sentinel'))));
/** Until the first of its steps has ended, the only one that asks members. */
const backsUp = async (cluster: LiveCluster): Promise<void> => {
  await cluster.kubectl('delete', 'job', 'rights', '--ignore-not-found', '--wait');
  await begin(cluster, 'rights');
  const ended = '--output=jsonpath={.items[*].status.initContainerStatuses[0].state.terminated.exitCode}';
  await until(60, 'the copy ends', async () =>
    (await cluster.kubectl('get', 'pods', '--selector=job-name=rights', ended)) === '' ? undefined : true,
  );
};
const scrape = (cluster: LiveCluster): Promise<unknown> =>
  Promise.all(
    [...cluster.nodes, ...cluster.sentinels].map(async (member) => {
      const port = await cluster.podOf(member, '.spec.containers[?(@.name=="exporter")].ports[0].containerPort');
      return (await fetch(`http://${await cluster.podOf(member, '.status.podIP')}:${port}/metrics`)).text();
    }),
  );

const OCCASIONS: Occasion[] = [
  {
    when: 'nothing happens',
    nodes: { member: '+info', proxy: '+info' },
    sentinels: { member: '+info', proxy: '+sentinel|get-master-addr-by-name' },
  },
  {
    when: 'an exporter connects',
    nodes: { exporter: '+client|setname +info' },
    sentinels: { exporter: '+client|setname +info' },
    happens: scrape,
  },
  {
    when: 'an exporter asks for numbers',
    nodes: { exporter: '+slowlog|len +latency|latest' },
    sentinels: { exporter: '+sentinel|masters' },
    happens: scrape,
  },
  {
    when: 'an exporter asks a sentinel for all that it knows',
    sentinels: { exporter: '+sentinel|sentinels +sentinel|slaves +sentinel|ckquorum' },
    happens: scrape,
  },
  {
    when: 'somebody checks',
    nodes: { member: '+config|get +acl|users' },
    sentinels: { member: '+acl|users +ping +sentinel' },
    happens: check,
  },
  {
    when: 'sentinels connect to nodes',
    nodes: { sentinel: '+client|setname +ping +info +publish +subscribe' },
    happens: (cluster) => sentinelsConnectAnew(cluster, cluster.nodes),
  },
  {
    when: 'sentinels connect to nodes, and may not use the channel',
    nodes: { sentinel: '&__sentinel__:hello' },
    happens: (cluster) => sentinelsConnectAnew(cluster, cluster.nodes),
  },
  {
    when: 'sentinels connect to one another',
    sentinels: { sentinel: '+client|setname +ping +publish' },
    happens: (cluster) => sentinelsConnectAnew(cluster, cluster.sentinels),
  },
  { when: 'sentinels meet', sentinels: { sentinel: '&__sentinel__:hello' } },
  {
    when: 'the master hangs',
    sentinels: { sentinel: '+sentinel|is-master-down-by-addr' },
    happens: async (cluster, master) => {
      await signal(cluster, master, 'SIGSTOP');
      await sleep(8000);
      await signal(cluster, master, 'SIGCONT');
    },
  },
  {
    when: 'a replica connects',
    nodes: { replication: '+replconf +psync' },
    instead: 'nodes replication +sync',
    happens: (cluster, master) => cluster.direct(master).client('KILL', 'TYPE', 'REPLICA'),
  },
  {
    when: 'a keeper starts where an append-only file was left',
    nodes: { member: '+subscribe +lastsave +bgsave' },
    happens: async (cluster) => {
      for (const node of cluster.nodes)
        await cluster.kubectl('exec', `deploy/${node}`, '-c', 'redis', '--', 'mkdir', '-p', '/data/appendonlydir');
      await keepersEnd(cluster);
    },
  },
  { when: 'a keeper starts', nodes: { member: '+config|set +acl|setuser' }, happens: keepersEnd },
  { when: 'a keeper shows its mark', nodes: { member: '&__sentinel__:hello +acl|deluser' }, happens: keepersEnd },
  {
    when: 'a replica starts',
    nodes: { member: '+ping' },
    happens: (cluster, master) => cluster.deletePod(cluster.othersThan(master)[0] ?? ''),
  },
  {
    when: 'the master hands over',
    nodes: { member: '+client|pause +client|unpause +client|kill +replicaof +role' },
    happens: (cluster, master) => cluster.deletePod(master),
  },
  {
    when: 'a sentinel fails over',
    nodes: { sentinel: '+multi +slaveof +config|rewrite +client|kill +exec' },
    happens: (cluster) => cluster.direct('cache-sentinel-1').call('SENTINEL', 'FAILOVER', cluster.masterName),
  },
  {
    when: 'a script does not end',
    nodes: { sentinel: '+script|kill' },
    happens: async (cluster, master) => {
      await cluster.direct(master).config('SET', 'busy-reply-threshold', '100');
      cluster
        .direct(master)
        .eval('while true do end', 0)
        .catch(() => undefined);
      await sleep(9000);
      // Which a sentinel has done, if it may.
      await cluster
        .direct(master)
        .script('KILL')
        .catch(() => undefined);
    },
  },
  {
    when: 'a user is disabled, and another one goes',
    sentinels: { member: '+acl|setuser +acl|deluser +client|kill' },
    happens: (cluster) => cluster.begin({ users: [USERS.root, AclUser.application('idle', { enabled: false })] }),
  },
  {
    when: 'a sentinel must forget another one',
    sentinels: { member: '+shutdown' },
    happens: (cluster, master) => cluster.direct(master).publish('__sentinel__:hello', ghostOf(cluster, master)),
  },
  { when: 'a backup looks for a replica', nodes: { backup: '+info' }, happens: backsUp },
  { when: 'a backup copies', nodes: { backup: '+select +randomkey +replconf +sync' }, happens: backsUp },
  { when: 'a backup looks at keys', nodes: { backup: '+type +ttl +memory|usage' }, happens: backsUp },
  { when: 'a backup looks into keys', nodes: { backup: '+get +llen +scard +zcard +hlen +xlen' }, happens: backsUp },
  { when: 'a backup looks at keys, and may see none', nodes: { backup: '%R~*' }, happens: backsUp },
];

/** In the lists of the servers' documentation, or for an exporter of other flags. */
const SPARE: Occasion = {
  when: 'never',
  nodes: { replication: '+ping', sentinel: '+role', exporter: '+ping +command|info' },
  sentinels: { exporter: '+ping +command|info' },
};
/** What an exporter asks for and must not know: it has what clients wrote. */
const NEVER = 'nodes exporter +slowlog|get';

const nameOf = ({ namespace }: LiveCluster, user: User): string => `${user}@${namespace}/cache`;

/** What a sentinel would say of itself that is nowhere. */
const ghostOf = (cluster: LiveCluster, master: string): string =>
  ['10.255.0.1', 26379, 'f'.repeat(40), 0, cluster.masterName, cluster.host(master), 6379, 0].join(',');

const each = (occasion: Occasion): { kind: Kind; user: User; rights: string[] }[] =>
  KINDS.flatMap((kind) =>
    Object.entries(occasion[kind] ?? {}).map(([user, rights]) => ({
      kind,
      user: user as User,
      rights: rights.split(' '),
    })),
  );
const named = (occasion: Occasion): string[] =>
  each(occasion).flatMap(({ kind, user, rights }) => rights.map((right) => `${kind} ${user} ${right}`));

/** The word that takes a right away. */
const without = (right: string): string =>
  right.startsWith('+') ? `-${right.slice(1)}` : right.startsWith('&') ? 'resetchannels' : 'resetkeys';

/** The rights that users of this library lacked at a server since its log was emptied. */
async function lacked(cluster: LiveCluster, kind: Kind, member: string): Promise<string[]> {
  const log = (await cluster.direct(member).call('ACL', 'LOG', '100')) as (string | number)[][];
  return log.flatMap((entry) => {
    const field = (name: string): string => String(entry[entry.indexOf(name) + 1]);
    const [user = '', home] = field('username').split('@');
    const reason = field('reason');
    // Who copies is refused until its master has a role.
    if (home !== `${cluster.namespace}/cache` || reason === 'auth') return [];
    const object = user === 'member' ? field('object').replace(/^sentinel\|.*/, 'sentinel') : field('object');
    return `${kind} ${user} ${reason === 'key' ? '%R~*' : `${reason === 'channel' ? '&' : '+'}${object}`}`;
  });
}

(everything ? describe : describe.skip)('each right of the users of this library', () => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await started('rights', props);
    await cluster.setPasswords({ [ADMINISTRATOR]: PASSWORD, idle: 'idle', gone: 'gone' }, 'cache-users');
    const metadata = { name: 's3', namespace: cluster.namespace };
    const stringData = { 'access-key-id': 'none', 'secret-access-key': 'none' };
    await apply([{ apiVersion: 'v1', kind: 'Secret', metadata, stringData }]);
    const { master } = await healthy(cluster);
    // Of every kind, where only one who selects another database comes to.
    const keys = cluster.direct(master).pipeline().select(1).set('string', 'a').rpush('list', 'a').sadd('set', 'a');
    await keys.zadd('sorted', 1, 'a').hset('hash', 'a', '1').xadd('stream', '*', 'a', '1').select(0).exec();
  });
  afterAll(() => cluster.destroy());

  async function set(occasion: Occasion, word: (right: string) => string): Promise<void> {
    for (const { kind, user, rights } of each(occasion))
      for (const member of cluster[kind])
        await until(60, `the rights of ${user} at ${member}`, () =>
          cluster.direct(member).call('ACL', 'SETUSER', nameOf(cluster, user), ...rights.map(word)),
        );
  }

  /** Empties the logs, and returns what says all that is lacked from then on. */
  async function watched(): Promise<() => Promise<string[]>> {
    const all = new Set<string>();
    const members = KINDS.flatMap((kind) => cluster[kind].map((member) => ({ kind, member })));
    await Promise.all(members.map(({ member }) => cluster.direct(member).call('ACL', 'LOG', 'RESET')));
    return async () => {
      // One that is away has a new log when it is back, and is looked at while it goes.
      const found = await Promise.all(members.map(({ kind, member }) => lacked(cluster, kind, member).catch(() => [])));
      found.flat().forEach((one) => all.add(one));
      all.delete(NEVER);
      return [...all].sort();
    };
  }

  async function atRest(): Promise<string> {
    const { master } = await explained(cluster, 'between two occasions', () => healthy(cluster, 240));
    await settled(cluster);
    return master;
  }

  // All of an occasion at once: who is refused one thing asks for the next all the same.
  test.each(OCCASIONS)(
    'is asked for when $when',
    async (occasion) => {
      const taken = named(occasion);
      const master = await atRest();
      const missed = await watched();
      await set(occasion, without);
      const happening = occasion.happens?.(cluster, master).catch(() => undefined); // for it is refused
      await until(KUBELET_SECONDS, 'all is refused', async () => {
        const all = await missed();
        return taken.every((one) => all.includes(one)) ? true : undefined;
      }).catch(() => undefined); // it is said below what is not
      await set(occasion, (right) => right);
      // One that was refused a part of its rights, and was then let in, would stay without a port.
      if (occasion.nodes?.replication !== undefined) await cluster.direct(master).client('KILL', 'TYPE', 'REPLICA');
      await happening;
      expect((await missed()).filter((one) => one !== occasion.instead)).toEqual(taken.sort());
    },
    600_000,
  );

  test('is one of these, or known to be spare', async () => {
    const has: string[] = [];
    for (const kind of KINDS) {
      const users = (await cluster.direct(cluster[kind][0] ?? '').call('ACL', 'LIST')) as string[];
      for (const line of users) {
        const [, user = '', ...words] = line.split(' ');
        const [name = '', home] = user.split('@');
        if (home !== `${cluster.namespace}/cache`) continue;
        has.push(...words.filter((word) => /^[+&%]/.test(word)).map((right) => `${kind} ${name} ${right}`));
      }
    }
    expect([...new Set([SPARE, ...OCCASIONS].flatMap(named))].sort()).toEqual(has.sort());
  });
});
