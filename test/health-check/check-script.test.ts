import { describe, expect, test } from '@jest/globals';
import { functionOf, shells } from '../support/shell';
import { type Course, TIME, inLines, linesOf, withStubs } from '../support/stubs';

/** As `ask_sentinel` and `ask_node` print them. */
const sentinel = (host: string, { named = 'm', epoch = 3, leaving = '-', flags = 'master' } = {}): string =>
  `${host} ${named} ${epoch} ${leaving} ${flags}`;
const replica = (host: string, { follows = 'm', link = 'up', priority = 100, leaving = '-' } = {}): string =>
  `${host} slave ${follows} ${link} 0 ${priority} 7 40 3 m ${leaving} run 2`;
const master = (host: string, { replicas = 2, leaving = '-' } = {}): string =>
  `${host} master - - ${replicas} - 7 40 3 m ${leaving} run 2`;

const MASTER = 'm 3';
const SENTINELS: [what: string, line: string, voted: string, report: string[]][] = [
  ['agrees', sentinel('s1'), MASTER, []],
  ['names another', sentinel('s1', { named: 'r1' }), MASTER, ['BAD  s1 names r1']],
  ['is at an older epoch', sentinel('s1', { epoch: 2 }), MASTER, ['BAD  s1 is at epoch 2']],
  ['is at a newer epoch', sentinel('s1', { epoch: 10 }), MASTER, ['BAD  s1 is at epoch 10']],
  ['names one where there is no majority', sentinel('s1', { named: 'r1', epoch: 9 }), "''", []],
  ['holds its master for dead', sentinel('s1', { flags: 'master,s_down' }), MASTER, ['BAD  s1 says of its master: master,s_down']],
  ['fails over', sentinel('s1', { flags: 'master,failover_in_progress' }), MASTER, ['BAD  s1 says of its master: master,failover_in_progress']],
  ['wants to stop', sentinel('s1', { leaving: 'stopping' }), MASTER, ['BAD  s1 is stopping']],
  ['is going', sentinel('s1', { leaving: 'going' }), MASTER, ['BAD  s1 is stopping']],
  ['is at odds in all', sentinel('s1', { named: 'x', epoch: 1, leaving: 'going', flags: 's_down' }), MASTER, ['BAD  s1 names x', 'BAD  s1 is at epoch 1', 'BAD  s1 says of its master: s_down', 'BAD  s1 is stopping']],
]; // prettier-ignore

const IN_SYNC = 'ok   r1 is in sync, with 7 keys, at offset 40';
const NODES: [what: string, line: string, named: string, report: string[]][] = [
  ['the master', master('m'), 'm', ['ok   m is master, with 2 replicas and 7 keys']],
  ['the master with too few replicas', master('m', { replicas: 1 }), 'm', ['BAD  m is master with 1 replicas of 2']],
  ['the master with too many replicas', master('m', { replicas: 3 }), 'm', ['BAD  m is master with 3 replicas of 2']],
  ['a second master', master('r1'), 'm', ['BAD  r1 is master, and the sentinels name m']],
  ['a master that nobody names', master('m'), '', ['BAD  m is master, and the sentinels name nobody']],
  ['the master that wants to stop', master('m', { leaving: 'stopping' }), 'm', ['BAD  m is stopping', 'ok   m is master, with 2 replicas and 7 keys']],
  ['a replica', replica('r1'), 'm', [IN_SYNC]],
  ['a replica that is preferred', replica('r1', { priority: 10 }), 'm', [IN_SYNC]],
  ['a replica that wants to stop', replica('r1', { leaving: 'stopping' }), 'm', ['BAD  r1 is stopping', IN_SYNC]],
  ['a replica that is going', replica('r1', { leaving: 'going' }), 'm', ['BAD  r1 is stopping', IN_SYNC]],
  ['a node without a role', replica('r1', { follows: '127.0.0.1', link: 'down', priority: 0 }), 'm', ['BAD  r1 has no role yet: its keeper says why in its log']],
  ['a replica of another', replica('r1', { follows: 'r2' }), 'm', ['BAD  r1 follows r2']],
  ['a replica where nobody is named', replica('r1'), '', ['BAD  r1 follows m']],
  ['a replica without connection', replica('r1', { link: 'down' }), 'm', ['BAD  r1 follows m and is not connected']],
  ['a replica that has not been in sync', replica('r1', { priority: 0 }), 'm', ['BAD  r1 has not been in sync since its start']],
]; // prettier-ignore

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');
  const pure = (name: string, call: string, input = ''): string[] => {
    const say = 'good() { echo "ok   $*"; }; bad() { echo "BAD  $*"; }; unsure() { echo "?    $*"; }';
    return linesOf(shell, [], `set -eu; ASK_TIMEOUT=5\n${say}\n${functionOf('check.sh', name)}\n${call}`, {}, input);
  };

  test.each(SENTINELS)('of a sentinel that %s, what is wrong is said.', (_, line, voted, report) => {
    expect(pure('judge_sentinel', `judge_sentinel ${voted} ''`, `${line}\n`)).toEqual(report);
  });

  test.each([
    ['0', []],
    ['1', ['BAD  s1 is in TILT: it was frozen, and does nothing for some seconds']],
    ['', ['?    s1 did not say within 5 s whether it is in TILT']],
  ])('of a tilt of %j is said: %j.', (tilt, report) => {
    expect(pure('judge_tilt', `judge_tilt s1 '${tilt}'`)).toEqual(report);
  });

  test.each(NODES)('of %s, how it is is said.', (_, line, named, report) => {
    expect(pure('judge_node', `judge_node '${named}' 2`, `${line}\n`)).toEqual(report);
  });

  describe('the check', () => {
    interface Cluster {
      /** The answers of all members, one after another between bars, by the second from which they hold. */
      readonly sentinels?: Course;
      readonly nodes?: Course;
      readonly voted?: string;
      /** Why those are silent that are. */
      readonly silence?: string;
      readonly tilt?: string;
      readonly replicas?: string;
      readonly others?: string;
      readonly seconds?: number;
    }
    const ALL_SENTINELS = ['s1', 's2', 's3'].map((host) => sentinel(host)).join('|');
    const ALL_NODES = [master('m'), replica('r1'), replica('r2')].join('|');

    const FAKE = `
      date() { echo $((elapsed / 1000)); }
      lines() { current "$1" | tr '|' '\\n'; }
      majority() {
        answers=$(lines "$ANSWERS") needed=2
        case $VOTED in *' '*\\ *) WHY=$VOTED && return 1 ;; *) MASTER=\${VOTED% *} EPOCH=\${VOTED#* } ;; esac
      }
      ask_all() { lines "$NODES_SAY"; }
      ask_known() { case $2 in REPLICAS) words=$REPLICAS ;; *) words=$OTHERS ;; esac; for word in $words; do [ "$word" = "$1" ] || echo "$word slave"; done; }
      sentinel_cli() { case $2 in INFO) echo "sentinel_tilt:$TILT" ;; esac; }
      node_cli() { :; }
      why_silent() { echo "$SILENCE"; }
      NODES='m r1 r2' SENTINELS='s1 s2 s3' REDIS_PORT=1 SENTINEL_PORT=2
    `;

    function checked({ sentinels = { 0: ALL_SENTINELS }, nodes = { 0: ALL_NODES }, ...given }: Cluster): string[] {
      const script = withStubs(
        'check.sh',
        `${TIME}\n${FAKE}\ntrap 'echo "exits $? after $((elapsed / 1000)) s"' EXIT\nset -- ${given.seconds ?? ''}`,
      );
      return linesOf(shell, [], script, {
        ...{ ANSWERS: inLines(sentinels), NODES_SAY: inLines(nodes), VOTED: given.voted ?? 'm 3' },
        ...{ SILENCE: given.silence ?? 'slow', TILT: given.tilt ?? '0' },
        ...{ REPLICAS: given.replicas ?? 'r2 r1', OTHERS: given.others ?? 's3 s2 s1' },
        ...{ NODES: 'm', SENTINELS: 's1', SELF: 's1', CLUSTER: 'c', POD_NAMESPACE: 'n' },
      });
    }

    const KNOWN = ['s1', 's2', 's3'].flatMap((host) =>
      ['replicas', 'sentinels'].map((what) => `ok   ${host} knows the ${what} of the manifest and no other`),
    );
    const VOTED = 'ok   2 of 3 sentinels or more name m, epoch 3';
    const NODES_WELL = [
      'ok   m is master, with 2 replicas and 7 keys',
      ...['r1', 'r2'].map((host) => `ok   ${host} is in sync, with 7 keys, at offset 40`),
    ];
    const ill = (report: string[]): string[] => report.filter((line) => !line.startsWith('ok '));

    test('says all that is well, and ends.', () => {
      expect(checked({})).toEqual([VOTED, ...KNOWN, ...NODES_WELL, 'healthy', 'exits 0 after 0 s']);
    });

    test('looks again until all is well.', () => {
      const nodes = { 0: [master('m', { replicas: 1 }), replica('r1')].join('|'), 3: ALL_NODES };
      expect(checked({ nodes, seconds: 60 }).at(-1)).toBe('exits 0 after 4 s');
    });

    test('looks again no longer than it may.', () => {
      const nodes = { 0: [master('m'), replica('r1'), replica('r2', { leaving: 'stopping' })].join('|') };
      expect(ill(checked({ nodes }))).toEqual(['BAD  r2 is stopping', 'not healthy', 'exits 1 after 0 s']);
      expect(checked({ nodes, seconds: 6 }).at(-1)).toBe('exits 1 after 6 s');
    });

    test('says of each sentinel what is wrong with it, whatever the majority says.', () => {
      const sentinels = {
        0: [sentinel('s1'), sentinel('s2', { leaving: 'stopping' }), sentinel('s3', { epoch: 2 })].join('|'),
      };
      expect(ill(checked({ sentinels }))).toEqual([
        'BAD  s2 is stopping',
        'BAD  s3 is at epoch 2',
        'not healthy',
        'exits 1 after 0 s',
      ]);
    });

    test.each([
      ['slow', '?    s3 did not answer within 5 s: it hangs, is cut off, or its machine is busy', 2],
      ['loading', 'BAD  s3 still loads its data', 1],
      ['stranger', 'BAD  s3 has another password, or is of another cluster', 1],
      ['absent', 'BAD  s3 has no server behind its name: see its pod with kubectl describe', 1],
    ])('of a member that is %s says so.', (silence, said, status) => {
      const verdict = [status === 1 ? 'not healthy' : 'could not tell', `exits ${status} after 0 s`];
      const sentinels = { 0: ALL_SENTINELS.replace(/\|s3 .*/, '') };
      expect(ill(checked({ sentinels, silence }))).toEqual([said, ...verdict]);
      const nodes = { 0: ALL_NODES.replace(/\|r1 [^|]*/, '') };
      expect(ill(checked({ nodes, silence }))).toEqual([said.replace('s3', 'r1'), ...verdict]);
    });

    test('where the sentinels do not agree on a master, says so.', () => {
      const sentinels = { 0: [sentinel('s1'), sentinel('s2', { named: 'r1', epoch: 9 })].join('|') };
      expect(ill(checked({ voted: 'no 2 of 3', sentinels }))).toEqual([
        'BAD  no 2 of 3',
        'BAD  s2 knows these replicas: r1 r2 ; the manifest has: m r2 ',
        '?    s3 did not answer within 5 s: it hangs, is cut off, or its machine is busy',
        'BAD  m is master, and the sentinels name nobody',
        ...['r1', 'r2'].map((host) => `BAD  ${host} follows m`),
        'not healthy',
        'exits 1 after 0 s',
      ]);
    });

    test('where most sentinels do not answer, can not tell.', () => {
      const report = ill(checked({ voted: 'no 2 of 3', sentinels: { 0: sentinel('s1') }, nodes: { 0: '' } }));
      expect(report[0]).toBe('?    no 2 of 3');
      expect(report.slice(-2)).toEqual(['could not tell', 'exits 2 after 0 s']);
    });

    test('of a master that has left the manifest says what to do, and of its followers that they follow it.', () => {
      const report = ill(checked({ voted: 'x 3', sentinels: { 0: sentinel('s1', { named: 'x' }) } }));
      expect(report[0]).toBe('BAD  x is master and not in the manifest: delete its Deployment, it hands over');
    });

    test('says which members are known that should not be, and which are missing.', () => {
      expect(ill(checked({ replicas: 'r1 r3 r2', others: 's1 s3' })).slice(0, 4)).toEqual([
        'BAD  s1 knows these replicas: r1 r2 r3 ; the manifest has: r1 r2 ',
        'BAD  s1 knows these sentinels: s3 ; the manifest has: s2 s3 ',
        'BAD  s2 knows these replicas: r1 r2 r3 ; the manifest has: r1 r2 ',
        'BAD  s3 knows these replicas: r1 r2 r3 ; the manifest has: r1 r2 ',
      ]);
      expect(ill(checked({ replicas: '' }))[0]).toBe('BAD  s1 knows these replicas: none; the manifest has: r1 r2 ');
    });

    test('goes by the master that a sentinel names, for the replicas that it should know.', () => {
      const sentinels = { 0: ['s1', 's2', 's3'].map((host) => sentinel(host, { named: 'r1' })).join('|') };
      const report = checked({ sentinels, voted: 'r1 3', replicas: 'm r2' });
      expect(report.slice(1, 7)).toEqual(KNOWN);
    });

    test.each([
      ['1', 'BAD  s1 is in TILT: it was frozen, and does nothing for some seconds', 'exits 1 after 0 s'],
      ['', '?    s1 did not say within 5 s whether it is in TILT', 'exits 2 after 0 s'],
    ])('of a sentinel whose TILT is %j says so.', (tilt, said, end) => {
      const report = ill(checked({ tilt }));
      expect([report[0], report.at(-1)]).toEqual([said, end]);
    });
  });
});
