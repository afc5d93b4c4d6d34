import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { container, environment } from '../support/manifests';
import { shells } from '../support/shell';
import { linesOf } from '../support/stubs';
import { started, type Start, type Started } from '../support/started';
import { synth } from '../support/synth';

/** Prints what it is told; the others' answers lie in files that have the name of whom is asked. */
const PROGRAMS = {
  'valkey-server': 'cat "$1"; echo "told $*"; flock -n "$DATA_DIR/.lock" true || echo locked',
  'valkey-cli': `cat >/dev/null
[ ! -e "$RUN_DIR/asking" ] || touch "$RUN_DIR/asked-while-ready"
echo "$2 $REDISCLI_AUTH asks $4" >>"$RUN_DIR/log"
[ "\${7-}" != PING ] || { echo 'MASTERDOWN Link with MASTER is down' && exit; } # no node here has a role
cat "$RUN_DIR/answers/$4:$6" 2>/dev/null`,
};

const objects = synth();
const rendered = Object.entries(environment(objects, container(objects, 'cache-sentinel-1', 'sentinel')));
const VARIABLES = {
  ...Object.fromEntries(rendered.filter(([name]) => !/^(REDIS|SENTINEL)_CONF_/.test(name))),
  ...{ REDIS_CONF_HZ: '20', SENTINEL_CONF_DOWN_AFTER_MILLISECONDS: '5000' },
  ...{ POD_NAMESPACE: 'prod' },
};
const PASSWORDS = { redis: 'hunter2', sentinel: 'hunter3' };
/** What the user of a name may do. */
const rightsOf = (name: string): string =>
  linesOf(['dash'], ['common.sh', 'users.sh'], 'system_users sentinel', { ...VARIABLES, SELF: 'm' })
    .find((line) => line.startsWith(`${name} `))
    ?.replace(/^\S+ \S+ /, '') ?? '';
const [M, R1, R2] = ['cache-master.prod.svc', 'cache-replica-1.prod.svc', 'cache-replica-2.prod.svc'] as const;
const [S1, S2, S3] = ['cache-sentinel-1.prod.svc', 'cache-sentinel-2.prod.svc', 'cache-sentinel-3.prod.svc'] as const;
const hash = (password: string): string => `#${createHash('sha256').update(password).digest('hex')}`;

const USERS = 'default\nmember@prod/cache\n';
const sentinel = (master: string, epoch: number): string =>
  `${USERS}PONG\n${master}\n6379\nname\ncache\nip\n${master}\nflags\nmaster\nconfig-epoch\n${epoch}\n`;
const node = (mark: string): string =>
  `syslog-ident\n${mark}\n${USERS}# Server\nrun_id:x\nrole:slave\nmaster_host:127.0.0.1\nslave_priority:0\n`;
const answers = (of: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(of).map(([host, text]) => [`answers/${host}:${host.includes('sentinel') ? 26379 : 6379}`, text]),
  );
const ALL_NEW = answers({ [M]: node('0::0'), [R1]: node('0::0'), [R2]: node('0::0') });

const STATE = [
  'sentinel myid 1111111111111111111111111111111111111111',
  'sentinel current-epoch 9',
  `sentinel monitor cache ${R1} 6379 2`,
  'sentinel config-epoch cache 7',
  'sentinel leader-epoch cache 8',
];
const state = (lines = STATE): string => `${lines.join('\n')}\n`;
const OWN = { owner: 'prod/cache/cache-sentinel-1\n', state: state() };

describe.each(shells)('In %s, a sentinel that starts', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  function start(how: Start = {}): Started {
    const answer = started(shell, 'sentinel.sh', {
      before: 'sleep() { echo "sleeps $*"; }',
      programs: PROGRAMS,
      passwords: PASSWORDS,
      ...how,
      variables: { ...VARIABLES, ...how.variables },
    });
    expect(answer.stderr).toBe('');
    return answer;
  }
  /** What its file says after the part that is always the same. */
  const monitors = ({ lines }: Started): string[] => {
    const settings = /^sentinel (auth-user|auth-pass|down-after-milliseconds) /;
    const from = lines.findIndex((line) => line.startsWith('sentinel monitor '));
    return lines
      .slice(
        from,
        lines.findIndex((line) => line.startsWith('told ')),
      )
      .filter((line) => !settings.test(line));
  };

  test('for the first time monitors the first master, and is told all of this.', () => {
    const { lines, status, data, memory } = start({ memory: ALL_NEW });
    expect(lines).toEqual([
      `test.sh: monitoring ${M} (own memory: none, epoch none; others: epoch 0; nodes: epoch 0)`,
      'hz 20',
      'port 26379',
      'protected-mode no',
      'dir /run',
      'sentinel resolve-hostnames yes',
      'sentinel announce-hostnames yes',
      `sentinel announce-ip ${S1}`,
      'sentinel announce-port 26379',
      `user default on ${hash('hunter3')}  ~* &* +@all`,
      `user member@prod/cache on ${hash('hunter3')}  ${rightsOf('member@prod/cache')}`,
      `user sentinel@prod/cache on ${hash('hunter3')}  ${rightsOf('sentinel@prod/cache')}`,
      'sentinel sentinel-user sentinel@prod/cache',
      'sentinel sentinel-pass "hunter3"',
      `sentinel monitor cache ${M} 6379 2`,
      'sentinel auth-user cache sentinel@prod/cache',
      'sentinel auth-pass cache "hunter2"',
      'sentinel down-after-milliseconds cache 5000',
      `sentinel known-replica cache ${R1} 6379`,
      `sentinel known-replica cache ${R2} 6379`,
      'told /run/sentinel.conf --sentinel',
      'locked',
    ]);
    expect(status).toBe(0);
    expect(data).toEqual({ '.lock': '', owner: OWN.owner, passwords: `${hash('hunter3').slice(1)} 0\n` });
    expect(memory).not.toHaveProperty('asking');
    expect(memory).toHaveProperty('asked-while-ready');
    // Itself first, then the other sentinels at once, then the nodes; each as a member, with the password of its kind.
    const log = (memory['log'] ?? '').split('\n').slice(0, -1);
    expect(log[0]).toBe(`member@prod/cache hunter3 asks ${S1}`);
    expect(log.slice(1, 3).sort()).toEqual([S2, S3].map((host) => `member@prod/cache hunter3 asks ${host}`));
    expect(log.slice(3).sort()).toEqual([M, R1, R2].map((host) => `member@prod/cache hunter2 asks ${host}`));
  });

  test.each([
    ['a node is master', M, node('0::0').replace('slave\nmaster_host:127.0.0.1', 'master')],
    ['a node was in sync with one', R1, node(`0:${M}:5`)],
  ])('beside nodes that follow a source waits until %s.', (_, host, said) => {
    const changes = `[ "$1" != 0.5 ] || cp "$RUN_DIR/later" "$RUN_DIR/answers/${host}:6379"`;
    const { lines } = start({
      memory: { ...ALL_NEW, later: said },
      variables: { SOURCE_HOST: 'old.svc', SOURCE_PORT: '6379' },
      before: `sleep() { echo "sleeps $*"; ${changes}; }`,
    });
    expect(lines.slice(0, 3)).toEqual([
      'test.sh: waiting: this cluster follows its source, and has no master before it is cut over',
      'sleeps 0.5',
      expect.stringContaining(`monitoring ${M}`),
    ]);
  });

  test('without passwords takes anybody, and offers one all the same.', () => {
    const { lines } = start({ memory: ALL_NEW, passwords: {} });
    expect(lines).toContain('user default on nopass ~* &* +@all');
    expect(lines).toContain(`user member@prod/cache on nopass ${rightsOf('member@prod/cache')}`);
    expect(lines).toContain('sentinel sentinel-pass "none"');
    expect(lines).toContain('sentinel auth-pass cache "none"');
  });

  test('takes the previous password too during a rotation.', () => {
    const { lines } = start({ memory: ALL_NEW, passwords: { ...PASSWORDS, 'previous-sentinel': 'hunter1' } });
    expect(lines).toContain(`user default on ${hash('hunter3')} ${hash('hunter1')}  ~* &* +@all`);
    expect(lines).toContain('sentinel sentinel-pass "hunter3"');
  });

  test('refuses a password that others would not understand, before anything is written.', () => {
    const { status, data, memory } = start({ passwords: { ...PASSWORDS, sentinel: '' } });
    expect(status).toBe(1);
    expect([data, memory]).toEqual([{}, {}]);
  });

  test('starts no server where it was not given all that it must know.', () => {
    const variables = Object.fromEntries(Object.entries(VARIABLES).filter(([name]) => name !== 'QUORUM'));
    const { status, lines } = started(shell, 'sentinel.sh', { programs: PROGRAMS, data: OWN, variables });
    expect(status).not.toBe(0);
    expect(lines).toHaveLength(1);
  });

  test('goes on with what it remembers, and asks no node.', () => {
    const answer = start({ data: OWN });
    expect(answer.lines[0]).toBe(
      `test.sh: monitoring ${R1} (own memory: ${R1}, epoch 7; others: epoch 7; nodes: epoch 0)`,
    );
    expect(monitors(answer)).toEqual([
      `sentinel monitor cache ${R1} 6379 2`,
      `sentinel known-replica cache ${M} 6379`,
      `sentinel known-replica cache ${R2} 6379`,
      ...['sentinel myid 1111111111111111111111111111111111111111', 'sentinel config-epoch cache 7'],
      ...['sentinel leader-epoch cache 8', 'sentinel current-epoch 9'],
    ]);
    expect(answer.memory['log']).not.toContain('hunter2');
    expect(answer.data).toMatchObject(OWN);
  });

  test("leaves an older epoch of its own to another's master, for it would block what the others say.", () => {
    const answer = start({ data: OWN, memory: answers({ [S2]: sentinel(R2, 8), [S3]: sentinel(M, 3) }) });
    expect(monitors(answer)).toEqual([
      `sentinel monitor cache ${R2} 6379 2`,
      `sentinel known-replica cache ${M} 6379`,
      `sentinel known-replica cache ${R1} 6379`,
      ...['sentinel myid 1111111111111111111111111111111111111111', 'sentinel current-epoch 9'],
    ]);
    expect(answer.lines[0]).toMatch('others: epoch 8; nodes: epoch 0)');
  });

  test('takes the word of others for a master that is not in the manifest, and knows every node of that.', () => {
    const answer = start({ memory: answers({ [S3]: sentinel('cache-replica-9.prod.svc', 1) }) });
    expect(monitors(answer)).toEqual([
      'sentinel monitor cache cache-replica-9.prod.svc 6379 2',
      ...[M, R1, R2].map((host) => `sentinel known-replica cache ${host} 6379`),
    ]);
  });

  test('takes what the nodes remember with its epoch.', () => {
    const answer = start({ memory: { ...ALL_NEW, ...answers({ [R2]: node(`5:${R1}:40`) }) } });
    expect(monitors(answer)).toEqual([
      `sentinel monitor cache ${R1} 6379 2`,
      `sentinel known-replica cache ${M} 6379`,
      `sentinel known-replica cache ${R2} 6379`,
      'sentinel config-epoch cache 5',
    ]);
    expect(answer.lines[0]).toMatch('others: epoch 0; nodes: epoch 5)');
  });

  test.each([
    ['another sentinel', 'prod/cache/cache-sentinel-2\n', STATE.slice(1, 4)],
    ['another cluster', 'staging/cache/cache-sentinel-1\n', []],
  ])('on a copy of the volume of %s remembers what holds here.', (_, owner, left) => {
    const answer = start({ data: { ...OWN, owner }, memory: ALL_NEW });
    expect(answer.data['state']).toBe(left.map((line) => `${line}\n`).join(''));
    expect(answer.data['owner']).toBe(OWN.owner);
    expect(monitors(answer)).toEqual(
      left.length > 0
        ? [
            `sentinel monitor cache ${R1} 6379 2`,
            ...[M, R2].map((host) => `sentinel known-replica cache ${host} 6379`),
            ...['sentinel config-epoch cache 7', 'sentinel current-epoch 9'],
          ]
        : [
            `sentinel monitor cache ${M} 6379 2`,
            ...[R1, R2].map((host) => `sentinel known-replica cache ${host} 6379`),
          ],
    );
  });

  test('refuses a full volume on which it can not forget what does not hold here.', () => {
    const owner = 'staging/cache/cache-sentinel-1\n';
    const { status, lines, data } = start({ data: { ...OWN, owner }, memory: ALL_NEW, before: 'dd() { return 1; }' });
    expect(status).toBe(1);
    expect(lines).toEqual(['test.sh: refused: the volume can not be written: is it full?']);
    expect(data).toMatchObject({ owner, state: OWN.state });
  });

  test('waits while another one has its name.', () => {
    const { lines } = start({
      data: OWN,
      memory: answers({ [S1]: sentinel(R1, 7) }),
      before: `sleep() { echo "sleeps $*"; rm "$RUN_DIR/answers/${S1}:26379"; }`,
    });
    expect(lines.slice(0, 2)).toEqual([
      `test.sh: waiting: another sentinel answers at this one's name, ${S1}: two pods are behind one Service`,
      'sleeps 1',
    ]);
    expect(lines[2]).toMatch(`monitoring ${R1}`);
  });

  test('asks all of them again every second, and those that answer suffice after a minute.', () => {
    const { lines } = start({
      memory: answers({ [M]: node('0::0'), [R1]: node('0::0') }),
      change: (text) => text.replace(' asked=0\n', ' asked=57\n'),
    });
    expect(lines[0]).toBe('test.sh: waiting: no sentinel remembers a master, and 2 of 3 nodes answer');
    expect(lines.slice(1, 4)).toEqual(['sleeps 1', 'sleeps 1', 'sleeps 1']);
    expect(lines.find((line) => line.startsWith('test.sh: monitoring'))).toMatch(`monitoring ${M}`);
  });

  test('after a minute waits for one that loads, and for no other.', () => {
    const late = (why: string): string[] =>
      start({
        memory: answers({ [M]: node('0::0'), [R1]: node('0::0'), [R2]: why }),
        change: (text) => text.replace(' asked=0\n', ' asked=60\n'),
        before: 'sleep() { exit; }',
      }).lines;
    expect(late(`${node('0::0')}loading:1\n`).slice(0, 1)).toEqual([
      `test.sh: waiting: no sentinel remembers a master, and 2 of 3 nodes answer; these still load their data: ${R2}`,
    ]);
    expect(late('WRONGPASS\n')[0]).toMatch(`monitoring ${M}`);
    expect(late('')[0]).toMatch(`monitoring ${M}`);
  });
});
