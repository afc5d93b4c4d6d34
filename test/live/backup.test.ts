import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BackupTarget, type BackupOptions, type RedisSentinelClusterProps } from '../../lib';
import { backUp, begin, ended, logOf } from './kit/backups';
import { healthy, settled, started } from './kit/health';
import { RCLONE } from './kit/images';
import { kubectl, until } from './kit/kubectl';
import { LiveCluster, apply } from './kit/live-cluster';
import { ACCESS, BUCKET, Store, storeImage } from './kit/store';
import { thorough } from './kit/tier';
import { PooledWriter } from './kit/writers';

const image = RCLONE;
/** So that a digest can be asked for. */
const settings = { directives: { 'enable-debug-command': 'yes' } };
/** How long a copy is made to take, so that something can happen in it. */
const COPY_MICROSECONDS = 45_000_000;
const PASSPHRASE = 'correct horse';

const target = (store: Store, secretName = 's3', prefix?: string): BackupTarget =>
  BackupTarget.s3({ bucket: BUCKET, endpoint: store.endpoint, secretName, ...(prefix !== undefined && { prefix }) });
const props = (store: Store, more: Partial<BackupOptions> = {}): RedisSentinelClusterProps => ({
  settings,
  backup: { target: target(store), image, suspend: true, ...more },
});

/** The Secrets that a store and an encryption need. */
async function admit(cluster: LiveCluster): Promise<void> {
  const secret = (name: string, stringData: Record<string, string>): object => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: cluster.namespace },
    stringData,
  });
  await apply([
    secret('s3', ACCESS),
    secret('wrong', { ...ACCESS, 'secret-access-key': 'another' }),
    secret('passphrase', { passphrase: PASSPHRASE }),
  ]);
}

/** Of every kind of value, in two databases. */
async function write(cluster: LiveCluster, keys: number): Promise<void> {
  const { master } = await healthy(cluster, 120);
  const pipeline = cluster.patient(master).pipeline();
  for (let number = 0; number < keys; number++) pipeline.set(`number:${number}`, `${number}`.repeat(20));
  pipeline.set('two\nlines "and" \u0000', 'x').set('goes', 'y', 'EX', 86_400);
  pipeline.sadd('set', ...Array.from({ length: 1000 }, (_, member) => `member:${member}`));
  pipeline.rpush('list', 'a', 'b').hset('hash', 'a', '1').zadd('sorted', 1, 'a').xadd('stream', '*', 'a', '1');
  pipeline.select(1).set('elsewhere', 'z');
  await pipeline.exec();
}

const digest = async (cluster: LiveCluster, node: string): Promise<string> =>
  String(await cluster.patient(node).call('DEBUG', 'DIGEST'));

/** A new cluster, which nobody waits for: it may never come up. */
async function beginning(name: string, given: RedisSentinelClusterProps): Promise<LiveCluster> {
  const cluster = await LiveCluster.prepare(name, given);
  await admit(cluster);
  await cluster.apply();
  return cluster;
}

/** Why a cluster can not begin. */
async function refusal(cluster: LiveCluster): Promise<string> {
  return until(180, 'the first master refuses', async () => {
    const states = '.status.initContainerStatuses[*]';
    const said = await cluster.podOf('cache-master', `${states}['state','lastState'].terminated.message`);
    return said.includes('refused') ? said : undefined;
  });
}

(storeImage === undefined ? describe.skip : describe)('with a store of S3', () => {
  let store: Store;
  let cluster: LiveCluster;

  beforeAll(async () => {
    store = await Store.start('backup-store');
    cluster = await beginning('backup', props(store));
    await write(cluster, 5000);
  }, 300_000);
  afterAll(async () => {
    await cluster.destroy();
    await store.destroy();
  });

  test('a backup is one that was loaded, and a new cluster begins with it', async () => {
    const outcome = await backUp(cluster, 'first');
    expect(outcome).toMatchObject({ succeeded: true });
    const folder = `${cluster.namespace}/cache`;
    const name = (await store.read(`${folder}/latest`)).toString().trim();
    expect(await store.list(folder)).toEqual([`${name}.json`, `${name}.rdb`, 'latest']);
    const { master } = await healthy(cluster);
    const described = JSON.parse((await store.read(`${folder}/${name}.json`)).toString()) as Record<string, unknown>;
    expect(described).toMatchObject({ product: 'redis', keys: 5008, digest: await digest(cluster, master) });

    const other = await beginning('backup-restored', {
      settings,
      restoreFrom: { target: target(store, 's3', folder), image },
    });
    try {
      const restored = await healthy(other, 240);
      expect(restored.master).toBe('cache-master');
      for (const node of other.nodes) expect(await digest(other, node)).toBe(described['digest']);
      await settled(other);
      await other.forceDelete([restored.master]);
      const next = await healthy(other, 120);
      expect(await digest(other, next.master)).toBe(described['digest']);

      // It lives: what is stored now is none of its business, and a volume that is lost is filled by the others.
      await other.direct(next.master).set('later', '1');
      await other.loseVolumes(['cache-master']);
      const { master: last } = await healthy(other, 180);
      expect(await other.direct(last).get('later')).toBe('1');
      const ask = await other.kubectl('logs', 'deploy/cache-master', '--container=restore-ask');
      expect(ask).toMatch('restoreFrom is ignored');
      const check = ['exec', 'deploy/cache-sentinel-1', '-c', 'sentinel', '--', 'sh', '/scripts/check.sh', '60'];
      expect(await other.kubectl(...check)).toMatch('note restoreFrom is ignored');
    } finally {
      await other.destroy();
    }
  }, 900_000);

  thorough(
    'ten in a row under load leave nobody behind in any sentinel, and the newest stay',
    async () => {
      await cluster.change(props(store, { retention: { count: 3 } }));
      await healthy(cluster, 120);
      const writer = new PooledWriter(cluster);
      const seconds: number[] = [];
      try {
        await writer.acknowledges(100);
        for (let number = 0; number < 10; number++) {
          const outcome = await backUp(cluster, `loaded-${number}`);
          expect(outcome).toMatchObject({ succeeded: true });
          seconds.push(Math.round(outcome.seconds));
        }
      } finally {
        await writer.stop();
      }
      const account = await writer.account();
      await cluster.empty((await healthy(cluster)).master); // what comes after wants few data
      await write(cluster, 5000);
      console.log(`ten backups, ${seconds.join(' ')} s; ${account.acknowledged} writes, gap ${account.gap} ms`);
      expect(account.lost).toEqual([]);
      await healthy(cluster); // which sees every replica that a sentinel knows
      const files = await store.list(`${cluster.namespace}/cache`);
      expect(files.filter((file) => file.endsWith('.rdb'))).toHaveLength(3);
      expect(files.filter((file) => file.endsWith('.json'))).toHaveLength(3);
    },
    900_000,
  );

  thorough(
    'one whose source is promoted in the middle breaks off, and the next pod makes it',
    async () => {
      const { master } = await healthy(cluster);
      await settled(cluster);
      const delay = Math.round(COPY_MICROSECONDS / (await cluster.direct(master).dbsize()));
      const slowDown = (microseconds: number): Promise<unknown> =>
        Promise.all(
          cluster.nodes.map((node) => cluster.direct(node).config('SET', 'rdb-key-save-delay', `${microseconds}`)),
        );
      let source = '';
      try {
        await slowDown(delay);
        await begin(cluster, 'broken-off');
        source = await until(60, 'a replica is copied', async () => {
          for (const node of cluster.othersThan(master))
            if (/^connected_slaves:1/m.test(await cluster.direct(node).info('replication'))) return node;
          return undefined;
        });
        await cluster.direct(source).config('SET', 'replica-priority', '1');
        await until(20, 'the sentinel sees that', async () => {
          const seen = await cluster
            .direct(cluster.sentinels[0] ?? '')
            .call('SENTINEL', 'REPLICAS', cluster.masterName);
          const one = (seen as string[][]).find((pairs) => pairs[pairs.indexOf('ip') + 1] === cluster.host(source));
          return one?.[one.indexOf('slave-priority') + 1] === '1' ? true : undefined;
        });
        await cluster.direct(cluster.sentinels[0] ?? '').call('SENTINEL', 'FAILOVER', cluster.masterName);
        await until(30, 'it is promoted', async () =>
          /^role:master/m.test(await cluster.direct(source).info('replication')) ? true : undefined,
        );
      } finally {
        await slowDown(0);
      }
      const outcome = await ended(cluster, 'broken-off');
      expect(outcome.said).toMatch(/the copy from .* broke off|no longer gives a copy/);
      expect(outcome.succeeded).toBe(true);
      expect((await healthy(cluster)).master).toBe(source);
    },
    600_000,
  );

  thorough(
    'one that is refused by the store says so, and leaves nothing; the next one is good',
    async () => {
      const folder = `${cluster.namespace}/cache`;
      const before = await store.list(folder);
      await cluster.begin(props(store, { target: target(store, 'wrong') }));
      const refused = await backUp(cluster, 'refused');
      expect(refused).toMatchObject({ succeeded: false });
      expect(refused.said).toMatch(/could not be stored.*(SignatureDoesNotMatch|403|Forbidden)/i);
      expect(await store.list(folder)).toEqual(before);
      await cluster.begin(props(store));
      expect(await backUp(cluster, 'after-refused')).toMatchObject({ succeeded: true });
    },
    600_000,
  );

  thorough(
    'a store that is full keeps what it has, and nothing half written',
    async () => {
      const small = await Store.start('backup-small', 6);
      try {
        await cluster.begin(props(small));
        const { master } = await healthy(cluster);
        expect(await backUp(cluster, 'fits')).toMatchObject({ succeeded: true });
        const folder = `${cluster.namespace}/cache`;
        const before = await small.list(folder);
        await cluster.patient(master).set('noise', randomBytes(12 << 20)); // what nobody can make smaller
        const full = await backUp(cluster, 'full');
        expect(full).toMatchObject({ succeeded: false });
        expect(full.said).toMatch(/could not be stored|not what was sent/);
        expect(await small.list(folder)).toEqual(before);
        await cluster.direct(master).del('noise');
      } finally {
        await small.destroy();
        await cluster.begin(props(store));
      }
      expect(await backUp(cluster, 'after-full')).toMatchObject({ succeeded: true });
    },
    900_000,
  );

  thorough(
    'an encrypted one is read with its passphrase only, and one that was spoilt is refused',
    async () => {
      const encryption = { secretName: 'passphrase' };
      const prefix = 'encrypted/cache';
      await cluster.begin(props(store, { target: target(store, 's3', prefix), encryption }));
      expect(await backUp(cluster, 'encrypted')).toMatchObject({ succeeded: true });
      const [json = '', rdb = ''] = await store.list(prefix);
      expect((await store.read(`${prefix}/${json}`)).toString()).not.toMatch('keys');
      await cluster.begin(props(store));

      const other = await beginning('backup-encrypted', {
        settings,
        restoreFrom: { target: target(store, 's3', prefix), image },
      });
      try {
        expect(await refusal(other)).toMatch('there is no backup');
        await store.spoil(`${prefix}/${rdb}`);
        await other.begin({ restoreFrom: { target: target(store, 's3', prefix), image, encryption } });
        await other.forceDelete(['cache-master']);
        expect(await refusal(other)).toMatch(/could not be fetched|is not what was stored/);
      } finally {
        await other.destroy();
      }
    },
    900_000,
  );

  thorough(
    'a backup of a newer server is refused by an older one, with both their names',
    async () => {
      const folder = `${cluster.namespace}/cache`;
      const other = await beginning('backup-older', {
        image: { tag: '7.0.15' },
        restoreFrom: { target: target(store, 's3', folder), image },
      });
      try {
        expect(await refusal(other)).toMatch(/it is of redis 8.2.3, and this server is redis 7.0.15/);
      } finally {
        await other.destroy();
      }
    },
    600_000,
  );
});

describe('with a claim', () => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    const claimed = BackupTarget.claim({ claimName: 'backups' });
    cluster = await started('backup-claim', {
      backup: { target: claimed, image, suspend: true, retention: { count: 1 } },
    });
    await apply([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'backups', namespace: cluster.namespace },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ]);
  });
  afterAll(() => cluster.destroy());

  test('a backup is stored, by a user that may change nothing', async () => {
    const { master } = await healthy(cluster);
    await cluster.direct(master).set('a', '1');
    expect(await backUp(cluster, 'first')).toMatchObject({ succeeded: true });
    expect(await backUp(cluster, 'second')).toMatchObject({ succeeded: true });
    const log = await logOf(cluster, 'second', 'store');
    expect(log).toMatch('stored and read back');
    expect(log).toMatch('too old');
    const denied = await cluster
      .direct(master)
      .call('ACL', 'DRYRUN', `backup@${cluster.namespace}/cache`, 'SET', 'a', '2');
    expect(String(denied)).toMatch(/no permissions/);
    await healthy(cluster);
    expect((await kubectl(['-n', cluster.namespace, 'get', 'cronjob', 'cache-backup', '-o', 'name'])).stdout).toMatch(
      'cronjob',
    );
  });
});
