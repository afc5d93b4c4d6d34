import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Persistence } from '../../lib/index';
import { container, environment } from '../support/manifests';
import { functionOf, runEach, shells } from '../support/shell';
import { linesOf } from '../support/stubs';
import { started, type Start, type Started } from '../support/started';
import { synth } from '../support/synth';

const REDIS_8 = 'Redis server v=8.2.3 sha=00000000:1 malloc=jemalloc-5.3.0 bits=64 build=1';
/** Prints what it is told, and what is in the shared memory when it is asked for its version. */
const SERVER = `case $1 in
  --version) ls "$RUN_DIR" >"$DATA_DIR/then"; echo "$VERSION" ;;
  *)
    cat "$1"
    echo "told $*"
    flock -n "$DATA_DIR/.lock" true || echo locked
    ;;
esac`;

const objects = synth();
const rendered = Object.entries(environment(objects, container(objects, 'cache-master', 'redis')));
const VARIABLES = {
  ...Object.fromEntries(rendered.filter(([name]) => !name.startsWith('REDIS_CONF_'))),
  REDIS_CONF_HZ: '20',
  ...{ POD_NAMESPACE: 'prod', VERSION: REDIS_8 },
};
const PASSWORDS = { redis: 'hunter2', sentinel: 'hunter3' };
/** What the user of a name may do. */
const rightsOf = (name: string): string =>
  linesOf(['dash'], ['common.sh', 'users.sh'], 'system_users redis', { ...VARIABLES, SELF: 'm' })
    .find((line) => line.startsWith(`${name} `))
    ?.replace(/^\S+ \S+ /, '') ?? '';
const [S1, S2] = ['cache-sentinel-1.prod.svc', 'cache-sentinel-2.prod.svc'] as const;
const [M, R1] = ['cache-master.prod.svc', 'cache-replica-1.prod.svc'];
const hash = (password: string): string => `#${createHash('sha256').update(password).digest('hex')}`;

interface Case {
  readonly form: 'append-only' | 'snapshot' | 'nothing';
  readonly stop?: 'clean' | 'clean-replica';
  readonly mark?: string;
  readonly aof?: 'yes' | 'no';
  readonly start: string;
}

const DATA: Case[] = [
  { form: 'nothing', start: 'none yes' },
  { form: 'nothing', aof: 'no', start: 'none no' },
  { form: 'nothing', stop: 'clean', mark: M, start: 'none yes' },
  { form: 'nothing', stop: 'clean-replica', mark: M, start: 'none yes' },
  { form: 'append-only', mark: M, start: 'complete yes' },
  { form: 'append-only', mark: M, aof: 'no', start: 'complete yes' },
  { form: 'append-only', mark: M, stop: 'clean', start: 'complete yes' },
  { form: 'append-only', mark: M, stop: 'clean-replica', start: 'complete no' },
  { form: 'append-only', mark: M, stop: 'clean-replica', aof: 'no', start: 'complete no' },
  { form: 'append-only', stop: 'clean-replica', start: 'partial no' },
  { form: 'append-only', mark: 'elsewhere', stop: 'clean-replica', start: 'partial no' },
  { form: 'append-only', start: 'partial yes' },
  { form: 'append-only', mark: 'elsewhere', start: 'partial yes' },
  { form: 'snapshot', mark: M, start: 'partial no' },
  { form: 'snapshot', mark: M, aof: 'no', start: 'partial no' },
  { form: 'snapshot', mark: M, stop: 'clean', start: 'complete no' },
  { form: 'snapshot', mark: M, stop: 'clean-replica', start: 'complete no' },
  { form: 'snapshot', stop: 'clean', start: 'partial no' },
  { form: 'snapshot', stop: 'clean-replica', start: 'partial no' },
  { form: 'snapshot', mark: 'elsewhere', stop: 'clean', start: 'partial no' },
];

const KNOWN = [
  { owner: 'prod/cache/cache-master', mark: R1, master: R1 },
  { owner: 'prod/cache/cache-replica-2', mark: R1, master: R1 },
  { owner: 'prod/cache/cache-master', mark: '', master: '' },
  { owner: 'prod/cache2/cache-master', mark: R1, master: 'elsewhere' },
  { owner: 'staging/cache/cache-master', mark: R1, master: 'elsewhere' },
  { owner: '', mark: R1, master: 'elsewhere' },
  { owner: '', mark: '', master: '' },
  { owner: 'staging/cache/cache-master', mark: '', master: '' },
];

const CHANNELS: [string, string][] = [
  ['Redis server v=6.2.14 sha=0', ''],
  ['Redis server v=7.0.15 sha=0', ''],
  ['Redis server v=7.4.2 sha=0', ''],
  ['Redis server v=8.0.2 sha=0', 'repl-rdb-channel no'],
  ['Redis server v=8.10.1 sha=0', 'repl-rdb-channel no'],
  ['Redis server v=9.0.0 sha=0', 'repl-rdb-channel no'],
  ['Redis server v=10.0.0 sha=0', 'repl-rdb-channel no'],
  ['Redis server v=80.0.0 sha=0', 'repl-rdb-channel no'],
  ['Valkey server v=7.2.9 sha=0', ''],
  ['Valkey server v=8.1.1 sha=0', 'dual-channel-replication-enabled no'],
  ['Valkey server v=9.1.2 sha=0', 'dual-channel-replication-enabled no'],
  ['Valkey server v=10.0.0 sha=0', 'dual-channel-replication-enabled no'],
  ['Valkey server v=11.0.0 sha=0', 'dual-channel-replication-enabled no'],
  ['another server 8.0.0', ''],
  ['', ''],
];

describe.each(shells)('In %s, a node that starts', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  function start(how: Start = {}): Started {
    return started(shell, 'redis.sh', {
      passwords: PASSWORDS,
      ...how,
      programs: { 'valkey-server': SERVER, ...how.programs },
      variables: { ...VARIABLES, ...how.variables },
    });
  }

  test('says to an entry point that the server stays who it is, for nobody else could read what it is told.', () => {
    const server = `case $1 in --version) echo "$VERSION" ;; *) echo "stays: $SKIP_DROP_PRIVS" ;; esac`;
    expect(start({ programs: { 'valkey-server': server } }).lines.slice(-1)).toEqual(['stays: 1']);
  });

  /** The value of a directive that its server is told. */
  const told = ({ lines }: Started, directive: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${directive} `) ? [line.slice(directive.length + 1)] : []));

  test('for the first time has no role, and is told all of this.', () => {
    const { lines, stderr, status, data, memory } = start({ memory: { ready: '', stopping: '' } });
    expect(stderr).toBe('');
    expect(lines).toEqual([
      'test.sh: data on the volume: nothing, none; last in sync: epoch 0, master none, offset 0',
      'repl-ping-replica-period 1',
      'repl-diskless-sync-max-replicas 2',
      'hz 20',
      'repl-rdb-channel no',
      'port 6379',
      'protected-mode no',
      'dir /data',
      'appendonly yes',
      'appenddirname appendonlydir',
      'appendfilename appendonly.aof',
      'dbfilename dump.rdb',
      'shutdown-on-sigterm save force',
      'replicaof 127.0.0.1 1',
      'replica-priority 0',
      'replica-serve-stale-data no',
      `replica-announce-ip ${M}`,
      'replica-announce-port 6379',
      'syslog-ident 0::0',
      `user default on ${hash('hunter2')}  ~* &* +@all`,
      `user member@prod/cache on ${hash('hunter2')}  ${rightsOf('member@prod/cache')}`,
      `user sentinel@prod/cache on ${hash('hunter2')}  ${rightsOf('sentinel@prod/cache')}`,
      `user replication@prod/cache off ${hash('hunter2')}  -@all +ping +replconf +psync`,
      'masteruser replication@prod/cache',
      'masterauth "hunter2"',
      'told /run/redis.conf',
      'locked',
    ]);
    expect(status).toBe(0);
    expect(data['owner']).toBe('prod/cache/cache-master\n');
    expect(data['passwords']).toBe(`${hash('hunter2').slice(1)} 0\n`);
    expect(data['then']).toBe('data\nstarting\nwithout-users\n'); // a probe must pass, and it is not in sync, nor stops
    expect(Object.keys(memory)).toEqual(['data', 'redis.conf', 'without-users']);
    expect(memory['data']).toBe('none\n');
  });

  test('without a password takes anybody, and offers one all the same.', () => {
    const answer = start({ passwords: {} });
    expect(told(answer, 'user')).toEqual([
      'default on nopass ~* &* +@all',
      `member@prod/cache on nopass ${rightsOf('member@prod/cache')}`,
      `sentinel@prod/cache on nopass ${rightsOf('sentinel@prod/cache')}`,
      'replication@prod/cache off nopass -@all +ping +replconf +psync',
    ]);
    expect(told(answer, 'masterauth')).toEqual(['"none"']);
  });

  test('lets nobody in by a password alone where each client has a user.', () => {
    const answer = start({ variables: { DEFAULT_USER: 'off' } });
    expect(told(answer, 'user')[0]).toBe(`default off ${hash('hunter2')}  ~* &* +@all`);
  });

  test('takes the password before for as long as it is good, by what its volume says.', () => {
    const answer = start({ data: { passwords: `${hash('hunter1').slice(1)} 0\n` } });
    expect(told(answer, 'user')[0]).toBe(`default on ${hash('hunter2')} ${hash('hunter1')}  ~* &* +@all`);
    expect(told(answer, 'masterauth')).toEqual(['"hunter2"']);
  });

  test('takes the previous password too during a rotation, from everybody.', () => {
    const answer = start({ passwords: { ...PASSWORDS, 'previous-redis': 'hunter1' } });
    const both = `${hash('hunter2')} ${hash('hunter1')}`;
    for (const user of told(answer, 'user')) expect(user).toMatch(` ${both} `);
    expect(told(answer, 'masterauth')).toEqual(['"hunter2"']);
  });

  test('refuses a password that others would not understand, before anything is written.', () => {
    const { status, lines, data, memory } = start({ passwords: { ...PASSWORDS, redis: 'hunter2\n' } });
    expect(status).toBe(1);
    expect(lines[0]).toMatch('refused: /passwords/redis contains a line break');
    expect([data, memory]).toEqual([{}, {}]);
  });

  test('starts no server where it was not given all that it must know.', () => {
    const variables = Object.fromEntries(Object.entries(VARIABLES).filter(([name]) => name !== 'REDIS_PORT'));
    const { status, lines } = started(shell, 'redis.sh', { programs: { 'valkey-server': SERVER }, variables });
    expect(status).not.toBe(0);
    expect(lines).toHaveLength(1);
  });

  test('refuses a volume that it would start without, and leaves it as it is.', () => {
    const files = { 'redis/dump.rdb': 'x' };
    const { status, lines, data } = start({ data: files });
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch('refused: /data/redis/dump.rdb is not where this server looks');
    expect(data).toEqual({ ...files, '.lock': '' });
  });

  const starts = runEach(
    shell,
    ['common.sh', 'volume.sh'],
    DATA.map(({ form, stop = '', mark = '', aof = 'yes' }) => [`data_of ${form} '${stop}' '${mark}' ${aof}`]),
    VARIABLES,
  );
  test.each(DATA.map((one, index) => ({ ...one, index })))(
    'with $form, $stop, the mark $mark and AOF $aof: $start.',
    (one) => {
      expect(starts[one.index]).toBe(`${one.start}\n`);
    },
  );

  const masters = runEach(
    shell,
    ['common.sh', 'volume.sh'],
    KNOWN.map(({ owner, mark }) => [`known_master '${owner}' '${mark}'`]),
    VARIABLES,
  );
  test.each(KNOWN.map((one, index) => ({ ...one, index })))(
    'on the volume of $owner whose mark names $mark knows the master $master.',
    (one) => {
      expect(masters[one.index]).toBe(`${one.master}\n`);
    },
  );

  const AOF = { 'appendonlydir/appendonly.aof.manifest': 'x', 'appendonlydir/appendonly.aof.1.base.rdb': 'x' };
  const OWN = { owner: 'prod/cache/cache-master\n', mark: `7 ${R1} 40\n` };

  test('with its append-only file is told to load it, whatever the settings say, and shows its mark.', () => {
    const answer = start({ data: { ...AOF, ...OWN }, variables: { AOF: 'no' } });
    expect(told(answer, 'appendonly')).toEqual(['yes']);
    expect(told(answer, 'syslog-ident')).toEqual([`7:${R1}:40`]);
    expect(answer.memory['data']).toBe('complete\n');
    expect(answer.data['mark']).toBe(OWN.mark);
    expect(answer.lines[0]).toBe(
      `test.sh: data on the volume: append-only, complete; last in sync: epoch 7, master ${R1}, offset 40`,
    );
  });

  test('with the snapshot of a clean stop has everything, once.', () => {
    const files = { 'dump.rdb': 'x', 'clean-stop': '', ...OWN };
    const answer = start({ data: files });
    expect(told(answer, 'appendonly')).toEqual(['no']);
    expect(answer.memory['data']).toBe('complete\n');
    expect(answer.data).not.toHaveProperty('clean-stop');
    expect(start({ data: { 'dump.rdb': 'x', ...OWN } }).memory['data']).toBe('partial\n');
  });

  describe('after a clean stop with an append-only file beside its snapshot', () => {
    const files = { ...AOF, ...OWN, 'dump.rdb': 'x', 'clean-stop': '' };
    const says = (master: string): string =>
      `default\nmember@prod/cache\nPONG\n${master}\n6379\nip\n${master}\nflags\nmaster\nconfig-epoch\n7\n`;
    /** Where each of these sentinels names a master. */
    const named = (masters: Record<string, string>, data: Record<string, string> = files): Started =>
      start({
        data,
        memory: Object.fromEntries(Object.entries(masters).map(([host, master]) => [host, says(master)])),
        programs: { 'valkey-cli': 'cat >/dev/null; cat "$RUN_DIR/$4" 2>/dev/null' },
      });

    test('begins with the snapshot where a majority names another, for it knows how far it had copied.', () => {
      const answer = named({ [S1]: R1, [S2]: R1 });
      expect(told(answer, 'appendonly')).toEqual(['no']);
      expect(answer.memory['data']).toBe('complete\n');
      expect(answer.data).not.toHaveProperty('clean-stop');
      expect(answer.data).toMatchObject({ 'dump.rdb': 'x', ...AOF });
    });

    test.each([
      ['where it is named itself', { [S1]: M, [S2]: M }],
      ['where there is no majority', { [S1]: R1 }],
      ['where two do not agree', { [S1]: R1, [S2]: M }],
    ])('begins with the append-only file %s.', (_, masters) => {
      expect(told(named(masters), 'appendonly')).toEqual(['yes']);
    });

    test('begins with the append-only file where the stop was none.', () => {
      expect(told(named({ [S1]: R1, [S2]: R1 }, { ...AOF, ...OWN, 'dump.rdb': 'x' }), 'appendonly')).toEqual(['yes']);
    });
  });

  test.each(['staging/cache/cache-master\n', undefined])(
    'on a copy of the volume of %j keeps the age of its data, and no name.',
    (owner) => {
      const answer = start({ data: { ...AOF, mark: OWN.mark, ...(owner !== undefined && { owner }) } });
      expect(told(answer, 'syslog-ident')).toEqual(['7:elsewhere:40']);
      expect(answer.memory['data']).toBe('partial\n');
      expect(answer.data).toMatchObject({ mark: '7 elsewhere 40\n', owner: OWN.owner });
    },
  );

  test('on a copy of the volume of another member goes on, and calls it its own.', () => {
    const answer = start({ data: { ...AOF, ...OWN, owner: 'prod/cache/cache-replica-1\n' } });
    expect(answer.memory['data']).toBe('complete\n');
    expect(answer.data).toMatchObject(OWN);
  });

  test('refuses a full volume on which it can not forget what does not hold here.', () => {
    const { status, lines, data } = start({ data: { ...AOF, mark: OWN.mark }, before: 'dd() { return 1; }' });
    expect(status).toBe(1);
    expect(lines.at(-1)).toMatch('refused: the volume can not be written: is it full?');
    expect(data).not.toHaveProperty('owner');
  });

  test('that keeps snapshots is told no append-only file.', () => {
    const without = synth({ persistence: Persistence.rdb() });
    const variables = environment(without, container(without, 'cache-master', 'redis'));
    const answer = start({
      variables: { ...variables, POD_NAMESPACE: 'prod' },
    });
    expect(told(answer, 'appendonly')).toEqual(['no']);
    expect(told(answer, 'save')).not.toEqual(['""']);
    expect(told(answer, 'shutdown-on-sigterm')).toEqual(['force']);
  });

  test("is started by the image's entry point where there is one, which loads modules.", () => {
    const answer = start({
      programs: { entrypoint: 'echo "entry point $*"' },
      change: (text, folder) => text.replace('/usr/local/bin/docker-entrypoint.sh', `${folder}/bin/entrypoint`),
    });
    expect(answer.lines.at(-1)).toBe('entry point /bin/valkey-server /run/redis.conf');
  });

  const channels = runEach(
    shell,
    [],
    CHANNELS.map(([version]) => [`${functionOf('redis.sh', 'single_channel')}\nsingle_channel '${version}'`]),
  );
  test.each(CHANNELS.map(([version, directive], index) => ({ version, directive, index })))(
    'of $version is told of one channel for copies: $directive.',
    ({ directive, index }) => {
      expect(channels[index]?.trim()).toBe(directive);
    },
  );
});
