import { describe, expect, test } from '@jest/globals';
import { functionOf, shells, textOf } from '../support/shell';
import { type Course, LOGGED, TIME, inLines, linesOf, withStubs } from '../support/stubs';

/** Nodes of a cluster, as `ask_node` prints them. */
const says = (host: string, role: string, follows = '-', link = '-', priority: number | string = '-', leaving = '-') =>
  `${host} ${role} ${follows} ${link} 0 ${priority} 7 40 3 m ${leaving} run 2`;

/** Under the master m. */
const STATES: [what: string, line: string, state: string][] = [
  ['the master', says('m', 'master'), 'm ready'],
  ['another master', says('r1', 'master'), 'r1 behind'],
  ['a replica in sync', says('r1', 'slave', 'm', 'up', 100), 'r1 ready'],
  ['a replica that is preferred', says('r1', 'slave', 'm', 'up', 10), 'r1 ready'],
  ['a replica that was not in sync since its start', says('r1', 'slave', 'm', 'up', 0), 'r1 behind'],
  ['a replica that is not connected', says('r1', 'slave', 'm', 'down', 100), 'r1 behind'],
  ['a replica of another master', says('r1', 'slave', 'r2', 'up', 100), 'r1 behind'],
  ['a node without a role', says('r1', 'slave', '127.0.0.1', 'down', 0), 'r1 behind'],
  ['the master as a replica', says('m', 'slave', 'r1', 'up', 100), 'm behind'],
  ['a replica that wants to stop', says('r1', 'slave', 'm', 'up', 100, 'stopping'), 'r1 stopping'],
  ['a replica that is going', says('r1', 'slave', 'm', 'up', 100, 'going'), 'r1 going'],
  ['a replica that is going and has no connection', says('r1', 'slave', 'm', 'down', 0, 'going'), 'r1 going'],
  ['the master that wants to stop', says('m', 'master', '-', '-', '-', 'stopping'), 'm stopping'],
  ['the master that is going', says('m', 'master', '-', '-', '-', 'going'), 'm going'],
];

const ORDER: [self: string, role: string, master: string, before: string][] = [
  ['m', 'master', 'm', 'r1 r2 r3'],
  ['r1', 'slave', 'm', ''],
  ['r2', 'slave', 'm', 'r1'],
  ['r3', 'slave', 'm', 'r1 r2'],
  ['m', 'slave', 'r2', ''],
  ['r1', 'slave', 'r2', 'm'],
  ['r2', 'master', 'r2', 'm r1 r3'],
  ['r3', 'slave', 'r2', 'm r1'],
  ['r2', 'master', 'm', 'm r1 r3'], // it does not know yet that another is master
];

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');
  const pure = (name: string, call: string, variables: Record<string, string> = {}, input = ''): string[] =>
    linesOf(shell, ['common.sh'], `set -u\n${functionOf('stop-redis.sh', name)}\n${call}`, variables, input);

  test.each(STATES)('of the states %s is the one it must be.', (_, line, state) => {
    expect(pure('states_under', 'states_under m', {}, `${line}\n`)).toEqual([state]);
  });

  test.each(ORDER)('before %s, a %s under %s, go: %j.', (self, role, master, before) => {
    const nodes = ['m', 'r1', 'r2', 'r3'];
    const set = `NODES='${nodes.join(' ')}' SELF=${self} other_nodes='${nodes.filter((node) => node !== self).join(' ')}'`;
    const [line = ''] = pure('those_before', `${set}; those_before ${role} ${master}; echo`);
    expect(line.trim()).toBe(before);
  });

  test('a name is not found in a longer one.', () => {
    const set = (self: string) => `NODES='a-m m r-m' SELF=${self} other_nodes=''`;
    expect(pure('those_before', `${set('m')}; those_before slave x; echo`)).toEqual(['a-m ']);
    expect(pure('those_before', `${set('a-m')}; those_before slave x; echo`)).toEqual(['']);
  });

  test.each([
    ['master', '-', '-', 'missed'],
    ['slave', 'up', '100', 'missed'],
    ['slave', 'up', '10', 'missed'],
    ['slave', 'up', '0', 'not'],
    ['slave', 'down', '100', 'not'],
    ['slave', 'down', '0', 'not'],
  ])('a %s with its link %s and priority %s is %s.', (role, link, priority, missed) => {
    const call = `if is_missed ${role} ${link} ${priority}; then echo missed; else echo not; fi`;
    expect(pure('is_missed', call)).toEqual([missed]);
  });

  test('a snapshot of a save point while the hook waits is not the one that the server leaves.', () => {
    const stop = `(${textOf('stop-redis.sh')}\n)`;
    const says = `rm -f "$DATA_DIR/clean-stop"; farewell; ls "$DATA_DIR"`;
    // The server saves, and is gone: the hook asks it twice, and ends.
    const client = (text: string): string =>
      `printf '#!/bin/sh\\n%s\\necho refused >&2\\n' '${text}' >"$RUN_DIR/valkey-cli"`;
    const commands = [
      'PATH=$RUN_DIR:$PATH DATA_DIR=$RUN_DIR/data; export DATA_DIR; mkdir "$DATA_DIR"; : >"$RUN_DIR/valkey-cli"; chmod +x "$RUN_DIR/valkey-cli"',
      functionOf('keeper.sh', 'farewell'),
      `${client('sleep 0.6; echo data >"$DATA_DIR/dump.rdb"')}; ${stop}; echo "ends: $?"; ${says}`,
      `echo 'the last one:'; echo data >"$DATA_DIR/dump.rdb"; ${says}`,
      `echo 'without one:'; rm "$DATA_DIR"/*; ${client('')}; ${stop}; ${says}`,
    ];
    const variables = { NODES: 'm', SENTINELS: 's1', SELF: 'm', CLUSTER: 'c', POD_NAMESPACE: 'n', REDIS_PORT: '1' };
    const more = { STOP_SECONDS: '60', COMEBACK_SECONDS: '5', PAUSE_MILLISECONDS: '4500', MASTER_NAME: 'c' };
    expect(linesOf(shell, [], commands.join('\n'), { ...variables, ...more })).toEqual([
      ...['ends: 0', 'dump.rdb', 'the last one:', 'clean-stop', 'dump.rdb', 'without one:'],
    ]);
  });

  describe('the hook of a node', () => {
    interface Cluster {
      readonly self?: string;
      /** What the own server says; nothing where it does not answer. */
      readonly own?: Course;
      /** Why it is silent. */
      readonly silence?: string;
      /** Whom a majority names, with a `+` while one of it still leads the failover; in several words, why there is none. */
      readonly named?: Course;
      /** What the others say. */
      readonly others?: Record<number, string[]>;
      /** Whether the role can be handed over. */
      readonly takers?: Course;
      /** Whose Services are gone. */
      readonly removed?: Course;
      readonly seconds?: number;
      /** Whether it is of interest which replica is preferred. */
      readonly prefers?: boolean;
    }
    const FAKE = `
      ask_node() { [ "$1" != 127.0.0.1 ] || current "$OWN"; }
      ask_all() { current "$OTHERS" | tr ',' '\\n'; }
      why_silent() { [ "$1 $2 $3" != '127.0.0.1 1 secret' ] || echo "$SILENCE"; }
      server() { read -r told && log "told: $told" >&2 && ask_node 127.0.0.1; }
      majority() {
        value=$(current "$NAMED")
        case $value in *' '*) WHY=$value && return 1 ;; *) MASTER=\${value%+} ;; esac
        case $value in *+) answers=' promoted' ;; *) answers='' ;; esac
      }
      hand_over() {
        WHY='nobody takes it'
        log hands over
        [ -n "$(current "$TAKERS")" ]
      }
      prefer() { [ -z "$PREFERS" ] || log prefers one; }
      prefer_nobody() { [ -z "$PREFERS" ] || log prefers nobody; }
      NODES='m r1 r2' SENTINELS='s1 s2 s3' SELF=$SELF_ALONE REDIS_PORT=1
      read_passwords() { REDIS_PASSWORD=secret; }
      read_removed() { removed=$(current "$REMOVED"); }
      trap '[ -f "$RUN_DIR/stopping" ] || log "its keeper does not know"; log "ends: $? $(cat "$RUN_DIR/termination-log" 2>/dev/null || :)"' EXIT
    `;

    const MASTER = says('127.0.0.1', 'master');
    const REPLICA = says('127.0.0.1', 'slave', 'm', 'up', 100);
    const [R1, R2] = ['r1', 'r2'].map((host) => says(host, 'slave', 'm', 'up', 100));
    const M = says('m', 'master');
    const of = (...lines: (string | undefined)[]) => lines.filter((line) => line !== undefined);

    /** All that it tells its server, and says, and when it ends. */
    function stopped(given: Cluster): string[] {
      const { self = 'm', own = { 0: MASTER }, named = { 0: 'm' }, others = { 0: of(R1, R2) } } = given;
      const says = Object.entries(others).map(([from, lines]): [string, string] => [from, lines.join(',')]);
      return linesOf(shell, [], `exec 2>&1\n${withStubs('stop-redis.sh', `${TIME}\n${LOGGED}\n${FAKE}`)}`, {
        ...{ OWN: inLines(own), NAMED: inLines(named), OTHERS: inLines(Object.fromEntries(says)) },
        ...{ TAKERS: inLines(given.takers ?? { 0: 'r1' }), SILENCE: given.silence ?? 'slow' },
        ...{ REMOVED: inLines(given.removed ?? { 0: '' }), SELF_ALONE: self, PREFERS: given.prefers ? 'yes' : '' },
        ...{ STOP_SECONDS: String(given.seconds ?? 60), COMEBACK_SECONDS: '5', PAUSE_MILLISECONDS: '4500' },
        ...{ NODES: 'm', SENTINELS: 's1', SELF: 'm', CLUSTER: 'c', POD_NAMESPACE: 'n' },
      });
    }

    const [SHOWS, GOES] = ['told: ACL SETUSER stopping off', 'told: ACL SETUSER going off'];
    const SILENT = 'this server does not answer';
    const every = (from: number, to: number, line: string): string[] =>
      Array.from({ length: to - from + 1 }, (_, index) => `${from + index} ${line}`);

    test('of a master hands over, and ends.', () => {
      expect(stopped({})).toEqual([`0 ${SHOWS}`, `1 ${GOES}`, '1 hands over', '1 ends: 0 ']);
    });

    test('of a master prefers a replica while it waits, and nobody at its end.', () => {
      expect(stopped({ prefers: true })).toEqual([
        ...['0 prefers one', `0 ${SHOWS}`, `1 ${GOES}`, '1 hands over', '1 prefers nobody', '1 ends: 0 '],
      ]);
      expect(stopped({ prefers: true, own: { 0: REPLICA }, self: 'r2', others: { 0: of(M, R1) } })).toEqual([
        ...[`0 ${SHOWS}`, `1 ${GOES}`, '1 prefers nobody', '1 ends: 0 '],
      ]);
    });

    test('of a replica ends when it is its turn.', () => {
      const replica = { self: 'r2', own: { 0: REPLICA }, named: { 0: 'm' } };
      expect(stopped({ ...replica, others: { 0: of(M, R1) } })).toEqual([`0 ${SHOWS}`, `1 ${GOES}`, '1 ends: 0 ']);
      const others = {
        0: of(says('m', 'master', '-', '-', '-', 'stopping'), says('r1', 'slave', 'm', 'up', 100, 'stopping')),
        3: of(says('m', 'master', '-', '-', '-', 'stopping')),
        5: of(says('m', 'master', '-', '-', '-', 'stopping'), says('r1', 'slave', 'm', 'down', 0)),
        7: of(says('m', 'master', '-', '-', '-', 'stopping'), R1),
      };
      expect(stopped({ ...replica, others })).toEqual([
        `0 ${SHOWS}`,
        ...every(1, 2, 'waits: first it is the turn of r1'),
        ...every(3, 4, 'waits: not back yet: r1'),
        ...every(5, 6, 'waits: r1 is not in sync'),
        `7 ${GOES}`,
        '7 ends: 0 ',
      ]);
    });

    test('of a master lets the replicas go first.', () => {
      const stopping = ['r1', 'r2'].map((host) => says(host, 'slave', 'm', 'up', 100, 'stopping'));
      const others = { 0: stopping, 2: of(R1, stopping[1]), 3: of(R1, R2) };
      expect(stopped({ others })).toEqual([
        `0 ${SHOWS}`,
        '1 waits: first it is the turn of r1',
        '2 waits: first it is the turn of r2',
        `3 ${GOES}`,
        '3 hands over',
        '3 ends: 0 ',
      ]);
    });

    test.each([
      ['has no role', says('127.0.0.1', 'slave', '127.0.0.1', 'down', 0)],
      ['is not connected', says('127.0.0.1', 'slave', 'm', 'down', 100)],
      ['was not in sync since its start', says('127.0.0.1', 'slave', 'm', 'up', 0)],
    ])('of a node that %s ends at once.', (_, line) => {
      expect(stopped({ own: { 0: line }, self: 'r1' })).toEqual(['0 ends: 0 ']);
    });

    test.each(['absent', 'loading', 'stranger'])('of a server that is %s ends at once.', (silence) => {
      expect(stopped({ own: { 0: '' }, silence })).toEqual(['0 ends: 0 ']);
    });

    test('of a server at a long command waits, and hands over then.', () => {
      expect(stopped({ own: { 0: '', 3: MASTER } })).toEqual([
        ...every(0, 2, `waits: ${SILENT}`),
        `3 ${SHOWS}`,
        `4 ${GOES}`,
        '4 hands over',
        '4 ends: 0 ',
      ]);
    });

    test.each<[what: string, named: Course, self: string, end: string]>([
      ['ends when others go on without it', { 0: 'r1' }, 'm', '15'],
      ['ends when others go on without it at last', { 0: 'm', 17: 'no majority', 20: 'r1' }, 'm', '20'],
      ['ends when it never was master', { 0: 'm' }, 'r1', '15'],
    ])('of a server that hangs %s.', (_, named, self, end) => {
      expect(stopped({ own: { 0: '' }, named, self }).at(-1)).toBe(`${end} ends: 0 `);
    });

    test.each<Course>([{ 0: 'm' }, { 0: 'no majority' }])(
      'of a master that hangs waits as long as it may: %j.',
      (named) => {
        expect(stopped({ own: { 0: '' }, named, seconds: 20 })).toEqual([
          ...every(0, 19, `waits: ${SILENT}`),
          `20 waits: ${SILENT}`,
          `20 says: stopping all the same, the time is up: ${SILENT}`,
          '20 ends: 0 ',
        ]);
      },
    );

    test('waits where the sentinels name nobody, and does not take a failover for their absence.', () => {
      const named = { 0: 'a failover is under way', 2: 'm+', 4: 'none of them answers', 7: 'm' };
      expect(stopped({ named })).toEqual([
        `0 ${SHOWS}`,
        ...every(1, 3, 'waits: sentinels is not in sync'),
        '4 waits: not back yet: sentinels r1 r2',
        '5 says: not waiting any longer for r1',
        '5 says: not waiting any longer for r2',
        ...every(5, 6, 'waits: not back yet: sentinels'),
        `7 ${GOES}`,
        '7 hands over',
        '7 ends: 0 ',
      ]);
    });

    test('goes by the role that its node has got while it waited.', () => {
      const promoted = { self: 'r1', own: { 0: REPLICA, 3: MASTER }, named: { 0: 'm', 3: 'r1' } };
      const stopping = says('r2', 'slave', 'r1', 'up', 100, 'stopping');
      const others = { 0: of(M), 3: of(stopping), 4: of(says('m', 'slave', 'r1', 'up', 100), stopping), 6: of(says('m', 'slave', 'r1', 'up', 100), says('r2', 'slave', 'r1', 'up', 100)) }; // prettier-ignore
      expect(stopped({ ...promoted, others }).slice(3)).toEqual([
        ...every(3, 5, 'waits: first it is the turn of r2'),
        `6 ${GOES}`,
        '6 hands over',
        '6 ends: 0 ',
      ]);
      expect(stopped({ ...promoted, others: { 0: of(M) }, seconds: 3 }).slice(-2)).toEqual([
        '3 hands over',
        '3 ends: 0 ',
      ]);
    });

    test('goes by what its server said last while that does not answer.', () => {
      const waiting = { self: 'r1', others: { 0: of(M), 4: of(M, R2) }, seconds: 8 };
      expect(stopped({ ...waiting, own: { 0: REPLICA, 2: '', 3: REPLICA } }).slice(-2)).toEqual([
        `4 ${GOES}`,
        '4 ends: 0 ',
      ]);
      expect(stopped({ ...waiting, own: { 0: REPLICA, 2: '' } }).slice(-2)).toEqual([
        '8 says: stopping all the same, the time is up: this server does not answer',
        '8 ends: 0 ',
      ]);
    });

    test('tries again every second, and ends as a master only when its time is up.', () => {
      expect(stopped({ takers: { 0: '', 3: 'r1' } }).slice(2)).toEqual([
        ...[1, 2].flatMap((second) => [`${second} hands over`, `${second} waits: still master: nobody takes it`]),
        '3 hands over',
        '3 ends: 0 ',
      ]);
      expect(stopped({ takers: { 0: '' }, seconds: 2 }).slice(2)).toEqual([
        ...[1, 2].flatMap((second) => [`${second} hands over`, `${second} waits: still master: nobody takes it`]),
        '2 says: stopping as master: nobody takes it',
        '2 ends: 0 stopped as master: nobody takes it',
      ]);
    });

    test('gives its turn to replicas that are told when it has it, for none of them takes over, and all wait for it.', () => {
      const stopping = ['r1', 'r2'].map((host) => says(host, 'slave', 'm', 'up', 100, 'stopping'));
      const going = says('r1', 'slave', 'm', 'up', 100, 'going');
      const others = {
        0: of(R1, R2),
        2: stopping,
        4: of(going, stopping[1]),
        5: of(stopping[1]),
        6: of(R1, stopping[1]),
        7: of(R1, R2),
      };
      expect(stopped({ others, takers: { 0: '', 7: 'r1' } })).toEqual([
        ...[`0 ${SHOWS}`, `1 ${GOES}`, '1 hands over', '1 waits: still master: nobody takes it'],
        ...['2 told: ACL DELUSER going', ...every(2, 3, 'waits: first it is the turn of r1')],
        '4 waits: r1 is stopping',
        '5 waits: first it is the turn of r2',
        '6 waits: first it is the turn of r2',
        ...[`7 ${GOES}`, '7 hands over', '7 ends: 0 '],
      ]);
    });

    test('ends when others made another one master meanwhile.', () => {
      expect(stopped({ takers: { 0: '' }, own: { 0: MASTER, 3: REPLICA } }).slice(-2)).toEqual([
        '2 waits: still master: nobody takes it',
        '3 ends: 0 ',
      ]);
    });

    test('does not hand over while its server does not answer, and leaves it when it hangs.', () => {
      const own = { 0: MASTER, 3: '' };
      expect(stopped({ takers: { 0: '' }, own, named: { 0: 'm', 17: 'r1' } }).slice(6)).toEqual([
        ...every(3, 16, `waits: still master: ${SILENT}`),
        '17 ends: 0 ',
      ]);
      expect(stopped({ takers: { 0: '', 5: 'r1' }, own: { ...own, 5: MASTER } }).slice(6)).toEqual([
        ...every(3, 4, `waits: still master: ${SILENT}`),
        '5 hands over',
        '5 ends: 0 ',
      ]);
    });

    test('ends as a master when nobody is left, and none of them comes back.', () => {
      const alone = { others: { 0: [] } };
      expect(stopped(alone)).toEqual([
        `0 ${SHOWS}`,
        ...every(1, 4, 'waits: not back yet: r1 r2'),
        '5 says: not waiting any longer for r1',
        '5 says: not waiting any longer for r2',
        `5 ${GOES}`,
        '5 ends: 0 ',
      ]);
    });

    test('hands over as long as one is left.', () => {
      expect(stopped({ others: { 0: of(R2) } }).slice(-4)).toEqual([
        '5 says: not waiting any longer for r1',
        `5 ${GOES}`,
        '5 hands over',
        '5 ends: 0 ',
      ]);
    });

    test('ends when the whole cluster is deleted.', () => {
      const all = 'm r1 r2 s1 s2 s3';
      expect(stopped({ removed: { 0: all } })).toEqual([
        `0 ${SHOWS}`,
        '1 says: no Service is left: the cluster is being deleted',
        '1 ends: 0 ',
      ]);
      expect(stopped({ takers: { 0: '' }, removed: { 0: 'r1 r2 s1 s2 s3', 2: all } }).slice(2)).toEqual([
        '1 hands over',
        '1 waits: still master: nobody takes it',
        '2 hands over',
        '2 waits: still master: nobody takes it',
        '3 ends: 0 ',
      ]);
    });
  });
});
