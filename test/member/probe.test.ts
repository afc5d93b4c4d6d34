import { describe, expect, test } from '@jest/globals';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { LIVENESS, PROBE_TIMEOUT } from '../../lib/defaults';
import { shells, textOf } from '../support/shell';
import { started, type Started } from '../support/started';

const VARIABLES = { REDIS_PORT: '6380', SENTINEL_PORT: '26380' };

interface Case {
  readonly what: string;
  /** What the client prints, and whether the server's thread gets the processor meanwhile. */
  readonly answer: string;
  readonly turns: boolean;
  /** The same in a second look, where it is another. */
  readonly again?: { readonly answer: string; readonly turns: boolean };
  readonly alive: boolean;
  /** For how many minutes it has not answered, by what earlier probes have left. */
  readonly unanswered?: number;
  readonly starting?: 'starting' | 'asking';
  readonly passes: boolean;
}

const CASES: Case[] = [
  { what: 'it answers', answer: 'PONG', turns: false, alive: false, passes: true },
  { what: 'it answers, for its life', answer: 'PONG', turns: false, alive: true, passes: true },
  { what: 'it loads', answer: 'LOADING', turns: false, alive: true, passes: true },
  { what: 'it has another password', answer: 'NOAUTH', turns: false, alive: true, passes: true },
  { what: 'it answers after an hour', answer: 'PONG', turns: false, alive: true, unanswered: 60, passes: true },
  { what: 'it does not answer and does nothing', answer: '', turns: false, alive: true, passes: false },
  { what: 'it does nothing, and answers in the second look', answer: '', turns: false, again: { answer: 'PONG', turns: false }, alive: true, passes: true }, // prettier-ignore
  { what: 'it does nothing, and runs in the second look', answer: '', turns: false, again: { answer: '', turns: true }, alive: true, passes: true }, // prettier-ignore
  { what: 'it does nothing, would answer in a second look, and is not asked for its life', answer: '', turns: false, again: { answer: 'PONG', turns: false }, alive: false, passes: false }, // prettier-ignore
  { what: 'it does not answer and runs', answer: '', turns: true, alive: true, passes: true },
  { what: 'it does not answer, runs, and is not asked for its life', answer: '', turns: true, alive: false, passes: false }, // prettier-ignore
  { what: 'it has run for nine minutes without an answer', answer: '', turns: true, alive: true, unanswered: 9, passes: true }, // prettier-ignore
  { what: 'it has run for twelve minutes without an answer', answer: '', turns: true, alive: true, unanswered: 12, passes: false }, // prettier-ignore
  { what: 'its script has not started it yet', answer: '', turns: false, alive: true, starting: 'starting', passes: true }, // prettier-ignore
  { what: 'its script still asks', answer: '', turns: false, alive: false, starting: 'asking', passes: true },
];

const STATUS = 'Name:\tredis-server\nvoluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t1\n';

describe.each(shells)('In %s, a probe', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  function probe(of: Omit<Case, 'what' | 'passes'>, kind = 'redis'): Started {
    const { answer, turns, alive, unanswered, starting, again = { answer, turns } } = of;
    const looks = (look: { answer: string; turns: boolean }): string =>
      `${look.turns ? `sed 's/\\t1$/\\t2/' "$RUN_DIR/status" >"$RUN_DIR/new" && mv "$RUN_DIR/new" "$RUN_DIR/status"\n` : ''}printf %s '${look.answer}'`;
    return started(shell, 'probe.sh', {
      variables: VARIABLES,
      memory: {
        status: STATUS,
        ...(unanswered !== undefined && { unanswered: '' }),
        ...(starting !== undefined && { [starting]: '' }),
      },
      programs: {
        'valkey-cli': `echo "$*" >"$RUN_DIR/asked"
if [ -e "$RUN_DIR/slept" ]; then ${looks(again)}; else ${looks({ answer, turns })}; fi; exit 1`,
      },
      before: `sleep() { echo "$1" >"$RUN_DIR/slept"; }; set -- ${kind} ${alive ? 'alive' : ''}`,
      change: (text, folder) => {
        const at = Date.now() / 1000 - (unanswered ?? 0) * 60;
        if (unanswered !== undefined) utimesSync(join(folder, 'run/unanswered'), at, at);
        return text.replace('/proc/1/status', `${folder}/run/status`);
      },
    });
  }

  test.each(CASES)('where $what: passes is $passes.', (of) => {
    const { status, stderr, stdout, memory } = probe(of);
    expect(stderr).toBe('');
    expect(status === 0).toBe(of.passes);
    const silent = of.answer === '' && !of.turns && of.alive && of.starting === undefined;
    expect(memory['slept']).toBe(silent ? '12\n' : undefined);
    const last = silent ? (of.again ?? of) : of;
    const busy = last.answer === '' && last.turns && of.alive;
    expect('unanswered' in memory).toBe(busy);
    expect(stdout).toBe(busy ? 'it runs, and did not answer within 4 s\n' : '');
  });

  test.each([
    ['redis', '-p 6380 PING\n'],
    ['sentinel', '-p 26380 PING\n'],
  ])('asks a %s at its port.', (kind, asked) => {
    expect(probe({ answer: 'PONG', turns: false, alive: false }, kind).memory['asked']).toBe(asked);
  });
});

test('A probe has its verdict before the kubelet takes it for failed, and a loop is no moment.', () => {
  const text = textOf('probe.sh');
  const [ask = NaN, again = NaN, loop = NaN] = ['ASK_SECONDS', 'AGAIN_SECONDS', 'LOOP_MINUTES'].map((name) =>
    Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(text)?.[1]),
  );
  expect(ask * 2).toBeLessThan(PROBE_TIMEOUT.toSeconds());
  expect((ask * 2 + again) * 2).toBeLessThan(LIVENESS.timeoutSeconds);
  expect(loop * 60).toBeGreaterThan(LIVENESS.periodSeconds * 4);
});
