import { describe, expect, test } from '@jest/globals';
import { run, shells } from '../support/shell';

interface Case {
  readonly what: string;
  /** What each of the others shows; one that is left out does not answer. */
  readonly seen: Record<string, string>;
  readonly turn: boolean;
  readonly why?: string;
  readonly yielding?: boolean;
}

const cases: Case[] = [
  { what: 'all others are there', seen: { a: 'ready', c: 'ready' }, turn: true },
  { what: 'one is not in sync', seen: { a: 'ready', c: 'behind' }, turn: false, why: 'c is not in sync' },
  {
    what: 'one before it wants to stop',
    seen: { a: 'stopping', c: 'ready' },
    turn: false,
    why: 'first it is the turn of a',
  },
  { what: 'one after it wants to stop', seen: { a: 'ready', c: 'stopping' }, turn: true },
  {
    what: 'one before it is going',
    seen: { a: 'going', c: 'ready' },
    turn: false,
    why: 'a is stopping',
    yielding: false,
  },
  {
    what: 'one after it is going',
    seen: { a: 'ready', c: 'going' },
    turn: false,
    why: 'c is stopping',
    yielding: true,
  },
  {
    what: 'one after it is going, and one before it is behind',
    seen: { a: 'behind', c: 'going' },
    turn: false,
    why: 'a is not in sync',
  },
  { what: 'one does not answer', seen: { a: 'ready' }, turn: false, why: 'not back yet: c' },
  { what: 'nobody answers', seen: {}, turn: false, why: 'not back yet: a c' },
];

describe.each(shells)('In %s, a member b between a and c', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  /** Looks several times, each time at other states, with the log on standard output. */
  function look(looks: Record<string, string>[], variables: Record<string, string> = {}): string[] {
    const script = [
      'say() { echo "said $*"; }',
      'precedes() { [ "$1" = a ]; }',
      "gone='' lost='' met='' nobody_returns='' WHY='' removed=${REMOVED-}",
      ...looks.flatMap((seen) => [
        `seen='${Object.entries(seen)
          .map((state) => state.join(' '))
          .join('\n')}'`,
        'if is_my_turn $(left_of a c); then echo turn; else echo "$WHY${yielding:+, yielding}"; fi',
      ]),
    ];
    const { stdout } = run(shell, ['common.sh', 'turns.sh'], script.join('\n'), {
      COMEBACK_SECONDS: '120',
      ...variables,
    });
    return stdout.trim().split('\n');
  }

  test.each(cases)('when $what.', ({ seen, turn, why = '', yielding = false }) => {
    expect(look([seen])).toEqual([turn ? 'turn' : `${why}${yielding ? ', yielding' : ''}`]);
  });

  test('does not wait for ever for one that does not come back.', () => {
    expect(look([{ a: 'ready' }], { COMEBACK_SECONDS: '0' })).toEqual(['said not waiting any longer for c', 'turn']);
  });

  test('waits again for one that came back after all.', () => {
    const looks = [{ a: 'ready' }, { a: 'ready', c: 'behind' }, { a: 'ready', c: 'ready' }];
    expect(look(looks, { COMEBACK_SECONDS: '0' })).toEqual([
      'said not waiting any longer for c',
      'turn',
      'c is not in sync',
      'turn',
    ]);
  });

  test('does not wait for one that has been removed.', () => {
    expect(look([{ a: 'ready' }, { a: 'ready', c: 'going' }], { REMOVED: 'c' })).toEqual(['turn', 'turn']);
  });

  test.each([
    ['of all members', 'a b c s', 'deleted'],
    ['of one member', 'c', 'there'],
    ['of none', '', 'there'],
  ])('takes the cluster for deleted when the Services %s are gone.', (_, removed, expected) => {
    const { stdout } = run(
      shell,
      ['common.sh', 'turns.sh'],
      `NODES='a b c' SENTINELS=s; echo '${removed} ' >"$RUN_DIR/removed"; read_removed; is_deleted && echo deleted || echo there`,
    );
    expect(stdout.trim()).toBe(expected);
  });

  test('waits for nobody any more when one that it met is not back in time.', () => {
    const looks = [{ a: 'going', c: 'stopping' }, {}];
    expect(look(looks, { COMEBACK_SECONDS: '0' })).toEqual([
      'a is stopping',
      'said not waiting any longer for a',
      'said not waiting any longer for c',
      'turn',
    ]);
  });
});
