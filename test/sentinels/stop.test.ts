import { describe, expect, test } from '@jest/globals';
import { functionOf, shells } from '../support/shell';
import { type Course, LOGGED, TIME, inLines, linesOf, withStubs } from '../support/stubs';

/** As `ask_sentinel` prints it. */
const says = (host: string, flags = 'master', leaving = '-'): string => `${host} m 3 ${leaving} ${flags}`;
const LEADS = 'master,failover_in_progress';
const VARIABLES = { NODES: 'm', SENTINELS: 's1', SELF: 's1', CLUSTER: 'c', POD_NAMESPACE: 'n' };

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  test.each([
    [says('s2'), 's2 ready'],
    [says('s2', 'master,s_down,o_down'), 's2 ready'],
    [says('s2', LEADS), 's2 behind'],
    [says('s2', `s_down,o_down,${LEADS}`), 's2 behind'],
    [says('s2', 'promoted'), 's2 behind'],
    [says('s2', 'master', 'stopping'), 's2 stopping'],
    [says('s2', LEADS, 'stopping'), 's2 stopping'],
    [says('s2', 'master', 'going'), 's2 going'],
  ])('the state of a sentinel that says %j is %j.', (line, state) => {
    const states = `${functionOf('stop-sentinel.sh', 'states')}\nstates`;
    expect(linesOf(shell, ['common.sh'], states, VARIABLES, `${line}\n`)).toEqual([state]);
  });

  describe('the hook of a sentinel', () => {
    interface Cluster {
      readonly self?: string;
      /** What the own server says, and the others, by the second from which it holds; one after another between bars. */
      readonly own?: Course;
      readonly others: Course;
      readonly seconds?: number;
      readonly stubs?: string;
    }
    const FAKE = `
      ask_sentinel() {
        if [ "$1" = 127.0.0.1 ]; then current "$OWN"; else current "$OTHERS" | tr '|' '\\n' | grep "^$1 " || :; fi
      }
      sentinel_cli() { read -r told && log "told: $told" >&2 && ask_sentinel "$1"; }
      NODES=m SENTINELS='a-s s s-b' SELF=$SELF_ALONE
      trap 'log "ends: $?"' EXIT
    `;

    function stopped({ self = 's', own = { 0: says(self) }, others, seconds = 60, stubs = '' }: Cluster): string[] {
      return linesOf(
        shell,
        [],
        `exec 2>&1\n${withStubs('stop-sentinel.sh', `${TIME}\n${LOGGED}\n${FAKE}\n${stubs}`)}`,
        {
          ...{ OWN: inLines(own), OTHERS: inLines(others), SELF_ALONE: self },
          ...{ STOP_SECONDS: String(seconds), COMEBACK_SECONDS: '5' },
          ...VARIABLES,
        },
      );
    }
    const [SHOWS, GOES] = ['told: ACL SETUSER stopping off', 'told: ACL SETUSER going off'];
    const all = (...flags: string[]) => ['a-s', 's', 's-b'].map((host, index) => says(host, flags[index])).join('|');

    test('ends when the others are there.', () => {
      expect(stopped({ others: { 0: all() } })).toEqual([`0 ${SHOWS}`, `1 ${GOES}`, '1 ends: 0']);
    });

    test('ends at once when the sentinel has not started yet.', () => {
      expect(stopped({ others: { 0: all() }, stubs: ': >"$RUN_DIR/asking"' })).toEqual(['0 ends: 0']);
    });

    test('lets those before it go first, wherever they stand, and not those after it.', () => {
      const stopping = ['a-s', 's', 's-b'].map((host) => says(host, 'master', 'stopping')).join('|');
      const wait = (self: string) => stopped({ self, others: { 0: stopping }, seconds: 2 })[1];
      expect(['a-s', 's', 's-b'].map(wait)).toEqual([
        `1 ${GOES}`,
        '1 waits: first it is the turn of a-s',
        '1 waits: first it is the turn of a-s',
      ]);
    });

    test('waits for one that is not back, and for one that leads a failover.', () => {
      const others = { 0: says('a-s'), 2: all(LEADS), 3: all() };
      expect(stopped({ others })).toEqual([
        `0 ${SHOWS}`,
        '1 waits: not back yet: s-b',
        '2 waits: a-s is not in sync',
        `3 ${GOES}`,
        '3 ends: 0',
      ]);
    });

    test('waits until the failover is over that this one leads, as long as it may.', () => {
      const own = { 0: says('s', LEADS, 'going'), 2: says('s', 'promoted', 'going'), 3: says('s', 'master', 'going') };
      expect(stopped({ own, others: { 0: all() } }).slice(2)).toEqual([
        '1 waits: this sentinel leads a failover',
        '2 waits: this sentinel leads a failover',
        '3 ends: 0',
      ]);
      expect(stopped({ own: { 0: own[0] }, others: { 0: all() }, seconds: 3 }).slice(2)).toEqual([
        '1 waits: this sentinel leads a failover',
        '2 waits: this sentinel leads a failover',
        '3 ends: 0',
      ]);
    });
  });
});
