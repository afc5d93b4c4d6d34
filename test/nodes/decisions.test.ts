import { describe, expect, test } from '@jest/globals';
import { runEach, shells, type Call } from '../support/shell';

const VARIABLES = { POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm r1 r2', SENTINELS: 's1 s2 s3', SELF: 'm' };

interface Node {
  readonly role?: 'master' | 'slave';
  readonly replicas?: number;
  readonly keys?: number;
  readonly offset?: number;
  readonly epoch?: number;
  readonly trust?: number;
  readonly run?: string;
}

/** An answer as `ask_node` prints it: of a node that restarted with data, unless said otherwise. */
function line(host: string, node: Node): string {
  const { role = 'slave', replicas = 0, keys = 5, offset = 40, epoch = 7, trust = 1, run: id = `run-${host}` } = node;
  return `${host} ${role} 127.0.0.1 down ${replicas} 0 ${keys} ${offset} ${epoch} m - ${id} ${trust}`;
}
const lines = (nodes: Record<string, Node>): string =>
  Object.entries(nodes)
    .map(([host, node]) => `${line(host, node)}\n`)
    .join('');

/** What a node without a role knows: m, that the sentinels name at epoch 7 and that has less than all of its data. */
interface Own {
  readonly named?: string;
  readonly namedEpoch?: number;
  readonly data?: 'complete' | 'partial' | 'none';
  readonly keys?: number;
  readonly trust?: number;
  readonly epoch?: number;
  readonly offset?: number;
}

interface Start {
  readonly what: string;
  readonly own?: Own;
  readonly others: Record<string, Node>;
  readonly verdict: string;
}

const COMPLETE: Own = { data: 'complete' };
const EMPTY: Own = { data: 'none', keys: 0, trust: 0, epoch: 0, offset: 0 };
const MAY_HOLD = "wait this node's data may be incomplete, and these do not answer and may hold more:";
const TWIN = "wait another server answers at this node's name, m: two pods are behind one Service";
const SERVING = 'wait the sentinels name this node, but another is a master with replicas';

const STARTS: Start[] = [
  // Another is master.
  { what: 'another is named', own: { ...COMPLETE, named: 'r1' }, others: {}, verdict: 'follow r1' },
  { what: 'one outside of the manifest is named', own: { named: 'r9' }, others: {}, verdict: 'follow r9' },
  { what: 'another is named, and it is itself at its own name', own: { named: 'r1' }, others: { m: {} }, verdict: 'follow r1' }, // prettier-ignore
  { what: 'another is named, and a stranger has its name', own: { named: 'r1' }, others: { m: { run: 'x' } }, verdict: TWIN }, // prettier-ignore
  // All its data.
  { what: 'its data are complete', own: COMPLETE, others: { m: {}, r1: {}, r2: {} }, verdict: 'master the sentinels name it and its data are complete' }, // prettier-ignore
  { what: 'its data are complete, and nobody else answers', own: COMPLETE, others: {}, verdict: 'master the sentinels name it and its data are complete' }, // prettier-ignore
  { what: 'its data are complete, and of a newer epoch', own: { ...COMPLETE, epoch: 8 }, others: {}, verdict: 'master the sentinels name it and its data are complete' }, // prettier-ignore
  { what: 'its data are complete, and a stranger has its name', own: COMPLETE, others: { m: { run: 'x' } }, verdict: TWIN }, // prettier-ignore
  { what: 'its data are complete, and a stranger that serves has its name', own: COMPLETE, others: { m: { run: 'x', role: 'master', replicas: 2 } }, verdict: TWIN }, // prettier-ignore
  { what: 'its data are complete, and another is a master with replicas', own: COMPLETE, others: { r1: { role: 'master', replicas: 1 } }, verdict: SERVING }, // prettier-ignore
  { what: 'its data are complete, and another is a master with ten replicas', own: COMPLETE, others: { r1: { role: 'master', replicas: 10 } }, verdict: SERVING }, // prettier-ignore
  { what: 'its data are complete, and another is a master that nobody follows', own: COMPLETE, others: { r1: { role: 'master' } }, verdict: 'master the sentinels name it and its data are complete' }, // prettier-ignore
  { what: 'its data are complete, and a replica has replicas', own: COMPLETE, others: { r1: { replicas: 1 } }, verdict: 'master the sentinels name it and its data are complete' }, // prettier-ignore
  // Complete once, on a volume that was put back.
  { what: 'its data are complete and of an older epoch, and one is in sync', own: { ...COMPLETE, epoch: 6 }, others: { r1: { trust: 2 } }, verdict: 'hand-over r1' }, // prettier-ignore
  { what: 'its data are complete and of an older epoch, and one in sync has more of that', own: { ...COMPLETE, epoch: 6 }, others: { r1: { trust: 2, epoch: 6, offset: 41 } }, verdict: 'hand-over r1' }, // prettier-ignore
  // It was promoted and gone before anybody followed it; who it was promoted for is silent.
  { what: 'its data are complete and of an older epoch, and one in sync has as much', own: { ...COMPLETE, epoch: 6 }, others: { r1: { trust: 2, epoch: 6 } }, verdict: 'master its data are complete, and no node in sync has more' }, // prettier-ignore
  { what: 'its data are complete and of an older epoch, and of two in sync the one has more', own: { ...COMPLETE, epoch: 6 }, others: { r1: { trust: 2, epoch: 6 }, r2: { trust: 2, epoch: 6, offset: 41 } }, verdict: 'hand-over r2' }, // prettier-ignore
  { what: 'its data are complete and of an older epoch, and one in sync has not come so far', own: { ...COMPLETE, epoch: 6 }, others: { r1: { trust: 2, epoch: 5, offset: 90 } }, verdict: 'master its data are complete, and no node in sync has more' }, // prettier-ignore
  { what: 'it lost something of an older epoch, and one in sync has as much of it', own: { epoch: 6 }, others: { r1: { trust: 2, epoch: 6 } }, verdict: 'hand-over r1' }, // prettier-ignore
  { what: 'its data are complete and of an older epoch, and one does not answer', own: { ...COMPLETE, epoch: 6 }, others: { r1: { epoch: 6 } }, verdict: `${MAY_HOLD} r2` }, // prettier-ignore
  { what: 'its data are complete and of an older epoch, and nobody has more', own: { ...COMPLETE, epoch: 6 }, others: { r1: { epoch: 6 }, r2: { epoch: 5 } }, verdict: 'master no other node has more' }, // prettier-ignore
  // Less than it may have had: it never serves while another may have more.
  { what: 'it lost something, and another is a master with replicas', others: { r1: { role: 'master', replicas: 1 } }, verdict: SERVING }, // prettier-ignore
  { what: 'it lost something, and one is in sync', others: { r1: { trust: 2 }, r2: {} }, verdict: 'hand-over r1' },
  { what: 'it lost something, and the only one that answers is in sync', others: { r2: { trust: 2 } }, verdict: 'hand-over r2' }, // prettier-ignore
  { what: 'it lost something, and one in sync has less of a number', others: { r1: { trust: 2, epoch: 1, offset: 1 }, r2: {} }, verdict: 'hand-over r1' }, // prettier-ignore
  { what: 'it lost something, and two are in sync', others: { r1: { trust: 2, offset: 50 }, r2: { trust: 2, offset: 60 } }, verdict: 'hand-over r2' }, // prettier-ignore
  { what: 'it lost something, and one in sync has no keys', others: { r1: { trust: 2, keys: 0 }, r2: { keys: 0 } }, verdict: 'master no other node has more' }, // prettier-ignore
  {
    what: 'it lost something, and one does not answer',
    others: { m: {}, r1: { epoch: 9 } },
    verdict: `${MAY_HOLD} r2`,
  },
  { what: 'it lost something, and nobody answers', others: {}, verdict: `${MAY_HOLD} r1 r2` },
  { what: 'it lost something, and another has more', others: { r1: { offset: 41 }, r2: {} }, verdict: 'offer r1' },
  { what: 'it lost something, and others have more', others: { r1: { offset: 41 }, r2: { epoch: 8, offset: 1 } }, verdict: 'offer r2' }, // prettier-ignore
  { what: 'it lost something, and others have as much', others: { r1: {}, r2: {} }, verdict: 'master no other node has more' }, // prettier-ignore
  { what: 'it lost something, and others have less', others: { r1: { offset: 39 }, r2: { epoch: 6, offset: 90 } }, verdict: 'master no other node has more' }, // prettier-ignore
  { what: 'it lost something, and others know only of another cluster', others: { r1: { trust: 0, epoch: 9 }, r2: { trust: 0 } }, verdict: 'master no other node has more' }, // prettier-ignore
  { what: 'it was never in sync, and another was', own: { trust: 0, epoch: 9 }, others: { r1: { epoch: 1 }, r2: { keys: 0 } }, verdict: 'offer r1' }, // prettier-ignore
  { what: 'it lost something, and one with a higher number has no keys', others: { r1: { epoch: 9, keys: 0 }, r2: {} }, verdict: 'master no other node has more' }, // prettier-ignore
  { what: 'it lost something, and others have less than it, which is seen at its own name', others: { m: { trust: 2, role: 'master', replicas: 1 }, r1: { offset: 39 }, r2: { offset: 39 } }, verdict: 'master no other node has more' }, // prettier-ignore
  // Nothing at all.
  { what: 'it is empty, and one is in sync', own: EMPTY, others: { r1: { trust: 2 } }, verdict: 'hand-over r1' },
  { what: 'it is empty, and one with data restarted', own: EMPTY, others: { r1: {}, r2: { keys: 0 } }, verdict: 'offer r1' }, // prettier-ignore
  { what: 'it is empty with the highest number, and one has data', own: { keys: 0, epoch: 9 }, others: { r1: {}, r2: { keys: 0 } }, verdict: 'offer r1' }, // prettier-ignore
  { what: 'it is empty, and one has data that were never in sync', own: EMPTY, others: { r1: { trust: 0, epoch: 0, offset: 0 }, r2: { keys: 0 } }, verdict: 'offer r1' }, // prettier-ignore
  { what: 'it is empty, and one with one key was never in sync', own: EMPTY, others: { r1: { trust: 0, epoch: 0, offset: 0, keys: 1 }, r2: { keys: 0 } }, verdict: 'offer r1' }, // prettier-ignore
  { what: 'it is empty, and one does not answer', own: EMPTY, others: { r1: { keys: 0 } }, verdict: `${MAY_HOLD} r2` },
  { what: 'it is empty, and all others are', own: { ...EMPTY, namedEpoch: 0 }, others: { r1: { keys: 0 }, r2: { keys: 0 } }, verdict: 'master no node has any data' }, // prettier-ignore
  { what: 'it has one key, and all others are empty', own: { ...EMPTY, keys: 1 }, others: { r1: { keys: 0 }, r2: { keys: 0 } }, verdict: 'master no other node has more' }, // prettier-ignore
];

interface Stranded {
  readonly what: string;
  readonly own?: Own;
  readonly others: Record<string, Node>;
  readonly verdict: string;
}

/** Of r1, whose master is m; the numbers of both replicas are the same unless said otherwise. */
const STRANDED: Stranded[] = [
  { what: 'the other has as much', others: { r2: {} }, verdict: 'offer' },
  { what: 'the other has less', others: { r2: { offset: 39 } }, verdict: 'offer' },
  { what: 'the other has more', others: { r2: { offset: 41 } }, verdict: 'nothing' },
  { what: 'the other was in sync at a newer epoch', others: { r2: { epoch: 8, offset: 1 } }, verdict: 'nothing' },
  { what: 'the other is in sync', others: { r2: { trust: 2, epoch: 1 } }, verdict: 'nothing' },
  { what: 'the other has a higher number and no keys', others: { r2: { epoch: 8, keys: 0 } }, verdict: 'offer' },
  { what: 'the other has a higher number and one key', others: { r2: { epoch: 8, keys: 1 } }, verdict: 'nothing' },
  {
    what: 'the other does not answer',
    others: {},
    verdict: 'wait m is gone, and r2 does not answer and may hold more',
  },
  { what: 'only what has the name of the master answers', others: { m: { epoch: 9 } }, verdict: 'wait m is gone, and r2 does not answer and may hold more' }, // prettier-ignore
  { what: 'what has the name of the master has more', others: { m: { epoch: 9 }, r2: {} }, verdict: 'offer' },
  { what: 'it is empty, and so is the other', own: EMPTY, others: { r2: { keys: 0 } }, verdict: 'offer' },
  { what: 'it is empty, and the other is not', own: EMPTY, others: { r2: { trust: 0, epoch: 0, offset: 0 } }, verdict: 'nothing' }, // prettier-ignore
  { what: 'it is empty with the higher number', own: { ...EMPTY, epoch: 9, trust: 1 }, others: { r2: {} }, verdict: 'nothing' }, // prettier-ignore
];

const numbers = ({ keys = 5, trust = 1, epoch = 7, offset = 40 }: Own): string =>
  [keys, trust, epoch, offset].join(' ');

/** The named master has other replicas, unless it says otherwise. */
const MOVES = [
  { role: 'slave', leader: 'm', master: 'm', epoch: 9, own: 1, rounds: 9, moves: false },
  { role: 'master', leader: 'm', master: 'm', epoch: 9, own: 1, rounds: 9, moves: false },
  { role: 'slave', leader: 'm', master: 'm', epoch: 9, own: 1, rounds: 9, replicas: '0', moves: false },
  { role: 'slave', leader: 'r1', master: 'm', epoch: 9, own: 1, rounds: 1, moves: false },
  { role: 'slave', leader: 'r1', master: 'm', epoch: 9, own: 1, rounds: 3, moves: false },
  { role: 'slave', leader: 'r1', master: 'm', epoch: 7, own: 7, rounds: 4, moves: true },
  { role: 'slave', leader: 'r1', master: 'm', epoch: 7, own: 7, rounds: 5, moves: true },
  // One that was not told, of a master that has nobody, and one that was, or hears of an older master.
  { role: 'slave', leader: 'r1', master: 'm', epoch: 8, own: 7, rounds: 1, replicas: '0', moves: true },
  { role: 'slave', leader: 'r1', master: 'm', epoch: 8, own: 7, rounds: 1, replicas: '', moves: false },
  { role: 'slave', leader: 'r1', master: 'm', epoch: 7, own: 7, rounds: 3, replicas: '0', moves: false },
  { role: 'slave', leader: 'r1', master: 'm', epoch: 6, own: 7, rounds: 3, replicas: '0', moves: false },
  // One that was deposed, and one that was just made.
  { role: 'master', leader: 'r1', master: 'm', epoch: 8, own: 7, rounds: 1, moves: true },
  { role: 'master', leader: 'r1', master: 'm', epoch: 8, own: 7, rounds: 1, replicas: '', moves: true },
  { role: 'master', leader: 'r1', master: 'm', epoch: 7, own: 7, rounds: 1, moves: false },
  { role: 'master', leader: 'r1', master: 'm', epoch: 6, own: 7, rounds: 3, moves: false },
  { role: 'master', leader: 'r1', master: 'm', epoch: 7, own: 7, rounds: 4, moves: true },
].map((one) => ({ replicas: '1', ...one }));

const CUT_OFF = [
  { down: 1, priority: '0', keys: 1, master: 'm', stranded: true },
  { down: 3, priority: '0', keys: 9, master: 'm', stranded: true },
  { down: 0, priority: '0', keys: 9, master: 'm', stranded: false },
  { down: 1, priority: '100', keys: 9, master: 'm', stranded: false },
  { down: 1, priority: '-', keys: 9, master: 'm', stranded: false }, // a master says no priority
  { down: 1, priority: '0', keys: 0, master: 'm', stranded: false },
  { down: 1, priority: '0', keys: 0, master: 'r9', stranded: true },
  { down: 0, priority: '0', keys: 0, master: 'r9', stranded: false },
  { down: 1, priority: '100', keys: 0, master: 'r9', stranded: false },
];

const CRASHES = [
  // As long as sentinels need to see it: what it takes must be over before they miss it.
  { aof: 'no', kib: 4, gone: 0, downAfter: 5000, replaced: true },
  { aof: 'no', kib: 4, gone: 2300, downAfter: 5000, replaced: true },
  { aof: 'no', kib: 4, gone: 2301, downAfter: 5000, replaced: false },
  { aof: 'no', kib: 4, gone: 0, downAfter: 2700, replaced: true },
  { aof: 'no', kib: 4, gone: 0, downAfter: 2699, replaced: false },
  { aof: 'no', kib: 99_999_999, gone: 60_000, downAfter: 5000, replaced: false },
  // It is back sooner, with all that it had.
  { aof: 'yes', kib: 4, gone: 0, downAfter: 5000, replaced: false },
  { aof: 'yes', kib: 32_768, gone: 0, downAfter: 5000, replaced: false },
  { aof: 'yes', kib: 32_769, gone: 0, downAfter: 5000, replaced: true },
  { aof: 'yes', kib: 99_999_999, gone: 2301, downAfter: 5000, replaced: false },
];

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');
  const outcomes = (calls: readonly Call[]): string[] =>
    runEach(shell, ['common.sh', 'decisions.sh'], calls, VARIABLES).map((text) => text.trim());
  const whether = (call: string): Call => [`if ${call}; then echo true; else echo false; fi`];

  // An empty line says nothing, and the order of answers neither.
  const starts = STARTS.map(({ own = {}, others }): [string, string, string] => {
    const { named = 'm', namedEpoch = 7, data = 'partial' } = own;
    const call = `role_for m run-m ${named} ${namedEpoch} ${data} ${numbers(own)} r1 r2`;
    return [call, lines(others), `\n${lines(Object.fromEntries(Object.entries(others).reverse()))}`];
  });
  const roles = outcomes(starts.map(([call, input]) => [call, input]));
  const reversed = outcomes(starts.map(([call, , input]) => [call, input]));
  test.each(STARTS.map((start, index) => ({ ...start, index })))('a node without a role, where $what.', (start) => {
    expect(roles[start.index]).toBe(start.verdict);
    expect(reversed[start.index]).toBe(start.verdict);
  });

  const last = STRANDED.map(({ own = {}, others }) => [`last_resort_of m ${numbers(own)}`, lines(others)] as const);
  const offers = outcomes(last.map(([call, input]) => [`${call} m r2`, input]));
  const shifted = outcomes(last.map(([call, input]) => [`${call} r2 m`, `\n${input}`]));
  test.each(STRANDED.map((one, index) => ({ ...one, index })))(
    'a replica whose master is gone, where $what.',
    (one) => {
      expect(offers[one.index]).toBe(one.verdict);
      expect(shifted[one.index]).toBe(one.verdict);
    },
  );

  const stranded = outcomes(
    CUT_OFF.map(({ down, priority, keys, master }) =>
      whether(`is_stranded ${down} '${priority}' ${keys} ${master} 'm r1 r2'`),
    ),
  );
  test.each(CUT_OFF.map((one, index) => ({ ...one, index })))(
    'of priority $priority with $keys keys, where $down hold $master for dead: stranded is $stranded.',
    (one) => {
      expect(stranded[one.index]).toBe(String(one.stranded));
    },
  );

  const moves = outcomes(
    MOVES.map(({ role, leader, master, epoch, own, rounds, replicas }) =>
      whether(`must_move ${role} ${leader} ${master} ${epoch} ${own} ${rounds} '${replicas}'`),
    ),
  );
  test.each(MOVES.map((one, index) => ({ ...one, index })))(
    '$role $leader of epoch $own moves where round $rounds names $master at $epoch, which has $replicas: $moves.',
    (one) => {
      expect(moves[one.index]).toBe(String(one.moves));
    },
  );

  const replaced = outcomes(
    CRASHES.map(({ aof, kib, gone, downAfter }) => whether(`must_be_replaced ${aof} ${kib} ${gone} ${downAfter}`)),
  );
  test.each(CRASHES.map((one, index) => ({ ...one, index })))(
    'a master that is gone for $gone of $downAfter ms, with AOF $aof and $kib KiB, is replaced: $replaced.',
    (one) => {
      expect(replaced[one.index]).toBe(String(one.replaced));
    },
  );
});
