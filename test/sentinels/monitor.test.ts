import { describe, expect, test } from '@jest/globals';
import { run, shells } from '../support/shell';

const VARIABLES = { POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm r1 r2', SENTINELS: 's1 s2 s3', SELF: 's1' };

interface Asked {
  readonly what: string;
  /** `MASTER EPOCH` of its own memory. */
  readonly own?: string;
  /** `MASTER EPOCH` of each answer. */
  readonly others: string[];
  readonly verdict: string;
}

const SENTINELS: Asked[] = [
  { what: 'nobody remembers', others: [], verdict: '' },
  { what: 'only it remembers', own: 'r1 4', others: [], verdict: 'monitor r1 4 0' },
  { what: 'only it remembers the first master', own: 'm 0', others: [], verdict: 'monitor m 0 0' },
  { what: 'only it remembers, and its epoch is not known', own: 'm ', others: [], verdict: 'monitor m 0 0' },
  { what: 'another remembers', others: ['r1 4'], verdict: 'monitor r1 4 0' },
  { what: 'another remembers the first master', others: ['m 0'], verdict: 'monitor m 0 0' },
  { what: 'another remembers one that is not in the manifest', others: ['r9 4'], verdict: 'monitor r9 4 0' },
  { what: 'another is newer', own: 'm 3', others: ['r1 4'], verdict: 'monitor r1 4 0' },
  { what: 'another is newer by ten', own: 'm 9', others: ['r1 10'], verdict: 'monitor r1 10 0' },
  { what: 'another is older', own: 'm 3', others: ['r1 2'], verdict: 'monitor m 3 0' },
  { what: 'another is as new', own: 'm 3', others: ['r1 3'], verdict: 'monitor m 3 0' },
  { what: 'others are of two minds', others: ['m 3', 'r1 4'], verdict: 'monitor r1 4 0' },
  { what: 'others are of two minds, and the newer one is older than it', own: 'r2 5', others: ['m 3', 'r1 4'], verdict: 'monitor r2 5 0' }, // prettier-ignore
];

interface Node {
  readonly role?: 'master' | 'slave';
  readonly follows?: string;
  readonly link?: 'up' | 'down';
  readonly replicas?: number;
  readonly offset?: number;
  readonly epoch?: number;
  /** Whom its mark names; `-` where there is none. */
  readonly mark?: string;
  readonly trust?: number;
}

const line = (host: string, node: Node): string => {
  const { role = 'slave', follows = '127.0.0.1', link = 'down', replicas = 0, offset = 40, epoch = 7 } = node;
  return `${host} ${role} ${follows} ${link} ${replicas} 0 5 ${offset} ${epoch} ${node.mark ?? 'r1'} - run ${node.trust ?? 1}\n`;
};

interface Found {
  readonly what: string;
  readonly nodes: Record<string, Node>;
  readonly rounds?: number;
  readonly verdict: string;
}

const NEW: Node = { epoch: 0, mark: '-', trust: 0, offset: 0 };
const MASTER: Node = { role: 'master', follows: '-', link: 'down', trust: 2 };
const UP: Node = { follows: 'm', link: 'up', trust: 2 };
const waits = (answered: number): string => `wait no sentinel remembers a master, and ${answered} of 3 nodes answer`;

const NODES: Found[] = [
  // What they do.
  { what: 'one is master with replicas', nodes: { r1: { ...MASTER, replicas: 2 } }, verdict: 'monitor r1 0 7' },
  { what: 'one is master with replicas, and a mark names another', nodes: { m: { ...MASTER, replicas: 1 } }, verdict: 'monitor m 0 0' }, // prettier-ignore
  { what: 'one is master', nodes: { r2: { ...MASTER, mark: 'r2' } }, verdict: 'monitor r2 0 7' },
  { what: 'one is master, and another is master with replicas', nodes: { m: MASTER, r1: { ...MASTER, replicas: 1 } }, verdict: 'monitor r1 0 7' }, // prettier-ignore
  { what: 'one is master with ten replicas, and another is master', nodes: { m: { ...MASTER, replicas: 10 }, r1: MASTER }, verdict: 'monitor m 0 0' }, // prettier-ignore
  { what: 'two are masters', nodes: { m: MASTER, r1: MASTER }, verdict: 'wait more than one master: m r1' },
  { what: 'two are masters with replicas', nodes: { m: { ...MASTER, replicas: 1 }, r1: { ...MASTER, replicas: 1 }, r2: MASTER }, verdict: 'wait more than one master: m r1' }, // prettier-ignore
  { what: 'one is followed', nodes: { r1: UP, r2: UP }, verdict: 'monitor m 0 0' },
  {
    what: 'one outside of the manifest is followed',
    nodes: { m: { ...UP, follows: 'r9' } },
    verdict: 'monitor r9 0 0',
  },
  { what: 'one is followed, and remembered', nodes: { r1: { ...UP, mark: 'm' } }, verdict: 'monitor m 0 7' },
  {
    what: 'two are followed',
    nodes: { m: { ...UP, follows: 'r2' }, r1: UP },
    verdict: 'wait more than one master: r2 m',
  },
  { what: 'one follows somebody who is not there', nodes: { r1: { ...UP, link: 'down' } }, verdict: waits(1) },
  { what: 'one is master, and a replica of it is asked before it', nodes: { a: UP, m: { ...MASTER, replicas: 1 } }, verdict: 'monitor m 0 0' }, // prettier-ignore
  // What they remember.
  { what: 'nobody answers', nodes: {}, verdict: waits(0) },
  { what: 'nobody answers for a minute', nodes: {}, rounds: 60, verdict: waits(0) },
  { what: 'one does not answer', nodes: { m: {}, r1: {} }, verdict: waits(2) },
  { what: 'one does not answer for nearly a minute', nodes: { m: {}, r1: {} }, rounds: 59, verdict: waits(2) },
  { what: 'one does not answer for a minute', nodes: { m: {}, r1: {} }, rounds: 60, verdict: 'monitor r1 0 7' },
  { what: 'two do not answer for hours', nodes: { m: {} }, rounds: 9999, verdict: waits(1) },
  { what: 'all are new', nodes: { m: NEW, r1: NEW, r2: NEW }, verdict: 'monitor m 0 0' },
  { what: 'all but one are new for a minute', nodes: { r1: NEW, r2: NEW }, rounds: 60, verdict: 'monitor m 0 0' },
  { what: 'one is not new', nodes: { m: NEW, r1: NEW, r2: {} }, verdict: 'monitor r1 0 7' },
  { what: 'one was in sync at epoch 0 with nothing', nodes: { m: NEW, r1: { epoch: 0, offset: 0 }, r2: NEW }, verdict: 'monitor r1 0 0' }, // prettier-ignore
  { what: 'one remembers a newer master', nodes: { m: {}, r1: { epoch: 8, mark: 'r2', offset: 1 }, r2: {} }, verdict: 'monitor r2 0 8' }, // prettier-ignore
  { what: 'one has more of the same epoch', nodes: { m: {}, r1: { mark: 'r2', offset: 41 }, r2: {} }, verdict: 'monitor r2 0 7' }, // prettier-ignore
  { what: 'one has been in sync, and another remembers a newer master', nodes: { m: { trust: 2 }, r1: { epoch: 8, mark: 'r2' }, r2: {} }, verdict: 'monitor r2 0 8' }, // prettier-ignore
  { what: 'one remembers the newest epoch of another cluster', nodes: { m: {}, r1: { epoch: 9, mark: 'elsewhere', trust: 0 }, r2: {} }, verdict: 'monitor r1 0 7' }, // prettier-ignore
  { what: 'all are copies of another cluster', nodes: { m: { mark: 'elsewhere', trust: 0 }, r1: { epoch: 8, mark: 'elsewhere', trust: 0 }, r2: NEW }, verdict: 'monitor r1 0 0' }, // prettier-ignore
  { what: 'one is a copy of a cluster that has just begun', nodes: { m: NEW, r1: NEW, r2: { mark: 'elsewhere', epoch: 0, offset: 0, trust: 0 } }, verdict: 'monitor r2 0 0' }, // prettier-ignore
  { what: 'they remember one outside of the manifest', nodes: { m: { mark: 'r9' }, r1: { mark: 'r9' }, r2: { mark: 'r9', offset: 41 } }, verdict: 'monitor r2 0 0' }, // prettier-ignore
];

describe.each(shells)('In %s, a sentinel that starts', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');
  const decide = (call: string, input: string): string => {
    const { stdout, stderr, status } = run(shell, ['common.sh', 'monitor.sh'], `set -eu\n${call}`, VARIABLES, input);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout.trim();
  };

  test.each(SENTINELS)('asks the others: $what.', ({ own = '', others, verdict }) => {
    const [master = '', epoch = ''] = own.split(' ');
    const lines = others.map((said, index) => `s${index} ${said} - master\n`);
    expect(decide(`by_sentinels '${master}' '${epoch}'`, lines.join(''))).toBe(verdict);
    expect(decide(`by_sentinels '${master}' '${epoch}'`, ['\n', ...lines.reverse()].join(''))).toBe(verdict);
  });

  test.each(NODES)('asks the nodes: $what.', ({ nodes, rounds = 0, verdict }) => {
    const lines = Object.entries(nodes).map(([host, node]) => line(host, node));
    expect(decide(`by_nodes ${rounds} m r1 r2`, lines.join(''))).toBe(verdict);
    const reversed = decide(`by_nodes ${rounds} m r1 r2`, ['\n', ...lines.reverse()].join(''));
    // Of several masters it says the names in the order of the answers.
    expect(verdict.startsWith('wait more') ? reversed.slice(0, 21) : reversed).toBe(
      verdict.startsWith('wait more') ? verdict.slice(0, 21) : verdict,
    );
  });

  test('waits for one that loads, however long, unless somebody serves.', () => {
    const late = `wait no sentinel remembers a master, and 2 of 3 nodes answer; these still load their data: r2`;
    expect(decide('by_nodes 9999 m r1 r2', `${line('m', {})}r2 loading\n${line('r1', {})}`)).toBe(late);
    expect(decide('by_nodes 9999 m r1 r2', `r2 loading\n${line('m', MASTER)}`)).toBe('monitor m 0 0');
    // It has loaded in between.
    expect(
      decide('by_nodes 60 m r1 r2', `r2 loading\n${['m', 'r1', 'r2'].map((host) => line(host, {})).join('')}`),
    ).toBe('monitor r1 0 7');
  });

  test('waits for a majority of two nodes, which is both, and of four, which is three.', () => {
    expect(decide('by_nodes 60 m r1', line('m', {}))).toMatch('1 of 2 nodes answer');
    expect(decide('by_nodes 60 m r1 r2 r3', line('m', {}) + line('r1', {}))).toMatch('2 of 4 nodes answer');
    expect(decide('by_nodes 60 m r1 r2 r3', line('m', {}) + line('r1', {}) + line('r2', {}))).toBe('monitor r1 0 7');
  });
});
