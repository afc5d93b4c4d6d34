import { describe, expect, test } from '@jest/globals';
import { runEach, shells, type Call } from '../support/shell';

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
  /** The nodes of the manifest. */
  readonly of?: string;
  /** One that loads its data. */
  readonly loading?: string;
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

const LATE = 'wait no sentinel remembers a master, and 2 of 3 nodes answer; these still load their data: r2';

const MORE: Found[] = [
  { what: 'one of two answers', of: 'm r1', rounds: 60, nodes: { m: {} }, verdict: 'wait no sentinel remembers a master, and 1 of 2 nodes answer' }, // prettier-ignore
  { what: 'two of four answer', of: 'm r1 r2 r3', rounds: 60, nodes: { m: {}, r1: {} }, verdict: 'wait no sentinel remembers a master, and 2 of 4 nodes answer' }, // prettier-ignore
  { what: 'three of four answer', of: 'm r1 r2 r3', rounds: 60, nodes: { m: {}, r1: {}, r2: {} }, verdict: 'monitor r1 0 7' }, // prettier-ignore
  { what: 'one loads for hours', of: 'm r1 r2', rounds: 9999, nodes: { m: {}, r1: {} }, loading: 'r2', verdict: LATE },
  { what: 'one loads while another serves', of: 'm r1 r2', nodes: { m: MASTER }, loading: 'r2', verdict: 'monitor m 0 0' }, // prettier-ignore
  { what: 'one has just loaded', of: 'm r1 r2', rounds: 60, nodes: { m: {}, r1: {}, r2: {} }, loading: 'r2', verdict: 'monitor r1 0 7' }, // prettier-ignore
];

describe.each(shells)('In %s, a sentinel that starts', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');
  const outcomes = (calls: readonly Call[]): string[] =>
    runEach(shell, ['common.sh', 'monitor.sh'], calls, VARIABLES).map((text) => text.trim());

  const ofSentinels = SENTINELS.map(({ own = '', others }): [string, string[]] => {
    const [master = '', epoch = ''] = own.split(' ');
    return [`by_sentinels '${master}' '${epoch}'`, others.map((said, index) => `s${index} ${said} - master\n`)];
  });
  const said = outcomes(ofSentinels.map(([call, answers]) => [call, answers.join('')]));
  const reversed = outcomes(ofSentinels.map(([call, answers]) => [call, ['\n', ...answers.reverse()].join('')]));
  test.each(SENTINELS.map((one, index) => ({ ...one, index })))('asks the others: $what.', ({ verdict, index }) => {
    expect(said[index]).toBe(verdict);
    expect(reversed[index]).toBe(verdict);
  });

  const nodes = [...NODES, ...MORE];
  const ofNodes = nodes.map((one): [string, string[]] => [
    `by_nodes ${one.rounds ?? 0} ${one.of ?? 'm r1 r2'}`,
    [
      ...(one.loading !== undefined ? [`${one.loading} loading\n`] : []),
      ...Object.entries(one.nodes).map(([host, node]) => line(host, node)),
    ],
  ]);
  const found = outcomes(ofNodes.map(([call, answers]) => [call, answers.join('')]));
  const turned = outcomes(ofNodes.map(([call, answers]) => [call, ['\n', ...answers.reverse()].join('')]));
  test.each(nodes.map((one, index) => ({ ...one, index })))('asks the nodes: $what.', ({ verdict, index }) => {
    expect(found[index]).toBe(verdict);
    // Of several masters it says the names in the order of the answers.
    const names = (text = ''): string[] => (text.startsWith('wait more') ? text.split(' ').sort() : [text]);
    expect(names(turned[index])).toEqual(names(verdict));
  });
});
