import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { Risk } from '../../lib';
import { FAILOVER_TIMEOUT, HASTY_DOWN_AFTER } from '../../lib/defaults';
import { container, environment } from '../support/manifests';
import { shells } from '../support/shell';
import { TIME, linesOf } from '../support/stubs';
import { synth } from '../support/synth';

/** Of the master m, whose replicas are r1, r2 and r3. */
interface Node {
  readonly host: string;
  readonly role?: string;
  readonly follows?: string;
  readonly link?: string;
  readonly priority?: number | string;
  readonly offset?: number;
  readonly leaving?: string;
}

/** As `ask_node` prints it. */
const says = ({
  host,
  role = 'slave',
  follows = 'm',
  link = 'up',
  priority = 100,
  offset = 40,
  leaving = '-',
}: Node): string => `${host} ${role} ${follows} ${link} 0 ${priority} 7 ${offset} 3 m ${leaving} run 2`;

const CHOICES: [what: string, nodes: Node[], choice: string][] = [
  ['nobody answers', [], '0 '],
  ['all are level, the first that answers', [{ host: 'r2' }, { host: 'r1' }], '2 r2'],
  ['one has more, that one', [{ host: 'r1', offset: 40 }, { host: 'r2', offset: 41 }], '2 r2'],
  ['one has less, the other one', [{ host: 'r1', offset: 41 }, { host: 'r2', offset: 40 }], '2 r1'],
  ['numbers have different lengths, the larger one', [{ host: 'r1', offset: 9 }, { host: 'r2', offset: 10 }], '2 r2'],
  ['there is nothing yet, one that has all of it', [{ host: 'r1', offset: 0 }], '1 r1'],
  ['the fullest may not be chosen, another', [{ host: 'r1', offset: 50, priority: 0 }, { host: 'r2' }], '2 r2'],
  ['none may be chosen, nobody', [{ host: 'r1', priority: 0 }], '1 '],
  ['one is preferred from an attempt before, that says nothing', [{ host: 'r1' }, { host: 'r2', priority: 10, offset: 39 }], '2 r1'],
  ['the fullest wants to stop, another', [{ host: 'r1', offset: 50, leaving: 'stopping' }, { host: 'r2' }], '1 r2'],
  ['the fullest is going, another', [{ host: 'r1', offset: 50, leaving: 'going' }, { host: 'r2' }], '1 r2'],
  ['the fullest is not connected, another', [{ host: 'r1', offset: 50, link: 'down' }, { host: 'r2' }], '1 r2'],
  ['the fullest follows another master, another', [{ host: 'r1', offset: 50, follows: 'r2' }, { host: 'r2' }], '1 r2'],
  ['the fullest has no role, another', [{ host: 'r1', offset: 50, follows: '127.0.0.1' }, { host: 'r2' }], '1 r2'],
  ['there is a second master, none of it', [{ host: 'r1', role: 'master', follows: '-', link: '-', priority: '-', offset: 50 }], '0 '],
]; // prettier-ignore

/** The answer of SENTINEL REPLICAS, in the order of a server's fields. */
const view = (...replicas: { name: string; refreshed: number; priority: number }[]): string =>
  replicas
    .flatMap(({ name, refreshed, priority }) => [
      ...['name', `${name}:6379`, 'ip', name, 'port', '6379', 'flags', 'slave', 'info-refresh', String(refreshed)],
      ...['role-reported', 'slave', 'slave-priority', String(priority), 'slave-repl-offset', '450'],
    ])
    .map((line) => `${line}\n`)
    .join('');

const VIEWS: [what: string, view: string, ripeIn: string[]][] = [
  ['has just looked', view({ name: 'r1', refreshed: 0, priority: 10 }), ['600']],
  ['looked a moment ago', view({ name: 'r1', refreshed: 449, priority: 10 }), ['151']],
  ['looked too long ago to be met when it is ripe', view({ name: 'r1', refreshed: 450, priority: 10 }), []],
  ['looked seconds ago', view({ name: 'r1', refreshed: 9000, priority: 10 }), []],
  ['has not seen that it is preferred', view({ name: 'r1', refreshed: 0, priority: 100 }), []],
  ['does not know it', view({ name: 'r2', refreshed: 0, priority: 10 }), []],
  ['knows one whose name ends like it', view({ name: 'r2-r1', refreshed: 0, priority: 10 }), []],
  ['knows nobody', '', []],
  ['never looked', 'name\nr1:6379\nslave-priority\n10\n', []],
  [
    'looked at the others at other times',
    view({ name: 'r2', refreshed: 1, priority: 100 }, { name: 'r1', refreshed: 200, priority: 10 }, { name: 'r3', refreshed: 2, priority: 100 }), // prettier-ignore
    ['400'],
  ],
  [
    'looked at another later than at it',
    view({ name: 'r1', refreshed: 800, priority: 10 }, { name: 'r2', refreshed: 5, priority: 100 }),
    [],
  ],
];

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');
  const handOver = (commands: string, variables: Record<string, string> = {}, input = ''): string[] =>
    linesOf(
      shell,
      ['common.sh', 'turns.sh', 'hand-over.sh'],
      `set -u\n${TIME}\n${commands}`,
      { PAUSE_MILLISECONDS: '4500', SELF: '192.0.2.1', NODES: '', SENTINELS: '', CLUSTER: 'x', POD_NAMESPACE: 'x', ...variables }, // prettier-ignore
      input,
    );

  test.each(CHOICES)('where %s is chosen.', (_, nodes, choice) => {
    expect(handOver('choose m', {}, nodes.map((node) => `${says(node)}\n`).join(''))).toEqual([choice]);
  });

  test.each(VIEWS)('the view of a sentinel that %s is ripe when it must be.', (_, answer, ripeIn) => {
    expect(handOver('ripens_in r1', {}, answer)).toEqual(ripeIn);
  });

  test.each([
    ['40', '40', 'all'],
    ['41', '40', 'all'],
    ['39', '40', 'less'],
    ['9', '10', 'less'],
    ['', '40', 'less'],
    ['40', '', 'less'],
    ['', '', 'less'],
  ])('a replica at %j of %j has %s.', (offset, everything, has) => {
    expect(handOver(`if has_all '${offset}' '${everything}'; then echo all; else echo less; fi`)).toEqual([has]);
  });

  test.each([
    ['master', 'r1', 'moved'],
    ['slave', 'r1', 'moved'], // the sentinels know it before this node does
    ['', 'r1', 'moved'],
    ['slave', '192.0.2.1', 'stayed'],
    ['master', '192.0.2.1', 'unclear'],
    ['', '192.0.2.1', 'unclear'],
    ['slave', '', 'unclear'],
    ['master', '', 'unclear'],
    ['slave', 'r2', 'unclear'],
  ])('when r1 is %j and the sentinels name %j, the role has: %s.', (role, named, verdict) => {
    expect(handOver(`verdict_on r1 '${role}' '${named}'`)).toEqual([verdict]);
  });

  describe('of the times', () => {
    const times = (variables: Record<string, string>): Record<string, number> => {
      const names = ['RIPE', 'YOUNG', 'SEEN_WITHIN', 'NAMED_WITHIN', 'FOLLOWED_WITHIN', 'FIFTH', 'LEVEL_WITHIN', 'PROMOTED_WITHIN']; // prettier-ignore
      const lines = handOver(names.map((name) => `echo ${name} $${name}`).join('\n'), variables);
      return Object.fromEntries(lines.map((line): [string, number] => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])])); // prettier-ignore
    };
    const [UNSEEN, PROMOTION, LOOK, REST] = [10_000, 233, 1000, 2000]; // measured, of Sentinel

    test.each([0.5, 1, 3, 5, 60])('those in the pause are within it, where a master is dead after %d s.', (seconds) => {
      const objects = synth({
        nodes: { replicas: 1 }, // else its replicas would have to lag for less than a second
        sentinels: { downAfter: Duration.millis(seconds * 1000) },
        acceptRisks: seconds < HASTY_DOWN_AFTER.toSeconds() ? [Risk.HASTY_FAILOVER] : [],
      });
      const variables = environment(objects, container(objects, 'cache-master', 'redis'));
      const pause = Number(variables['PAUSE_MILLISECONDS']);
      const { FIFTH = 0, LEVEL_WITHIN = 0, PROMOTED_WITHIN = 0 } = times({ PAUSE_MILLISECONDS: String(pause) });
      expect(pause).toBeLessThan(seconds * 1000);
      expect(FIFTH).toBe(Math.min(pause / 5, 1000));
      expect(LEVEL_WITHIN).toBe(FIFTH); // and a question that begins in it
      expect(PROMOTED_WITHIN).toBe(3 * FIFTH); // and a question, and the way back
      expect(PROMOTED_WITHIN + 2 * FIFTH).toBeLessThanOrEqual(pause);
    });

    test('those of sentinels hold with any period of their looks.', () => {
      const { RIPE = 0, YOUNG = 0, SEEN_WITHIN = 0, NAMED_WITHIN = 0 } = times({});
      expect(YOUNG).toBeLessThan(RIPE);
      expect(RIPE + PROMOTION).toBeLessThan(LOOK);
      expect(SEEN_WITHIN).toBeGreaterThan(UNSEEN);
      expect(NAMED_WITHIN).toBeGreaterThan(FAILOVER_TIMEOUT.toMilliseconds() + REST);
    });

    test.each([
      [0, '0.000'],
      [10, '0.010'],
      [151, '0.151'],
      [999, '0.999'],
      [1000, '1.000'],
      [1050, '1.050'],
    ])('%d ms are %s s.', (milliseconds, seconds) => {
      expect(handOver(`seconds ${milliseconds}; echo`)).toEqual([seconds]);
    });
  });

  describe('a hand-over', () => {
    interface Cluster {
      /**
       * Whom a majority names when it is asked: one after another, and the last one from then on. Nobody: `-`; with a `+` one of
       * it still leads the failover.
       */
      readonly votes?: string;
      readonly nodes?: Node[];
      /** Whom each names, whether it leaves, and when it looks at the replica. One without words does not answer. */
      readonly sentinels?: Record<string, string>;
      /** Milliseconds between two looks of a sentinel. */
      readonly period?: number;
      /** So long after the pause began the replica has everything. */
      readonly level?: number;
      /** What the sentinel says, and how long after it the replica is master. */
      readonly answer?: string;
      readonly promoted?: number;
      /** When the replica has the second follower. */
      readonly followed?: number;
      readonly pause?: number;
      /** Seconds between two pings of the old master; nothing where it does not say. */
      readonly pings?: string;
      readonly stubs?: string;
    }
    const NEVER = 999_999;
    /** On a machine where each look at the time takes a tenth of a second. */
    const SELDOM = 'ASK_AGAIN=1; passed() { elapsed=$((elapsed + 90)) && clock && [ $((now - $1)) -ge "$2" ]; }';

    // Each line of the log begins with the tenths of a second.
    const CLUSTER = `
      log() { printf '%s %s%s\\n' $((elapsed / 100)) "\${ASK_TIMEOUT:+in $ASK_TIMEOUT s }" "$*" >>"$RUN_DIR/log"; }
      say() { log "says: $*"; }
      mark() { [ -f "$RUN_DIR/$1" ] || echo "$elapsed" >"$RUN_DIR/$1"; }
      is_past() { [ -f "$RUN_DIR/$1" ] && [ "$elapsed" -ge $(($(cat "$RUN_DIR/$1") + $2)) ]; }
      majority() {
        named_now=\${VOTES%% *} VOTES=\${VOTES#* }
        if [ "$named_now" = - ]; then WHY='nobody is named' && return 1; else MASTER=\${named_now%+}; fi
        case $named_now in *+) answers=' promoted' ;; *) answers='' ;; esac
      }
      ask_all() { printf '%s\\n' "$ANSWERS"; }
      of_sentinel() { case $1 in s1) said=$S1 ;; s2) said=$S2 ;; s3) said=$S3 ;; esac; }
      ask_sentinel() {
        of_sentinel "$1"
        if [ -n "$said" ]; then echo "$1 \${said% *} master"; else log "asks $1, in vain"; fi
      }
      sentinel_cli() {
        of_sentinel "$1"
        case "$*" in
          *' SENTINEL REPLICAS cache')
            age=$(((elapsed + PERIOD - \${said##* }) % PERIOD))
            priority=100
            [ ! -f "$RUN_DIR/preferred" ] || [ $((elapsed - age)) -lt "$(cat "$RUN_DIR/preferred")" ] || priority=10
            printf 'name\\nr1:6379\\ninfo-refresh\\n%s\\nslave-priority\\n%s\\n' "$age" "$priority"
            ;;
          *) log "$* ($(((elapsed + PERIOD - \${said##* }) % PERIOD / 100)) after its look)" && mark asked && echo "$ANSWER" ;;
        esac
      }
      node_cli() {
        case "$*" in
          'r1 INFO replication')
            if is_past paused $LEVEL; then echo slave_repl_offset:100; else echo slave_repl_offset:99; fi
            for number in 1 $([ "$elapsed" -lt $FOLLOWED ] || echo 2); do echo "slave$number:ip=x,port=1,state=online,offset=1"; done
            echo slave9:ip=x,port=1,state=wait_bgsave,offset=1
            ;;
          'r1 ROLE') if is_past asked $PROMOTED_AFTER; then echo master; else echo slave; fi && echo 0 ;;
          127.0.0.1)
            while read -r command; do
              case $command in 'CONFIG SET repl-ping'*) log "pings each \${command##* } s" && continue ;; esac
              case $command in INFO*) echo master_repl_offset:100 ;; *) log "me: $command" ;; esac
              case $command in *PAUSE*) mark paused ;; esac
            done
            ;;
          '127.0.0.1 CONFIG GET repl-ping-replica-period') printf 'repl-ping-replica-period\\n%s\\n' $PINGS ;;
          '127.0.0.1 '*) log "me: \${*#* }" ;;
          *) log "$*" && mark preferred ;;
        esac
      }
      SELF=m SENTINELS='s1 s2 s3' MASTER_NAME=cache REDIS_PORT=6379 REPLICA_PRIORITY=100 other_nodes='r1 r2' WHY=''
    `;

    /** All that is told to anybody, or said. */
    function handedOver(given: Cluster): string[] {
      const { votes = 'm r1', nodes = [{ host: 'r1' }, { host: 'r2', offset: 39 }], stubs = '' } = given;
      const { s1 = '', s2 = '', s3 = '' } = given.sentinels ?? { s1: 'm 3 - 0', s2: 'm 3 - 500', s3: 'm 3 - 700' };
      const variables = {
        ...{ VOTES: votes, ANSWERS: nodes.map(says).join('\n'), S1: s1, S2: s2, S3: s3, ANSWER: given.answer ?? 'OK' },
        ...{ PERIOD: String(given.period ?? 10_000), LEVEL: String(given.level ?? 0) },
        ...{ PROMOTED_AFTER: String(given.promoted ?? 200), FOLLOWED: String(given.followed ?? 0) },
        ...{ PAUSE_MILLISECONDS: String(given.pause ?? 4500), PINGS: given.pings ?? '1' },
      };
      const end = 'if hand_over; then log gone; else log "still master: $WHY"; fi; prefer_nobody; cat "$RUN_DIR/log"';
      return handOver([CLUSTER, stubs, end].join('\n'), variables);
    }

    const PREFERS = ['0 r1 CONFIG SET replica-priority 10', '0 says: handing over to r1'];
    const PAUSES = ['6 in 0.900 s pings each 3600 s', '6 in 0.900 s me: CLIENT PAUSE 4500 WRITE'];
    const PINGS = 'pings each 1 s';
    const ASKS = 's1 SENTINEL FAILOVER cache (6 after its look)';
    const FOLLOWS = ['REPLICAOF r1 6379', 'CLIENT KILL TYPE normal', 'CLIENT KILL TYPE pubsub', 'CLIENT UNPAUSE'];
    const RESTORES = 'r1 CONFIG SET replica-priority 100';
    const at = (tenths: number, ...lines: string[]): string[] => lines.map((line) => `${tenths} ${line}`);
    const follows = (tenths: number): string[] => at(tenths, ...FOLLOWS.map((command) => `me: ${command}`));
    const stays = (tenths: number, why: string): string[] => at(tenths, `still master: ${why}`, RESTORES);
    const PAUSED_AND_ASKED = [...PREFERS, ...PAUSES, ...at(6, `in 0.900 s ${ASKS}`)];

    test.each([10_000, 1000])('pauses when a sentinel looked 600 ms ago, with a look in %d ms.', (period) => {
      expect(handedOver({ period })).toEqual([
        ...PAUSED_AND_ASKED,
        ...follows(8),
        ...at(8, 'says: handed over to r1: writes were paused for 210 ms', 'gone', RESTORES),
      ]);
    });

    test.each<[why: string, cluster: Cluster]>([
      ['nobody is named', { votes: '-' }],
      ['the sentinels name r2', { votes: 'r2' }],
      ['a failover is under way', { votes: 'm+' }],
      ['no replica is in sync', { nodes: [] }],
      ['no replica is in sync', { nodes: [{ host: 'r1', priority: 0 }] }],
    ])('does not begin where %s.', (why, cluster) => {
      expect(handedOver(cluster)).toEqual([`0 still master: ${why}`]);
    });

    test('prefers the replica that it chose before, or another one then and no longer that.', () => {
      const preferred = (before: string): string[] =>
        handedOver({ votes: '-', stubs: before })
          .map((line) => line.slice(2))
          .filter((line) => line.includes('priority'));
      expect(preferred('prefer')).toEqual(['r1 CONFIG SET replica-priority 10', RESTORES]);
      const [prefers, restores] = preferred('prefer');
      expect(preferred('prefer; prefer')).toEqual([prefers, prefers, restores]);
      const less = `prefer; ANSWERS='${says({ host: 'r2' })}'; prefer`;
      expect(preferred(less)).toEqual([
        ...['r1 CONFIG SET replica-priority 10', RESTORES],
        ...['r2 CONFIG SET replica-priority 10', 'r2 CONFIG SET replica-priority 100'],
      ]);
      expect(preferred("prefer; ANSWERS=''; prefer")).toEqual(['r1 CONFIG SET replica-priority 10', RESTORES]);
    });

    test('is not begun where no sentinel looks, and each that does not answer is asked once.', () => {
      expect(handedOver({ sentinels: { s2: 'm 3 stopping 300' }, stubs: SELDOM })).toEqual([
        ...PREFERS,
        ...at(1, 'asks s1, in vain', 'asks s3, in vain'),
        ...stays(122, 'no sentinel sees r1'),
      ]);
    });

    test('asks one that names this master, and stays.', () => {
      const sentinels = { s1: 'm 3 stopping 300', s2: 'r2 4 - 400', s3: 'm 3 - 1500' };
      expect(handedOver({ sentinels })[4]).toBe('21 in 0.900 s s3 SENTINEL FAILOVER cache (6 after its look)');
    });

    test('asks the first whose view is ripe, and does not wait for those that looked before.', () => {
      const sentinels = { s1: 'm 3 - 9990', s2: 'm 3 - 9900', s3: 'm 3 - 500' };
      expect(handedOver({ sentinels })[4]).toBe('11 in 0.900 s s3 SENTINEL FAILOVER cache (6 after its look)');
    });

    test('waits a fifth of the pause for the last writes.', () => {
      expect(handedOver({ level: 750, stubs: SELDOM })).toEqual([
        ...PREFERS,
        ...PAUSES,
        ...at(14, `in 0.900 s ${ASKS.replace('6', '14')}`),
        ...follows(16),
        ...at(16, 'says: handed over to r1: writes were paused for 1010 ms', 'gone', RESTORES),
      ]);
      expect(handedOver({ level: NEVER, stubs: SELDOM })).toEqual([
        ...PREFERS,
        ...PAUSES,
        ...at(15, 'me: CLIENT UNPAUSE', PINGS),
        ...stays(15, 'r1 lags behind'),
      ]);
    });

    test.each(['NOGOODSLAVE No suitable replica to promote', 'INPROG Failover already in progress', 'ERR'])(
      'ends the pause when the sentinel refuses: %s.',
      (answer) => {
        expect(handedOver({ answer, followed: NEVER })).toEqual([
          ...PAUSED_AND_ASKED,
          ...at(6, 'me: CLIENT UNPAUSE', PINGS),
          ...stays(6, `s1 refuses: ${answer}`),
        ]);
      },
    );

    test.each([
      ['10', '10'],
      ['', '1'],
    ])('pings again as before where the role stays: each %j s.', (pings, restored) => {
      const refused = handedOver({ answer: 'ERR', pings }).filter((line) => line.includes('pings'));
      expect(refused).toEqual(['6 in 0.900 s pings each 3600 s', `6 pings each ${restored} s`]);
      const back = handedOver({ promoted: NEVER, stubs: SELDOM, votes: 'm - m', pings });
      expect(back.filter((line) => line.includes('pings'))).toEqual([
        '6 in 0.900 s pings each 3600 s',
        `188 pings each ${restored} s`,
      ]);
    });

    test('goes on when the sentinel says nothing: it may promote the replica all the same.', () => {
      expect(handedOver({ answer: '' })).toEqual([
        ...PAUSED_AND_ASKED,
        ...follows(8),
        ...at(8, 'says: handed over to r1: writes were paused for 210 ms', 'gone', RESTORES),
      ]);
    });

    test('ends when a majority names the new master, whatever it said before.', () => {
      expect(handedOver({ votes: 'm m - - m r2 r1+' }).slice(-3)).toEqual(
        at(13, 'says: handed over to r1: writes were paused for 210 ms', 'gone', RESTORES),
      );
    });

    test('closes this master before the pause ends, though the promotion is late.', () => {
      expect(handedOver({ promoted: 3000, stubs: SELDOM, votes: `m ${'- '.repeat(3)}r1` })).toEqual([
        ...PAUSED_AND_ASKED,
        ...follows(33),
        ...at(66, 'says: handed over to r1: writes were paused for 2710 ms', 'gone', RESTORES),
      ]);
    });

    test('is taken back when the replica was not promoted, and a majority says so.', () => {
      expect(handedOver({ promoted: NEVER, stubs: SELDOM, votes: 'm - m' })).toEqual([
        ...PAUSED_AND_ASKED,
        ...follows(33),
        ...at(188, 'me: REPLICAOF NO ONE', PINGS),
        ...stays(188, 'the sentinels did not promote r1'),
      ]);
    });

    test.each<[what: string, cluster: Cluster]>([
      ['no majority says so', { promoted: NEVER, stubs: SELDOM, votes: 'm m -' }],
      ['a majority names another', { promoted: NEVER, stubs: SELDOM, votes: 'm r2' }],
      ['the replica is master', { votes: 'm', stubs: SELDOM }],
    ])('is not taken back when it failed and %s.', (_, cluster) => {
      const [restores, end, says] = handedOver(cluster).reverse();
      expect(says).toMatch(/: handed over to r1: writes were paused for \d+ ms; not all sentinels say so yet$/);
      expect([end, restores]).toEqual([expect.stringMatching(/gone$/), expect.stringMatching(RESTORES)]);
    });

    test('waits for the replicas that this master had, but not for ever.', () => {
      expect(handedOver({ followed: 2000, stubs: SELDOM }).slice(-3)).toEqual([
        '8 says: handed over to r1: writes were paused for 210 ms',
        '20 gone',
        `20 ${RESTORES}`,
      ]);
      expect(handedOver({ followed: NEVER, stubs: SELDOM }).slice(-3)).toEqual([
        '117 says: r1 does not have 2 replicas yet',
        '117 gone',
        `117 ${RESTORES}`,
      ]);
    });

    describe('tells those itself whom the sentinel has not told', () => {
      /** The replica r2, and a third one that has gone over by itself. */
      const nodes = [{ host: 'r1' }, { host: 'r2', offset: 39 }, { host: 'r3', follows: 'r1', offset: 39 }];
      const FOLLOWS_WHEN_TOLD = `
        ask_all() {
          if grep -q 'r2 REPLICAOF' "$RUN_DIR/log"; then follows=r1; else follows=m; fi 2>/dev/null
          printf '%s\\n' "$ANSWERS" | sed "s/^r2 slave m /r2 slave $follows /"
        }
      `;
      const told = (cluster: Cluster): string[] =>
        handedOver({ nodes, stubs: SELDOM + FOLLOWS_WHEN_TOLD, ...cluster }).filter((line) => / r[123] REPLICAOF|still follows|gone/.test(line)); // prettier-ignore

      test('after two seconds, once.', () => {
        expect(told({ followed: 4000 })).toEqual([
          ...at(34, 'r2 REPLICAOF r1 6379', 'says: r2 still follows this node: '),
          expect.stringMatching(/^4\d gone$/),
        ]);
      });

      test('but not where no majority names the new master.', () => {
        expect(told({ votes: 'm m -', followed: NEVER })).toEqual([expect.stringMatching(/gone$/)]);
      });
    });

    test.each([
      [500, '0.100', 7, 9],
      [2500, '0.500', 11, 21],
      [29_500, '1.000', 16, 36],
    ])('keeps its times in a pause of %d ms.', (pause, question, lags, closed) => {
      expect(handedOver({ pause, level: NEVER, stubs: SELDOM })).toEqual([
        ...PREFERS,
        ...at(6, `in ${question} s pings each 3600 s`, `in ${question} s me: CLIENT PAUSE ${pause} WRITE`),
        ...at(lags, 'me: CLIENT UNPAUSE', PINGS),
        ...stays(lags, 'r1 lags behind'),
      ]);
      expect(handedOver({ pause, promoted: NEVER, stubs: SELDOM }).slice(5, 9)).toEqual(follows(closed));
    });
  });
});
