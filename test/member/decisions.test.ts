import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { functionOf, run, shells } from '../support/shell';

const VARIABLES = { POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm r1 r2', SENTINELS: 's1 s2 s3', SELF: 's1' };

/** An answer as `ask_sentinel` prints it. */
const says = (named: string, epoch: number, flags = 'master', leaving = '-'): string =>
  `s ${named} ${epoch} ${leaving} ${flags}`;

interface Vote {
  readonly what: string;
  readonly answers: string[];
  readonly outcome: string;
}

const VOTES: Vote[] = [
  { what: 'all name one', answers: [says('m', 3), says('m', 3), says('m', 3)], outcome: 'master m 3 0' },
  { what: 'two of three', answers: [says('m', 3), says('m', 3)], outcome: 'master m 3 0' },
  { what: 'one alone', answers: [says('m', 3)], outcome: 'no 2 of 3 sentinels name one master (1 answered)' },
  { what: 'nobody', answers: [], outcome: 'no 2 of 3 sentinels name one master (0 answered)' },
  {
    what: 'three of three minds',
    answers: [says('m', 3), says('r1', 4), says('r2', 5)],
    outcome: 'no 2 of 3 sentinels name one master (3 answered)',
  },
  {
    what: 'one knows a newer epoch of another',
    answers: [says('a', 3), says('a', 3), says('r1', 4)],
    outcome: 'the sentinels are learning of a new master',
  },
  {
    what: 'one knows a newer epoch of another, whose name comes first',
    answers: [says('m', 3), says('m', 3), says('a', 4)],
    outcome: 'the sentinels are learning of a new master',
  },
  { what: 'one is behind', answers: [says('m', 2), says('r1', 3), says('r1', 3)], outcome: 'master r1 3 0' },
  { what: 'one is at an older epoch of the same', answers: [says('m', 0), says('m', 3), says('m', 3)], outcome: 'master m 3 0' }, // prettier-ignore
  {
    what: 'one leads a failover',
    answers: [says('m', 3), says('m', 3), says('m', 3, 'master,o_down,failover_in_progress')],
    outcome: 'a failover is under way',
  },
  {
    what: 'one has led a failover, and tells the replicas',
    answers: [says('r1', 4, 'promoted'), says('r1', 4), says('m', 3, 'master,o_down')],
    outcome: 'master r1 4 0',
  },
  {
    what: 'some hold it for dead',
    answers: [says('m', 3, 'master,s_down,o_down'), says('m', 3, 's_down,master'), says('m', 3)],
    outcome: 'master m 3 1',
  },
  { what: 'one is leaving', answers: [says('m', 3, 'master', 'going'), says('m', 3)], outcome: 'master m 3 0' },
];

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');
  const common = (commands: string, variables: Record<string, string> = {}, input = ''): string =>
    run(shell, ['common.sh'], commands, { ...VARIABLES, ...variables }, input).stdout;

  test.each(VOTES)('of the sentinels $what.', ({ answers, outcome }) => {
    expect(common('count_votes 2 3', {}, answers.join('\n'))).toBe(`${outcome}\n`);
  });

  test('the order of the answers says nothing.', () => {
    const answer = fc
      .tuple(
        fc.constantFrom('m', 'r1', 'r2'),
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom('master', 'master,o_down'),
      )
      .map(([named, epoch, flags]) => says(named, epoch, flags));
    const lists = fc.sample(fc.array(answer, { maxLength: 5 }), { numRuns: 30, seed: 1 });
    const votes = (all: string[][]): string[] =>
      common(all.map((list) => `printf '%s' '${list.join('\n')}' | count_votes 3 5`).join('\n')).split('\n');
    expect(votes(lists)).toHaveLength(lists.length + 1);
    expect(votes(lists.map((list) => [...list].reverse()))).toEqual(votes(lists));
  });

  describe('what a majority says', () => {
    /** Asks round after round; each answers what it is told to. */
    const rounds = (...all: string[][]): string[] =>
      common(
        [
          'ask_sentinel() { printf "%s\\n" "$answer"; }; ask_all() { printf "%s\\n" "$said"; }',
          "MASTER='' EPOCH='' DOWN=''",
          ...all.map(
            (answers) =>
              `said='${answers.join('\n')}'; if majority; then echo "$MASTER $EPOCH $DOWN"; else echo "$MASTER $EPOCH $DOWN: $WHY"; fi`,
          ),
        ].join('\n'),
      )
        .trim()
        .split('\n');

    test('is known at once or not at all: never a new epoch beside an old master.', () => {
      expect(
        rounds(
          [says('m', 5), says('m', 5), says('m', 5)],
          [says('m', 5, 'master,o_down'), says('r1', 6), says('r2', 9)],
          [says('m', 5), says('m', 5), says('r1', 7)],
          [says('m', 9, 'master,failover_in_progress')],
          [],
          [says('r1', 7), says('r1', 7, 'master,o_down')],
        ),
      ).toEqual([
        'm 5 0',
        'm 5 0: no 2 of 3 sentinels name one master (3 answered)',
        'm 5 0: the sentinels are learning of a new master',
        'm 5 0: a failover is under way',
        'm 5 0: no 2 of 3 sentinels name one master (0 answered)',
        'r1 7 1',
      ]);
    });
  });

  test.each([
    ['names its master', ['m', '6379', 'ip', 'm', 'flags', 'master', 'config-epoch', '7'], 's1 m 7 - master'],
    ['is about to change it', ['m', '6379', 'ip', 'm', 'flags', 'master,o_down,failover_in_progress', 'config-epoch', '7'], 's1 m 7 - master,o_down,failover_in_progress'],
    ['has made another the master, and tells the replicas', ['r1', '6379', 'ip', 'm', 'flags', 'master,o_down,failover_in_progress', 'config-epoch', '8'], 's1 r1 8 - promoted'],
    ['has no master of that name', [''], ''],
  ])('a sentinel %s.', (_, said, answer) => {
    const says = `sentinel_cli() { cat >"$RUN_DIR/asked"; printf '%s\\n' member@prod/cache PONG ${said.join(' ')}; }`;
    expect(common(`RUN_DIR=$(mktemp -d)\n${says}\nask_sentinel s1; cat "$RUN_DIR/asked"; rm -r "$RUN_DIR"`, { MASTER_NAME: 'cache' })).toBe(
      `${answer}${answer && '\n'}ACL USERS\nPING\nSENTINEL GET-MASTER-ADDR-BY-NAME cache\nSENTINEL MASTER cache\n`,
    );
  }); // prettier-ignore

  test.each([
    ['member@prod/cache\ndefault\nPONG\n', 'ours -'],
    ['default\nmember@prod/cache\nstopping\nPONG\ngoing\n', 'ours stopping'],
    ['going\nmember@prod/cache\nstopping\n# Server\n', 'ours going'],
    ['stopping\ngoing\nmember@prod/cache\nPONG\n', 'ours going'],
    ['member@staging/cache\ndefault\nPONG\n', 'not ours -'],
    ['member@prod/cache2\ndefault\n# Server\n', 'not ours -'],
    ['default\nPONG\nmember@prod/cache\n', 'not ours -'],
    ['NOAUTH Authentication required.\n\n', 'not ours -'],
    ['', 'not ours -'],
  ])('of the users %j, the server is %s.', (users, expected) => {
    expect(common('read_users && echo "ours $leaving" || echo "not ours $leaving"', {}, users)).toBe(`${expected}\n`);
  });

  describe('what a node says', () => {
    const USERS = ['default', 'member@prod/cache', 'replication@prod/cache'];
    const told = (mark: string, users: string[], info: Record<string, string | number>): string => {
      const lines = ['syslog-ident', mark, ...users, '# Server', ...Object.entries(info).map((pair) => pair.join(':'))];
      return common('node_cli() { cat >/dev/null; printf "%s" "$ANSWER"; }; ask_node n', {
        ANSWER: `${lines.join('\n')}\n`,
      });
    };
    const replica = { run_id: 'r', role: 'slave', master_host: 'm', master_link_status: 'up', slave_priority: 0 };

    test.each([
      ['a first start', '0::0', USERS, {}, 'n slave m up 0 0 0 0 0 - - r 0'],
      ['a mark of its start', '7:m:40', USERS, {}, 'n slave m up 0 0 0 0 7 m - r 1'],
      ['an offset that only the mark knows', '7:m:40', USERS, { aof_enabled: 1, slave_repl_offset: 1 }, 'n slave m up 0 0 0 40 7 m - r 1'], // prettier-ignore
      ['an offset beyond the mark', '7:m:40', USERS, { aof_enabled: 1, slave_repl_offset: 50 }, 'n slave m up 0 0 0 50 7 m - r 1'], // prettier-ignore
      ['a mark that is newer than its start', '7:m:40', [...USERS, 'mark:9:r1.prod.svc'], {}, 'n slave m up 0 0 0 0 9 r1.prod.svc - r 1'], // prettier-ignore
      ['a copy of another cluster', '7:elsewhere:40', USERS, {}, 'n slave m up 0 0 0 0 7 elsewhere - r 0'],
      ['a copy that was in sync here', '7:elsewhere:40', [...USERS, 'mark:0:m'], { slave_priority: 100 }, 'n slave m up 0 100 0 0 0 m - r 2'], // prettier-ignore
      ['keys', '0::0', USERS, { db0: 'keys=3,expires=0', db9: 'keys=4,expires=0' }, 'n slave m up 0 0 7 0 0 - - r 0'],
      ['one that stops', '7:m:40', [...USERS, 'stopping'], {}, 'n slave m up 0 0 0 0 7 m stopping r 1'],
      ['one that loads', '7:m:40', USERS, { loading: 1 }, ''],
      ['a stranger', '7:m:40', ['default', 'member@staging/cache'], {}, ''],
    ])('of %s is understood.', (_, mark, users, info, line) => {
      expect(told(mark, users, { ...replica, ...info }).trim()).toBe(line);
    });
  });

  test.each([
    ['100', 'm.prod.svc', 2],
    ['100', '', 2],
    ['-', '', 2], // a master says no priority
    ['0', 'm.prod.svc', 1],
    ['0', '', 0],
    ['0', 'elsewhere', 0],
    ['100', 'elsewhere', 2],
  ])('a node of priority %j that remembers the master %j is trusted: %d.', (priority, master, trust) => {
    expect(common(`trust_in '${priority}' '${master}'`)).toBe(`${trust}\n`);
  });

  describe('a node has more data than another', () => {
    const triple = fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 3 }),
    );

    test('by trust, then by epoch, then by offset.', () => {
      const pairs = fc.sample(fc.tuple(triple, triple), { numRuns: 200, seed: 1 });
      const calls = pairs.map(([one, other]) => `is_more ${[...one, ...other].join(' ')} && echo yes || echo no`);
      const expected = pairs.map(([one, other]) => {
        const index = one.findIndex((value, at) => value !== other[at]);
        return (one[index] ?? 0) > (other[index] ?? 0) ? 'yes' : 'no';
      });
      expect(common(calls.join('\n')).trim().split('\n')).toEqual(expected);
    });
  });

  describe('of what a sentinel remembers', () => {
    const STATE = [
      'sentinel myid 11',
      'sentinel current-epoch 7',
      'sentinel monitor cache r1.prod.svc 6379 2',
      'sentinel config-epoch cache 7',
      'sentinel leader-epoch cache 7',
    ];
    const left = (owner: string): string[] =>
      common(`memory_of '${owner}'`, {}, `${STATE.join('\n')}\n`)
        .split('\n')
        .filter((line) => line !== '');

    test('all holds on its own volume.', () => {
      expect(left('prod/cache/s1')).toEqual(STATE);
    });

    test('everything but its id holds on a copy of the volume of another one.', () => {
      expect(left('prod/cache/s2')).toEqual([STATE[1], STATE[2], STATE[3]]);
    });

    test.each(['staging/cache/s1', 'prod/cache2/s1', 'prod/cach/s1', ''])(
      'nothing holds on a volume of %j.',
      (owner) => {
        expect(left(owner)).toEqual([]);
      },
    );
  });

  test.each([
    ['cache-master-7d9f8b6c5-x2x4z', 'cache-master'],
    ['cache-check-0a1b2c3d-x2x4z', 'cache-check'],
    ['cache-sentinel-1-86749b4988-tb7hf', 'cache-sentinel-1'],
    // Cut to 58 characters, and five of chance.
    [`${'a'.repeat(50)}-86749b4x2x4z`, 'a'.repeat(50)],
    [`${'a'.repeat(58)}x2x4z`, 'a'.repeat(60)],
    [`${'a'.repeat(57)}-x2x4z`, 'a'.repeat(57)],
  ])('the pod %s is one of %s.', (pod, workload) => {
    expect(common(`refuse_renamed ${pod} ${workload}; echo on`)).toBe('on\n');
  });

  test.each([
    ['dev-cache-master-7d9f8b6c5-x2x4z', 'cache-master'],
    ['cache-master-dev-7d9f8b6c5-x2x4z', 'cache-master'],
    ['cache-master', 'cache-master'],
    ['cache-replica-1-7d9f8b6c5-x2x4z', 'cache-replica'],
    [`dev-${'a'.repeat(50)}-867x2x4z`, 'a'.repeat(50)],
    [`dev-${'a'.repeat(54)}x2x4z`, 'a'.repeat(60)],
  ])('the pod %s is not one of %s, and says what to write instead.', (pod, workload) => {
    const { status, stdout } = run(shell, ['common.sh'], `refuse_renamed ${pod} ${workload}; echo on`, VARIABLES);
    expect(status).toBe(1);
    expect(stdout).toContain(`refused: this is the pod ${pod}, and not one of ${workload}`);
    expect(stdout).toContain('new RedisSentinelCluster(chart,');
  });

  test.each([
    ['ok   a\nok   b\n', 'healthy'],
    ['ok   a\n?    b did not answer within 5 s\n', 'could not tell'],
    ['?    b did not answer within 5 s\nBAD  a is stopping\nok   c\n', 'not healthy'],
  ])('a report of %j is: %s.', (report, verdict) => {
    expect(common(functionOf('check.sh', 'judge') + '\njudge', {}, report)).toBe(`${verdict}\n`);
  });
});
