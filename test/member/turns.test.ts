import { describe, expect, test } from '@jest/globals';
import { uptime } from 'node:os';
import { shells } from '../support/shell';
import { TIME, linesOf } from '../support/stubs';

/** What each of the others shows; one that is left out does not answer. */
type Seen = Record<string, string>;

const shown = (seen: Seen): string =>
  Object.entries(seen)
    .map((entry) => entry.join(' '))
    .join('\n');

/** Of a member b: a goes before it, c and d after it. */
const VERDICTS: [what: string, states: Seen, verdict: string][] = [
  ['it is alone', {}, 'turn'],
  ['all others are there', { a: 'ready', c: 'ready' }, 'turn'],
  ['one before it is not in sync', { a: 'behind', c: 'ready' }, 'wait a is not in sync'],
  ['one after it is not in sync', { a: 'ready', c: 'behind' }, 'wait c is not in sync'],
  ['one before it wants to stop', { a: 'stopping', c: 'ready' }, 'wait first it is the turn of a'],
  ['one after it wants to stop', { a: 'ready', c: 'stopping' }, 'turn'],
  ['all of them want to stop', { a: 'stopping', c: 'stopping' }, 'wait first it is the turn of a'],
  ['one before it is going', { a: 'going', c: 'ready' }, 'wait a is stopping'],
  ['one after it is going', { a: 'ready', c: 'going' }, 'hold c is stopping'],
  ['one after it is going, and one before it is behind', { a: 'behind', c: 'going' }, 'wait a is not in sync'],
  ['one before it does not answer', { a: 'absent', c: 'ready' }, 'wait not back yet: a'],
  ['one after it does not answer', { a: 'ready', c: 'absent' }, 'wait not back yet: c'],
  ['nobody answers', { a: 'absent', c: 'absent', d: 'absent' }, 'wait not back yet: a c d'],
  ['one does not answer and one is behind', { a: 'absent', c: 'behind' }, 'wait c is not in sync'],
  ['one does not answer and one wants to stop', { a: 'stopping', c: 'absent' }, 'wait first it is the turn of a'],
  ['one does not answer and one is going', { a: 'absent', c: 'going' }, 'hold c is stopping'],
];

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');
  const turns = (commands: string, variables: Record<string, string> = {}, input = ''): string[] =>
    linesOf(shell, ['common.sh', 'turns.sh'], commands, { COMEBACK_SECONDS: '120', ...variables }, input);

  test.each(VERDICTS)('when %s, the verdict on a member between two is as it must be.', (_, states, verdict) => {
    expect(turns('set -u; whose_turn "a0 a"', {}, `${shown(states)}\n`)).toEqual([verdict]);
  });

  test('the verdict is the same for the first, who goes before nobody.', () => {
    expect(turns('whose_turn ""', {}, 'a stopping\n')).toEqual(['turn']);
    expect(turns('whose_turn ""', {}, 'a going\n')).toEqual(['hold a is stopping']);
  });

  describe('of the others', () => {
    /** Looks at these after so many seconds each, and prints for each look who is waited for, and in which state. */
    const remembered = (looks: [seconds: number, seen: Seen][], others = 'a c'): string[] =>
      turns(
        [
          'set -eu',
          TIME,
          "lost='' met='' nobody_returns='' gone=' '",
          ...looks.map(
            ([seconds, seen]) =>
              `now=${seconds * 1000} seen='${shown(seen)}'; remember ${others}; echo "$(echo $states)"`,
          ),
        ].join('\n'),
      );

    test('each state is told, and who does not answer is absent.', () => {
      expect(
        remembered([
          [0, { c: 'behind', a: 'ready' }],
          [1, { a: 'going' }],
          [2, {}],
        ]),
      ).toEqual(['a ready c behind', 'a going c absent', 'a absent c absent']);
    });

    test('none is taken for another by a part of its name, and strangers are nobody.', () => {
      expect(remembered([[0, { 'a-c': 'behind', ca: 'behind', x: 'going' }]])).toEqual(['a absent c absent']);
    });

    test('one that does not come back is not waited for after two minutes.', () => {
      expect(remembered([[5, { a: 'ready' }], [124.999, { a: 'ready' }], [125, { a: 'ready' }], [999, { a: 'ready' }]])).toEqual([
        'a ready c absent',
        'a ready c absent',
        'not waiting any longer for c',
        'a ready',
        'a ready',
      ]); // prettier-ignore
    });

    test('each has its own two minutes.', () => {
      expect(remembered([[0, { a: 'ready' }], [60, {}], [120, {}], [179, {}], [180, {}]])).toEqual([
        'a ready c absent',
        'a absent c absent',
        'not waiting any longer for c',
        'a absent',
        'a absent',
        'not waiting any longer for a',
        '',
      ]); // prettier-ignore
    });

    test('one that came back has two new minutes.', () => {
      expect(
        remembered([[0, { a: 'ready' }], [110, { a: 'ready', c: 'behind' }], [115, { a: 'ready' }], [234, { a: 'ready' }], [235, { a: 'ready' }]]), // prettier-ignore
      ).toEqual([
        'a ready c absent',
        'a ready c behind',
        'a ready c absent',
        'a ready c absent',
        'not waiting any longer for c',
        'a ready',
      ]);
    });

    test('one that comes back after all is waited for again.', () => {
      expect(remembered([[0, {}], [120, { c: 'behind' }], [121, { a: 'behind' }], [122, { a: 'ready' }]])).toEqual([
        'a absent c absent',
        'not waiting any longer for a',
        'c behind',
        'a behind c absent',
        'a ready c absent',
      ]); // prettier-ignore
    });

    test('nobody that was met is waited for when one that was met is not back in time.', () => {
      const looks: [number, Seen][] = [
        [0, { a: 'going', c: 'stopping' }],
        [1, { c: 'stopping' }],
        [100, {}],
        [121, {}],
      ];
      expect(remembered(looks, 'a c d')).toEqual([
        'a going c stopping d absent',
        'a absent c stopping d absent',
        'a absent c absent d absent',
        'not waiting any longer for a',
        'not waiting any longer for c',
        'not waiting any longer for d', // it was never there
        '',
      ]);
    });

    test('one that was never met says nothing of those that were, and is waited for by itself.', () => {
      expect(remembered([[0, { a: 'going' }], [30, {}], [120, {}]])).toEqual([
        'a going c absent',
        'a absent c absent',
        'not waiting any longer for c',
        'a absent',
      ]); // prettier-ignore
      expect(remembered([[0, { a: 'going' }], [1, {}], [60, { c: 'ready' }], [61, {}], [121, {}]], 'a c d')).toEqual([
        'a going c absent d absent',
        'a absent c absent d absent',
        'a absent c ready d absent',
        'a absent c absent d absent',
        'not waiting any longer for a',
        'not waiting any longer for c',
        'not waiting any longer for d',
        '',
      ]); // prettier-ignore
    });

    test('when one comes back that was given up, the others are waited for again.', () => {
      const looks: [number, Seen][] = [
        [0, { a: 'going', c: 'going' }],
        [1, { c: 'going' }],
        [121, { c: 'going' }],
        [122, { a: 'behind', c: 'going' }],
        [123, { a: 'ready' }],
        [242, { a: 'ready' }],
        [243, { a: 'ready' }],
      ];
      expect(remembered(looks)).toEqual([
        'a going c going',
        'a absent c going',
        'not waiting any longer for a',
        'c going',
        'a behind c going',
        'a ready c absent',
        'a ready c absent',
        'not waiting any longer for c',
        'a ready',
      ]);
    });
  });

  describe('a stopping member b between a and c', () => {
    /** Everything that it tells its server, and says, until it stops. It goes on seeing what it saw in the last look. */
    function stop(looks: Seen[], { seconds = 60, stubs = '' } = {}): string[] {
      const commands = [
        'set -eu',
        TIME,
        'wait_for() { echo "waiting: $*"; }; tell() { "$@"; }',
        "NODES='a b c' SENTINELS=s look=0",
        'observe() { look=$((look + 1)); before=a; eval "seen=\\${seen_$look-\\$seen}"; }',
        ...looks.map((seen, index) => `seen_${index + 1}='${shown(seen)}'`),
        stubs,
        'take_turn a c; echo "stops after $((elapsed / 1000)) s and $look looks"',
      ];
      return turns(commands.join('\n'), { STOP_SECONDS: String(seconds) });
    }
    const READY: Seen = { a: 'ready', c: 'ready' };
    const [SHOWS, GOES, YIELDS] = ['ACL SETUSER stopping off', 'ACL SETUSER going off', 'ACL DELUSER going'];
    const SILENT = 'waiting: this server does not answer';

    test('shows it, and goes when it has seen twice that it is its turn.', () => {
      expect(stop([READY, READY, READY])).toEqual([SHOWS, GOES, 'stops after 1 s and 3 looks']);
    });

    test('waits for those before it, and for those that are gone.', () => {
      const looks = [READY, { ...READY, a: 'stopping' }, { c: 'ready' }, { ...READY, a: 'behind' }, READY, READY];
      expect(stop(looks)).toEqual([
        SHOWS,
        'waiting: first it is the turn of a',
        'waiting: not back yet: a',
        'waiting: a is not in sync',
        GOES,
        'stops after 4 s and 6 looks',
      ]);
    });

    test('takes it back when one before it goes at the same moment.', () => {
      const looks = [READY, READY, { ...READY, a: 'going' }, { c: 'ready' }, READY, READY];
      expect(stop(looks)).toEqual([
        SHOWS,
        GOES,
        YIELDS,
        'waiting: a is stopping',
        'waiting: not back yet: a',
        GOES,
        'stops after 3 s and 6 looks',
      ]);
    });

    test('waits until one after it that goes at the same moment has taken it back.', () => {
      const looks = [READY, READY, { ...READY, c: 'going' }, { ...READY, c: 'stopping' }];
      expect(stop(looks)).toEqual([SHOWS, GOES, 'waiting: c is stopping', 'stops after 2 s and 4 looks']);
    });

    test('takes it back when another is not in sync any more.', () => {
      const looks = [READY, READY, { ...READY, c: 'behind' }, READY, READY];
      expect(stop(looks)).toEqual([
        SHOWS,
        GOES,
        YIELDS,
        'waiting: c is not in sync',
        GOES,
        'stops after 2 s and 5 looks',
      ]);
    });

    test('meets those that leave at once.', () => {
      const looks = [{ a: 'stopping', c: 'going' }, {}];
      expect(stop(looks, { stubs: 'COMEBACK_SECONDS=3' })).toEqual([
        SHOWS,
        ...Array.from({ length: 3 }, () => 'waiting: not back yet: a c'),
        'not waiting any longer for a',
        'not waiting any longer for c',
        GOES,
        'stops after 4 s and 6 looks',
      ]);
    });

    test('meets in its first look those that are gone in the second.', () => {
      const looks = [{ a: 'going', c: 'stopping' }, { c: 'stopping' }, { c: 'stopping' }, {}];
      expect(stop(looks, { stubs: 'COMEBACK_SECONDS=3' })).toEqual([
        SHOWS,
        ...['a', 'a', 'a c'].map((names) => `waiting: not back yet: ${names}`),
        'not waiting any longer for a',
        'not waiting any longer for c', // at once: it was met too
        GOES,
        'stops after 4 s and 6 looks',
      ]);
    });

    // Whose server takes nothing of what it is told for the first times, or from then on.
    const tell = (test: string) => ({ stubs: `told=0; tell() { told=$((told + 1)); [ $told ${test} ] && "$@"; }` });

    test('that nobody knows of yet shows it again and again.', () => {
      expect(
        stop(
          Array.from({ length: 5 }, () => READY),
          tell('-gt 2'),
        ),
      ).toEqual([SILENT, SHOWS, SILENT, GOES, 'stops after 3 s and 5 looks']);
    });

    test('does not stop without showing that it goes, nor ask without pause.', () => {
      expect(
        stop(
          Array.from({ length: 9 }, () => READY),
          { ...tell('= 1'), seconds: 4 },
        ),
      ).toEqual([
        SHOWS,
        SILENT,
        SILENT,
        SILENT,
        'stopping all the same, the time is up: this server does not answer',
        'stops after 4 s and 4 looks',
      ]);
    });

    test('that can not take it back does not go.', () => {
      const looks = [READY, READY, { ...READY, a: 'going' }, { ...READY, a: 'going' }, READY];
      expect(stop(looks, tell('-ne 3'))).toEqual([
        SHOWS,
        GOES,
        'waiting: a is stopping',
        YIELDS,
        'waiting: a is stopping',
        GOES,
        'stops after 3 s and 6 looks',
      ]);
    });

    test('stops when its time is up, and says what it waited for.', () => {
      expect(
        stop(
          Array.from({ length: 9 }, () => ({ ...READY, c: 'behind' })),
          { seconds: 3 },
        ),
      ).toEqual([
        SHOWS,
        'waiting: c is not in sync',
        'waiting: c is not in sync',
        'stopping all the same, the time is up: c is not in sync',
        'stops after 3 s and 3 looks',
      ]);
    });

    test('says the last reason when its time is up before it may go.', () => {
      const slow = { stubs: 'tell() { elapsed=$((elapsed + 5000)) && "$@"; }', seconds: 10 };
      expect(stop([READY, { ...READY, c: 'behind' }, READY], slow).slice(2, 4)).toEqual([
        GOES,
        'stopping all the same, the time is up: c is not in sync',
      ]);
    });

    // As the keeper writes it: without an end of the line.
    const removed = (names: string) => ({ stubs: `printf '${names} ' >"$RUN_DIR/removed"` });

    test('does not wait for one whose Service is gone.', () => {
      expect(stop([READY, { a: 'ready' }, { a: 'ready', c: 'going' }], removed('c'))).toEqual([
        SHOWS,
        GOES,
        'stops after 1 s and 3 looks',
      ]);
    });

    test.each(['a b c', 'a c s', 's'])(
      'goes by what it sees as long as a Service is left, when those of %s are gone.',
      (names) => {
        const [, wait, ...others] = stop([{ a: 'going', c: 'going' }, {}], { ...removed(names), seconds: 2 });
        expect([wait, others.length > 0]).toEqual([names === 's' ? 'waiting: not back yet: a c' : GOES, true]);
      },
    );

    test('stops at once when all Services are gone: the cluster is being deleted.', () => {
      expect(stop([{}], removed('a b c s'))).toEqual([
        SHOWS,
        'no Service is left: the cluster is being deleted',
        'stops after 1 s and 1 looks',
      ]);
    });
  });

  test('time is measured from the start of the machine, and is up when a stop has taken so long.', () => {
    const times = turns('echo "$started"; clock; echo "$now"').map((milliseconds) => Number(milliseconds) / 1000);
    for (const seconds of times) expect(Math.abs(seconds - uptime())).toBeLessThan(60);
    const ask = (milliseconds: number) => `now=${milliseconds} started=5000; time_is_up && echo up || echo no`;
    const all = [5000, 6999, 7000, 9000].map(ask).join('\n');
    expect(turns(`clock() { :; }\n${all}`, { STOP_SECONDS: '2' })).toEqual(['no', 'no', 'up', 'up']);
  });
});
