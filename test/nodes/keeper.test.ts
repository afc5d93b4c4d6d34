import { describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, shells, textOf, withPrograms } from '../support/shell';

const VARIABLES = {
  ...{ POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm r1 r2', SENTINELS: 's1 s2', SELF: 'm' },
  ...{ REDIS_PORT: '6379', SENTINEL_PORT: '26379', MASTER_NAME: 'cache', REPLICA_PRIORITY: '100', AOF: 'yes' },
  ...{ PASSWORDS_DIR: '/nowhere', DEFAULT_USER: 'on' },
};
const [M, R1, R2] = ['m.prod.svc', 'r1.prod.svc', 'r2.prod.svc'] as const;

/** Commands of a keeper whose questions are answered by variables, and which prints whom it tells what. */
const STUBBED = `
asked() { echo "$*" >>"$RUN_DIR/asked"; }
server() { asked "self $*"; printf '%s\\n' "$answer"; }
node_cli() { echo "$*"; }
sentinel_cli() { echo "$*"; }
sleep() { echo "sleep $*"; }
clock() { now=1000250; }
say() { echo "$*"; }
ask_all() { asked "$*"; printf '%s\\n' "$lines"; }
ask_sentinel() { echo "$1 $MASTER 7 - master"; }
majority() {
  answers='' WHY='nobody knows'
  [ "$known" = yes ] || return 1
  answers="s9.prod.svc r9.prod.svc 6 - master\${LINE_BREAK}s2.prod.svc $MASTER 7 going master\${LINE_BREAK}s1.prod.svc $MASTER 7 - master"
}
look() { :; }
answer=OK known=yes lines='' stopping='' run_id=run-m greeted_run=run-m role=slave follows=127.0.0.1 link=down priority=0 keys=5 offset=40 trust=1
MASTER=$SELF EPOCH=7 DOWN=0
`;

describe.each(shells)('In %s, a keeper', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  interface Told {
    /** What it says and tells. */
    readonly lines: string[];
    /** Whom it asked, and what. */
    readonly asked: string[];
    readonly has: (file: string) => boolean;
  }

  /** Runs commands in the place of its loop, with files in its folder. */
  function keeper(commands: string, files: Record<string, string> = {}, variables: Record<string, string> = {}): Told {
    const folder = mkdtempSync(join(tmpdir(), 'keeper-'));
    try {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(join(folder, name, '..'), { recursive: true });
        writeFileSync(join(folder, name), content);
      }
      writeFileSync(join(folder, 'asked'), '');
      const text = textOf('keeper.sh').replace(/\nkeep tick\n$/, '');
      const PATH = withPrograms(join(folder, 'bin'), { 'valkey-cli': 'exit 1' });
      const environment = { ...VARIABLES, PATH, DATA_DIR: folder, RUN_DIR: folder, ...variables };
      const { stdout, stderr, status } = run(
        shell,
        [],
        `${text}\n${STUBBED}\n${commands}\nsed 's/^/asked /' "$RUN_DIR/asked"`,
        environment,
      );
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const all = stdout.split('\n').filter((line) => line !== '');
      const asked = all.filter((line) => line.startsWith('asked ')).map((line) => line.slice(6));
      const left = ['appendonlydir', 'dump.rdb', 'ready'].filter((name) => existsSync(join(folder, name)));
      return {
        lines: all.filter((line) => !line.startsWith('asked ')),
        asked,
        has: (file) => left.includes(file),
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  describe('of a server without a role', () => {
    const decided = (commands: string, data: string, mark = `7 ${M} 40`): Told =>
      keeper(`${commands}\nread_mark\ndecide`, { data: `${data}\n`, mark: `${mark}\n` });
    const line = (host: string, trust: number, offset: number): string =>
      `${host} slave 127.0.0.1 down 0 0 5 ${offset} 7 m - run-${host} ${trust}`;

    test.each([
      ["''", 1],
      ["'s1 m 7 - master,failover_in_progress'", 0],
      ["'s1 r1 8 - promoted'", 0],
    ])('has the sentinels connect to its new server, once, but in no failover: %s', (said, times) => {
      const failover = `majority() { answers=${said}; }; MASTER=${R1}`;
      const { asked } = decided(`${failover}; greeted_run=; read_mark; decide; decide; run_id=run-n`, 'complete');
      const greeting = 'reconnect_to_nodes s1.prod.svc s2.prod.svc';
      expect(asked.filter((what) => what === greeting)).toHaveLength(2 * times);
    });

    test('greets them beside what goes on for ever.', () => {
      const all = 'ask_all() { for host in s1 s2; do asked "$host" & done; wait; }';
      const beside = 'command sleep 60 >/dev/null 2>&1 & beside=$!';
      const { asked } = keeper(`${all}; ${beside}; answers='' greeted_run=; greet; kill "$beside"`);
      expect([...asked].sort()).toEqual(['s1', 's2']);
    });

    test('waits where no majority knows a master, and asks no node.', () => {
      const { lines, asked } = decided('known=no', 'complete');
      expect(lines).toEqual(['waiting: nobody knows']);
      expect(asked).toEqual([]);
    });

    test('lets it follow another, and asks only who has its own name.', () => {
      const { lines, asked } = decided(`MASTER=${R1}`, 'complete');
      expect(lines).toEqual([`following ${R1}: OK`]);
      expect(asked).toEqual([`ask_node ${M}`, `self REPLICAOF ${R1} 6379`]);
    });

    test('lets it follow one that does not answer only after ten seconds.', () => {
      const absent = `MASTER=${R1}; node_cli() { asked "$*"; }`;
      const follows = `${absent}; read_mark; decide`;
      expect(keeper(follows, { data: 'complete\n' })).toMatchObject({
        lines: [`waiting: ${R1} does not answer yet`],
        asked: [`ask_node ${M}`, `${R1} PING`],
      });
      const seconds = (passed: number): string =>
        decided(`${absent}; read_mark; decide; clock() { now=$((1000250 + ${passed})); }`, 'complete').lines.at(-1) ??
        '';
      expect(seconds(9990)).toBe(`waiting: ${R1} does not answer yet`);
      expect(seconds(10_000)).toBe(`following ${R1}: OK`);
    });

    test('leaves it where somebody else gave it a role meanwhile.', () => {
      expect(decided(`MASTER=${R1}; look() { follows=${R2}; }`, 'complete').asked).toEqual([`ask_node ${M}`]);
      expect(decided(`MASTER=${R1}; look() { return 1; }`, 'complete').asked).toEqual([`ask_node ${M}`]);
    });

    test('makes it master where it is named and has all its data, and lets others copy.', () => {
      const { lines, asked } = decided('', 'complete');
      expect(lines).toEqual(['master, because the sentinels name it and its data are complete: OK']);
      expect(asked).toEqual([
        `ask_node ${M} ${R1} ${R2}`,
        'self REPLICAOF NO ONE',
        'self ACL SETUSER replication@prod/cache on',
        'reconnect_to_nodes s1.prod.svc s2.prod.svc',
      ]);
    });

    test.each(['partial', 'none', 'complete once'])('waits for all others where its data are %s.', (data) => {
      const { lines, asked } = decided(`lines='${line(R1, 1, 1)}'`, data);
      expect(lines[0]).toMatch(`and these do not answer and may hold more: ${R2}`);
      expect(asked).toHaveLength(1);
    });

    test('waits for all others where nobody wrote what its data are.', () => {
      expect(keeper('read_mark; decide').lines[0]).toMatch(`may hold more: ${R1} ${R2}`);
    });

    test('hands over to one in sync, at one sentinel, when the view of that is fresh.', () => {
      const { lines, asked } = decided(`lines='${line(R1, 2, 1)}'`, 'partial');
      expect(lines).toEqual([
        'sleep 1.200',
        `${R1} has the data and this node may not: s1.prod.svc fails over: s1.prod.svc SENTINEL FAILOVER cache`,
      ]);
      expect(asked).toHaveLength(1);
    });

    test('raises one that has more, and hands over to it.', () => {
      const both = `lines='${line(R1, 1, 41)}\n${line(R2, 1, 1)}\n'`;
      expect(decided(both, 'partial').lines).toEqual([
        'sleep 1.200',
        `${R1} has the data and this node may not: s1.prod.svc fails over: s1.prod.svc SENTINEL FAILOVER cache`,
      ]);
      expect(decided(`${both}; node_cli() { echo "told $*" >&3; }; exec 3>&1`, 'partial').lines[0]).toBe(
        `told ${R1} CONFIG SET replica-priority 100`,
      );
    });

    test('greets no sentinel that it has just asked to fail over.', () => {
      const twice = 'greeted_run=; read_mark; decide; MASTER=r1.prod.svc';
      expect(decided(`lines='${line(R1, 2, 1)}'; ${twice}`, 'partial').asked).toEqual([
        `ask_node ${M} ${R1} ${R2}`,
        ...[`ask_node ${M}`, `self REPLICAOF ${R1} 6379`], // and then it is not the master
        'reconnect_to_nodes s1.prod.svc s2.prod.svc',
      ]);
    });

    test('hands over to nobody when the sentinels have named another meanwhile.', () => {
      const changed = `lines='${line(R1, 2, 1)}'; sleep() { MASTER=${R1}; }`;
      expect(decided(changed, 'partial').lines).toEqual([]);
    });
  });

  describe('of a server that follows another than the sentinels name', () => {
    const rounds = (count: number, commands: string, mark?: string): string[] =>
      keeper(
        `${commands}\nfor _ in $(seq ${count}); do out_of_step || echo failed; done; echo $disagreed`,
        mark === undefined ? {} : { mark: `${mark}\n` },
      ).lines;
    const REPLICA = `role=slave leader=${R1} MASTER=${R2}`;
    const MASTER = `role=master leader=${M} MASTER=${R2}`;

    test('moves a replica that was not told at once where the new master has no other.', () => {
      const nobody = (replicas: number): string =>
        `ask_node() { echo "$1 master - - ${replicas} - 5 40 7 m - run-r2 2"; }`;
      const missed = `${REPLICA}; ${nobody(0)}`;
      expect(rounds(1, missed, `6 ${R1} 1`)).toEqual([`following ${R2}: OK`, '0']);
      expect(rounds(1, `${REPLICA}; ${nobody(1)}`, `6 ${R1} 1`)).toEqual(['1']);
      expect(rounds(1, `${REPLICA}; ask_node() { :; }`, `6 ${R1} 1`)).toEqual(['1']);
      // It knows of the same, or of a newer one, or was told of its master since it wrote its mark.
      for (const mark of [`7 ${R1} 1`, `8 ${R1} 1`, `6 ${R2} 1`, `6 ${M} 1`, '6 elsewhere 1', undefined])
        expect(rounds(1, missed, mark)).toEqual(['1']);
    });

    test('moves a replica after four rounds, and counts anew.', () => {
      expect(rounds(3, REPLICA, `1 ${M} 1`)).toEqual(['3']);
      expect(rounds(4, REPLICA, `1 ${M} 1`)).toEqual([`following ${R2}: OK`, '0']);
      expect(rounds(7, REPLICA, `1 ${M} 1`)).toEqual([`following ${R2}: OK`, '3']);
    });

    test('counts anew where it agrees in between.', () => {
      expect(rounds(1, `${REPLICA} disagreed=3; leader=${R2} out_of_step; leader=${R1}`)).toEqual(['1']);
    });

    test('closes a master that was deposed at once, by what is on its volume.', () => {
      expect(rounds(1, MASTER, `6 ${M} 1`)).toEqual([`following ${R2}: OK`, '0']);
    });

    test.each([`7 ${M} 1`, `8 ${M} 1`, '6 elsewhere 1', undefined])('waits where its mark is %j.', (mark) => {
      expect(rounds(1, MASTER, mark)).toEqual(['1']);
      expect(rounds(4, MASTER, mark)).toEqual([`following ${R2}: OK`, '0']);
    });

    test('leaves one that is named itself to the sentinels.', () => {
      expect(rounds(4, `role=slave leader=${R1} MASTER=${M}`)).toEqual(['0']);
    });
  });

  describe('of a replica whose master is gone', () => {
    const STRANDED = `MASTER=${R1} DOWN=2`;
    const R2_HAS = (offset: number): string => `lines='${R2} slave ${R1} down 0 0 5 ${offset} 7 ${R1} - run-r2 1'`;
    const after = (seconds: number, commands: string, mark = `7 ${R1} 1`): Told =>
      keeper(`${STRANDED} alone=${1_000_250 - seconds * 1000}\n${commands}\nlast_resort; echo "alone $alone"`, {
        mark: `${mark}\n`,
      });
    const OFFERED = `${R1} is gone and no other node has more: offering this one`;

    test('offers it after a minute in which nobody could be chosen.', () => {
      expect(after(60, R2_HAS(40))).toMatchObject({
        lines: [OFFERED, 'alone 940250'],
        asked: [`ask_node ${R1} ${R2}`, 'self CONFIG SET replica-priority 100'],
      });
      expect(after(59, R2_HAS(40))).toMatchObject({ lines: ['alone 941250'], asked: [] });
    });

    test('begins to count when it sees that.', () => {
      expect(after(60, `alone=0; ${R2_HAS(40)}`)).toMatchObject({ lines: ['alone 1000250'], asked: [] });
    });

    test.each(['DOWN=0', 'priority=100', 'keys=0'])('forgets what it counted where %s.', (change) => {
      expect(after(60, `${R2_HAS(40)} ${change}`)).toMatchObject({ lines: ['alone 0'], asked: [] });
    });

    test('leaves it to one that has more.', () => {
      expect(after(60, R2_HAS(41)).lines).toEqual(['alone 940250']);
    });

    test('knows from the volume when it was in sync.', () => {
      expect(after(60, `unset mark_epoch; ${R2_HAS(41)}`, `8 ${R1} 1`).lines[0]).toBe(OFFERED);
    });

    test('waits for one that does not answer.', () => {
      const why = `waiting: ${R1} is gone, and ${R2} does not answer and may hold more`;
      expect(after(60, '').lines).toEqual([why, 'alone 940250']);
    });
  });

  describe('of a server that is in sync for the first time', () => {
    const FOLDER = { 'appendonlydir/appendonly.aof.manifest': 'x' };
    const WRITTEN = 'aof_enabled:1\naof_rewrite_in_progress:0\naof_rewrite_scheduled:0';
    interface How {
      readonly aof?: string;
      readonly files?: Record<string, string>;
      readonly times?: number;
      readonly then?: string;
    }
    interface Settled extends Told {
      readonly settled: boolean;
    }
    /** Answers by question, those of another server; what is not in it is answered by OK. */
    const settled = (
      answers: Record<string, string>,
      { aof = 'yes', files, times = 1, then = '' }: How = {},
    ): Settled => {
      const all = { 'CONFIG GET appendonly': `appendonly\n${aof}`, 'INFO persistence': WRITTEN, ...answers };
      const cases = Object.entries(all).map(([question, answer]) => `'${question}') printf '%s\n' '${answer}' ;;`);
      const server = `server() { asked "self $*"; case $* in ${cases.join('\n')} *) echo OK ;; esac; }`;
      const rounds = `for _ in $(seq ${times}); do settle || :; done`;
      const told = keeper(`${server}\nleader=${R1}\n${rounds}\n${then}\necho "settled $settled_run"`, files, {
        AOF: aof,
      });
      return { ...told, settled: told.lines.at(-1) === 'settled run-m' };
    };
    const SNAPSHOTS = { 'CONFIG GET appendonly': 'appendonly\nyes', 'CONFIG GET save': 'save\n3600 1' };
    const ASKED = { ...SNAPSHOTS, LASTSAVE: '100', BGSAVE: 'Background saving started' };
    const OFF = 'self CONFIG SET appendonly no';

    const CHOSEN = 'self CONFIG SET replica-priority 100';

    test('lets it be chosen, when all that it has is on its disk.', () => {
      const { asked, lines, settled: done } = settled({});
      expect(asked).toEqual(['self CONFIG GET appendonly', 'self INFO persistence', CHOSEN]);
      expect(lines).toEqual([`in sync: replica of ${R1}`, 'settled run-m']);
      expect(done).toBe(true);
    });

    test('says which role it has.', () => {
      expect(settled({}, { then: 'role=master; settle' }).lines).toContain('in sync: master');
    });

    test.each(['CONFIG SET replica-priority 100', 'CONFIG GET appendonly', 'INFO persistence'])(
      'tells it again where %s got no answer.',
      (question) => {
        const again = settled({ [question]: '' });
        expect(again.settled).toBe(false);
        expect(again.lines).toEqual(['settled ']);
        expect(again.asked.includes(CHOSEN)).toBe(question.startsWith('CONFIG SET'));
      },
    );

    test.each([
      ['is being written', 'aof_rewrite_in_progress:1\naof_rewrite_scheduled:0'],
      ['is written next', 'aof_rewrite_in_progress:0\naof_rewrite_scheduled:1'],
      ['is written, and once more', 'aof_rewrite_in_progress:1\naof_rewrite_scheduled:1'],
    ])('waits while the append-only file %s.', (_, info) => {
      const waits = settled({ 'INFO persistence': info });
      expect(waits.asked).not.toContain(CHOSEN);
      expect(waits.settled).toBe(false);
      const begun = settled({ 'CONFIG GET appendonly': 'appendonly\nno', 'INFO persistence': info });
      expect(begun.asked).toContain('self CONFIG SET appendonly yes');
      expect(begun.asked).not.toContain(CHOSEN);
      expect(settled({ 'INFO persistence': info }, { aof: 'no' }).settled).toBe(true);
    });

    test('begins an append-only file where there is to be one, and keeps its folder.', () => {
      const begun = settled(
        { 'CONFIG GET appendonly': 'appendonly\nno', 'CONFIG GET save': 'save\n' },
        { files: { ...FOLDER, 'dump.rdb': 'x' } },
      );
      expect(begun.asked).toEqual([
        ...['self CONFIG GET appendonly', 'self CONFIG GET save', 'self CONFIG SET appendonly yes'],
        ...['self INFO persistence', CHOSEN],
      ]);
      expect(begun.lines[0]).toBe('persistence changes to appendonly yes');
      expect(begun.has('appendonlydir')).toBe(true);
      expect(begun.settled).toBe(true);
      expect(settled({ 'CONFIG GET appendonly': 'appendonly\nno', 'CONFIG SET appendonly yes': '' }).settled).toBe(
        false,
      );
    });

    test.each([
      ['goes where no snapshots are wanted', 'save\n', FOLDER, false],
      ['stays where some are', 'save\n3600 1', FOLDER, true],
      ['stays where that got no answer', '', FOLDER, true],
      ['stays where there is no append-only file yet', 'save\n', {}, true],
      ['stays where that has no manifest', 'save\n', { 'appendonlydir/appendonly.aof.1.base.rdb': 'x' }, true],
      ['stays where its manifest is empty', 'save\n', { 'appendonlydir/appendonly.aof.manifest': '' }, true],
    ])('that began with its snapshot, before it begins an append-only file anew: this %s.', (_, save, files, stays) => {
      const answers = { 'CONFIG GET appendonly': 'appendonly\nno', 'CONFIG GET save': save };
      const begun = settled(answers, { files: { ...files, 'dump.rdb': 'x' } });
      expect(begun.has('dump.rdb')).toBe(stays);
      expect(begun.settled).toBe(true);
    });

    test('ends a snapshot that is left beside its append-only file, when that is written.', () => {
      const files = { ...FOLDER, 'dump.rdb': 'x' };
      const left = (answers: Record<string, string>): boolean => settled(answers, { files }).has('dump.rdb');
      expect(left({ 'CONFIG GET save': 'save\n' })).toBe(false);
      expect(left({ 'CONFIG GET save': 'save\n3600 1' })).toBe(true);
      // After a full copy it is all that there is on the volume, until then.
      expect(left({ 'CONFIG GET save': 'save\n', 'INFO persistence': 'aof_rewrite_in_progress:1' })).toBe(true);
    });

    test('writes its mark and says that it is in sync only then.', () => {
      const sync = 'MASTER=$leader; in_sync; cat "$DATA_DIR/mark" 2>/dev/null || echo "no mark"';
      const early = settled({}, { times: 0, then: `settle() { return 1; }; ${sync}` });
      expect(early.lines.slice(0, 2)).toEqual(['waiting: what is in memory is not on the volume yet', 'no mark']);
      expect(early.has('ready')).toBe(false);
      const late = settled({}, { times: 0, then: sync });
      expect(late.lines).toEqual([`in sync: replica of ${R1}`, `7 ${R1} 40`, 'settled run-m']);
      expect(late.has('ready')).toBe(true);
      // Nor with another master than the sentinels name, which is in sync all the same.
      const other = settled({}, { times: 0, then: sync.replace('$leader', R2) });
      expect(other.lines).toEqual(['no mark', 'settled ']);
      expect(other.has('ready')).toBe(true);
    });

    test('ends an append-only file at once where nothing is to be on disk.', () => {
      const ended = settled(
        { 'CONFIG GET appendonly': 'appendonly\nyes', 'CONFIG GET save': 'save\n' },
        { aof: 'no', files: FOLDER },
      );
      expect(ended.asked).toContain(OFF);
      expect(ended.has('appendonlydir')).toBe(false);
      expect(ended.settled).toBe(true);
    });

    test('asks for a snapshot first where there are to be some, and ends the append-only file when it is there.', () => {
      const first = settled(ASKED, { aof: 'no', files: FOLDER, times: 3 });
      expect(first.asked.filter((question) => question === 'self BGSAVE')).toHaveLength(1);
      expect(first.asked).not.toContain(OFF);
      expect(first.has('appendonlydir')).toBe(true);
      expect(first.settled).toBe(false);
      const then =
        "server() { asked \"self $*\"; case $* in 'CONFIG GET save') printf 'save\\n60 1\\n' ;; 'CONFIG GET appendonly') printf 'appendonly\\nyes\\n' ;; LASTSAVE) echo 101 ;; *) echo OK ;; esac; }; settle || :";
      const second = settled(ASKED, { aof: 'no', files: FOLDER, then });
      expect(second.asked).toContain(OFF);
      expect(second.has('appendonlydir')).toBe(false);
      expect(second.settled).toBe(true);
      // A server that starts anew calls its start its last save.
      const anew = settled(ASKED, { aof: 'no', files: FOLDER, then: `run_id=run-2; ${then}` });
      expect(anew.asked).not.toContain(OFF);
      expect(anew.has('appendonlydir')).toBe(true);
    });

    test.each([
      ['the save points', { 'CONFIG GET save': '' }, 0],
      ['the last snapshot', { LASTSAVE: '' }, 0],
      ['a new snapshot', { BGSAVE: '' }, 2],
      ['a new snapshot but a refusal', { BGSAVE: 'ERR Background save already in progress' }, 2],
    ])('keeps the append-only file where it got no answer about %s.', (_, answers, asked) => {
      const kept = settled({ ...ASKED, ...answers }, { aof: 'no', files: FOLDER, times: 2 });
      expect(kept.asked.filter((question) => question === 'self BGSAVE')).toHaveLength(asked);
      expect(kept.asked).not.toContain(OFF);
      expect(kept.has('appendonlydir')).toBe(true);
      expect(kept.settled).toBe(false);
    });

    test('keeps the append-only file where the server does not end it.', () => {
      const kept = settled(
        { 'CONFIG GET appendonly': 'appendonly\nyes', 'CONFIG GET save': 'save', 'CONFIG SET appendonly no': '' },
        { aof: 'no', files: FOLDER },
      );
      expect(kept.has('appendonlydir')).toBe(true);
      expect(kept.settled).toBe(false);
    });
  });

  /** What a real server says with INFO replication. */
  const info = (said: Record<string, string>, offset = '40'): string =>
    [
      '# Replication',
      ...Object.entries({
        role: 'slave',
        master_host: R1,
        ...said,
        slave_repl_offset: '1',
        master_repl_offset: offset,
      }),
      ...['second_repl_offset:-1', 'repl_backlog_active:1', ''],
    ]
      .map((line) => `${typeof line === 'string' ? line : line.join(':')}\r\n`)
      .join('');
  const FOLLOWS = `role=slave follows=${R1} link=up priority=100 offset=40`;

  describe('that reads what its server says', () => {
    const READ = `${FOLLOWS}; exec 4<"$RUN_DIR/answers"; said() { if read_answer; then echo "$offset $news"; else echo end; fi; }`;
    const SAME = { master_host: R1, master_link_status: 'up', slave_priority: '100' };
    const reads = (answers: string, commands = 'said'): string[] => keeper(`${READ}; ${commands}`, { answers }).lines;

    test('has no news where it says the same.', () => {
      expect(reads(info(SAME))).toEqual(['40 ']);
      const master = 'role=master follows=- link=- priority=-';
      expect(keeper(`${READ}; ${master}; said`, { answers: '# Replication\r\nrole:master\r\nconnected_slaves:2\r\nmaster_repl_offset:40\r\n' }).lines).toEqual(['40 ']); // prettier-ignore
    });

    test.each<[what: string, said: Record<string, string>]>([
      ['another role', { role: 'master' }],
      ['another master', { master_host: R2 }],
      ['no connection', { master_link_status: 'down' }],
      ['another priority', { slave_priority: '10' }],
      ['that it may not be chosen', { slave_priority: '0' }],
    ])('has news where it says: %s.', (_, said) => {
      expect(reads(info({ ...SAME, ...said }))).toEqual(['40 yes']);
    });

    test('has news only of the last answer, knows the highest offset, and when it says no more.', () => {
      const answers = [
        ...[info({ ...SAME, slave_priority: '0' }), info(SAME, '100'), info(SAME, '99'), info(SAME, '9')],
        '# Replication\r\nrole:slave\r\n',
      ];
      expect(reads(answers.join(''), 'said; said; said; said; said')).toEqual([
        '40 yes',
        '100 ',
        '100 ',
        '100 ',
        'end',
      ]);
    });
  });

  test('asks one sentinel after another.', () => {
    const next = (...words: string[]): string => `next_of ${words.map((word) => `'${word}'`).join(' ')}`;
    const asked = [
      next('', 'a', 'b', 'c'),
      next('a', 'a', 'b', 'c'),
      next('b', 'a', 'b', 'c'),
      next('c', 'a', 'b', 'c'),
      next('x', 'a', 'b', 'c'),
      next('a', 'a'),
      next('', 'a'),
      next('a', 'aa', 'a', 'b'),
    ];
    expect(keeper(asked.join('\n')).lines).toEqual(['a', 'b', 'c', 'a', 'a', 'a', 'a', 'b']);
  });

  test.each([
    ['that there is a newer master', 6, `10.0.0.1,26379,f00,9,cache,${R1},6379,7`, true],
    ['the first time', -1, `10.0.0.1,26379,f00,0,cache,${R1},6379,0`, true],
    ['what it knew', 7, `10.0.0.1,26379,f00,9,cache,${R1},6379,7`, false],
    ['of an older one', 8, `10.0.0.1,26379,f00,9,cache,${R1},6379,7`, false],
    ['something else', 6, '__sentinel__:hello', false],
    ['less than all', 6, `10.0.0.1,26379,f00,9,cache,${R1},7`, false],
    ['what nobody understands', 6, '1,2,3,4,5,6,7,x8', false],
  ])('hears from a sentinel %s.', (_, epoch, said, switched) => {
    const hears = `last_epoch=${epoch}; echo '${said}' >"$RUN_DIR/heard"; hear_of_masters <"$RUN_DIR/heard" 2>/dev/null`;
    const { lines } = keeper(`${hears}; ! [ -e "$RUN_DIR/switched" ] || echo switched; echo "$last_epoch"`);
    expect(lines).toEqual(switched ? ['switched', said.replace(/.*,/, '')] : [String(epoch)]);
  });

  /** What each sentinel says of the master r1, of epoch 7. */
  const OTHER_ANSWERS: [what: string, answer: string][] = [
    ['names another', `${R2} 7 - master`],
    ['knows a newer epoch', `${R1} 8 - master`],
    ['knows an older epoch', `${R1} 6 - master`],
    ['misses the master', `${R1} 7 - master,s_down`],
    ['holds it for dead', `${R1} 7 - master,s_down,o_down`],
    ['fails over', `${R1} 7 - master,failover_in_progress`],
    ['does not answer', ''],
  ];
  const SAME_ANSWER = `${R1} 7 - master`;

  test.each([['says the same', SAME_ANSWER], ['stops', `${R1} 7 stopping master`], ...OTHER_ANSWERS])(
    'knows whether all is still so by a sentinel that %s.',
    (what, answer) => {
      const says = `ask_sentinel() { ${answer === '' ? ':' : `echo "$1 ${answer}"`}; }`;
      const call = `${says}; MASTER=${R1} sentinel=s1.prod.svc; still_so && echo yes || echo no; echo $sentinel`;
      const same = what === 'says the same' || what === 'stops';
      expect(keeper(call).lines).toEqual([same ? 'yes' : 'no', 's2.prod.svc']);
    },
  );

  describe('in each second', () => {
    /** In sync with r1, which all name; it has asked them all, and nothing changed since. */
    const AT_REST = `
      listen() { :; }
      look() { asked look; }
      majority() { asked majority; [ "$known" = yes ]; }
      ask_sentinel() { asked "$1"; [ -z "$says" ] || echo "$1 $says"; }
      settle() { return 1; }
      says='${SAME_ANSWER}' ${FOLLOWS} MASTER=${R1} old_mark='7 ${R1}'
      settled_run=run-m admitted_run=run-m listening=1 resting=yes
    `;
    /** What it asks in each of so many. */
    const seconds = (count: number, commands = '', each = ':'): string[] => {
      const { asked } = keeper(`${AT_REST}\n${commands}\nfor n in $(seq ${count}); do tick; asked end; ${each}; done`);
      return asked.join(' ').split(/ ?end ?/).slice(0, -1); // prettier-ignore
    };
    const [S1, S2] = ['s1.prod.svc', 's2.prod.svc'];
    const NOTHING = Array<string>(14).fill('');

    test('asks nothing at rest but in the fifteenth one sentinel, and the next one the next time.', () => {
      expect(seconds(46)).toEqual([...NOTHING, S1, ...NOTHING, S2, ...NOTHING, S1, '']);
    });

    test('asks all at once when a sentinel has said that there is another master, and until a majority has answered.', () => {
      const switched = ': >"$RUN_DIR/switched"';
      expect(seconds(2, switched, 'news=')).toEqual(['look majority', '']);
      expect(seconds(2, `${switched}; known=no`, 'known=yes news=')).toEqual(['look majority', 'look majority']);
    });

    test('looks in the fifth for passwords, users and certificates.', () => {
      const looks = ['passwords', 'users', 'certificate']
        .map((what) => `follow_${what}() { asked ${what}; }`)
        .join('; ');
      expect(seconds(6, looks)).toEqual(['', '', '', '', 'passwords users certificate', '']);
    });

    test('keeps its mark at rest.', () => {
      const { lines } = keeper(`${AT_REST}\nfor offset in 41 42; do tick; cat "$DATA_DIR/offset"; done`);
      expect(lines).toEqual(['7 41', '7 42']);
    });

    test.each(OTHER_ANSWERS)('asks all where one sentinel %s, and rests when they say the same.', (_, answer) => {
      expect(seconds(16, `says='${answer}'`)).toEqual([...NOTHING, `${S1} look majority`, '']);
      // Until a majority has answered.
      expect(seconds(17, `says='${answer}' known=no`).slice(14)).toEqual([
        `${S1} look majority`,
        'look majority',
        'look majority',
      ]);
    });

    test('looks when its server has news, and rests when a majority has said that all is as it was.', () => {
      expect(seconds(6, 'news=yes', 'news=')).toEqual(['look', 'look', 'look', 'look', 'look majority', '']);
      expect(seconds(2, 'resting=')).toEqual(['look', 'look']);
    });

    test.each([
      ['it is not settled', 'settled_run=run-1'],
      ['nobody may copy from it', 'admitted_run=run-1 answer='],
      ['somebody holds its master for dead', 'DOWN=1'],
      ['its mark can not be written', 'remember() { return 1; }'],
      ['its server follows another', `follows=${R2}; out_of_step() { :; }`],
      ['a majority is not known', 'known=no'],
    ])('does not rest where %s.', (_, commands) => {
      const asked = seconds(12, `${commands}\nresting=`);
      expect(asked.filter((what) => what.includes('look'))).toHaveLength(12);
      expect(asked.some((what) => what.includes('majority'))).toBe(true);
    });

    test('does not rest while the pod stops, and asks all each second.', () => {
      const flag = '! [ -e "$RUN_DIR/resting" ] || asked rests';
      expect(seconds(3, 'stopping=yes', flag)).toEqual(['look majority', 'look majority', 'look majority']);
    });

    test('is not ready where its server does not answer, has no role, or is not connected.', () => {
      const after = (commands: string): Told => keeper(`${AT_REST}\nresting=; ${commands}\ntick`, { ready: '' });
      expect(after('').has('ready')).toBe(true);
      expect(after('look() { return 1; }; replace_crashed() { asked replace; }').asked).toEqual(['replace']);
      for (const commands of ['look() { return 1; }', 'follows=127.0.0.1; decide() { :; }', 'link=down'])
        expect(after(commands).has('ready')).toBe(false);
      expect(after('role=master link=- follows=-').has('ready')).toBe(true);
    });

    test('is in sync anew when it was without its master, for it may have copied everything.', () => {
      // What it has is not on its disk yet: neither is it ready, nor does it write a mark.
      const copied = 'persisted_run=run-m news=yes link=down; tick; link=up; tick; cat "$DATA_DIR/mark"';
      const during = keeper(`${AT_REST}\nold_mark=''; ${copied}`, { ready: '', mark: 'as it was\n' });
      expect(during.has('ready')).toBe(false);
      expect(during.lines).toEqual(['waiting: what is in memory is not on the volume yet', 'as it was']);
      const settles = 'settle() { asked settle; settled_run=$run_id; }';
      const rests = keeper(`${AT_REST}\n${settles}; news=yes link=down; tick; link=up; tick; tick`);
      expect(rests.asked.filter((what) => what === 'settle')).toHaveLength(1);
      expect(rests.has('ready')).toBe(true);
    });
  });

  describe('of a cluster that follows a source', () => {
    const SOURCE = { SOURCE_HOST: 'old.svc', SOURCE_PORT: '7000', SOURCE_USER: 'copier' };
    /** Nobody knows a master; what it tells its server is written down. */
    const ALONE = `
      server() {
        if [ $# -gt 0 ]; then asked "self $*"; else while read -r told; do asked "$told"; done; fi
        printf '%s\\n' "$answer"
      }
      ask_all() { asked "$*"; [ -z "$lines" ] || printf '%s\\n' "$lines"; }
      source_problem() { [ -z "$problem" ] || echo "$problem"; }
      known=no answers='' problem=''
    `;
    const decided = (commands = '', files: Record<string, string> = {}, variables: Record<string, string> = {}): Told =>
      keeper(`${ALONE}\n${commands}\nread_mark\ndecide`, files, { ...SOURCE, ...variables });
    const FOLLOWS_SOURCE = [
      ...['CONFIG SET min-replicas-to-write 1000000', 'CONFIG SET masteruser "copier"', 'CONFIG SET masterauth ""'],
      'REPLICAOF old.svc 7000',
    ];

    test('follows it as the first node, and takes no writes before it is told to.', () => {
      const { lines, asked } = decided();
      expect(lines).toEqual(['following old.svc:7000, until this cluster is cut over: OK']);
      expect(asked).toEqual([`ask_node ${R1} ${R2}`, 'self CONFIG GET min-replicas-to-write', ...FOLLOWS_SOURCE]);
    });

    test('follows the first node as another.', () => {
      const { lines, asked } = decided('', {}, { SELF: 'r1' });
      expect(lines).toEqual([`following ${M}: OK`]);
      expect(asked).toEqual([`ask_node ${M} ${R2}`, `self REPLICAOF ${M} 6379`]);
    });

    test('speaks to it in clear where it does, whatever members speak.', () => {
      const TLS = { TLS_CLIENTS: 'no', TLS_DIR: '/nowhere' };
      expect(decided('', {}, TLS).asked).toContain('CONFIG SET tls-replication no');
      expect(decided('', {}, { ...TLS, SOURCE_TLS: 'yes' }).asked).toContain('CONFIG SET tls-replication yes');
    });

    test.each([
      ['a sentinel knows a master', `majority() { answers='s1 ${M} 0 - master' WHY='nobody knows'; return 1; }`, {}],
      ['another node is master', `lines='${R1} master - - 1 100 5 40 0 - - run 2'`, {}],
      ['another was in sync with one', `lines='${R1} slave 127.0.0.1 down 0 0 5 40 0 ${M} - run 1'`, {}],
      ['it was so itself', '', { mark: `0 ${M} 40\n` }],
    ])('follows it no longer where %s.', (_, commands, files) => {
      const { lines, asked } = decided(commands, files);
      expect(lines).toEqual(['waiting: nobody knows']);
      expect(asked.filter((what) => what.startsWith('REPLICAOF'))).toEqual([]);
    });

    test('says what is wrong with it, and does not follow.', () => {
      const { lines, asked } = decided("problem='is a replica'");
      expect(lines).toEqual(['waiting: the source, old.svc:7000, is a replica']);
      expect(asked).toEqual([`ask_node ${R1} ${R2}`]);
    });

    test('has what it copies on its disk, and may be chosen by nobody.', () => {
      const copied = `awaiting=yes role=slave follows=old.svc link=up leader=old.svc MASTER=`;
      const { asked, has } = keeper(`${ALONE}\n${copied}\npersist() { asked persist; }\nin_sync`, {}, SOURCE);
      expect(asked).toEqual(['persist']);
      expect(has('ready')).toBe(true);
    });

    test('takes writes when the sentinels name it and its mark is on disk, and not before.', () => {
      const master = `role=master leader=$SELF settled_run=run-m`;
      const opened = (commands: string): Told =>
        keeper(`${ALONE}\n${master}\n${commands}\nin_sync\nls "$RUN_DIR"`, { source: '1\n' }, SOURCE);
      const { lines, asked } = opened('remember() { asked mark; }');
      expect(asked).toEqual([
        ...['mark', 'CONFIG SET min-replicas-to-write 1', 'CONFIG SET masteruser "replication@prod/cache"'],
        'CONFIG SET masterauth "none"',
      ]);
      expect(lines).toContain('the source is followed no longer');
      expect(lines).not.toContain('source');
      const still = opened('remember() { return 1; }');
      expect(still.asked).toEqual([]);
      expect(still.lines).toContain('source');
    });

    test('leaves it before it follows a member.', () => {
      const { asked } = keeper(`${ALONE}\nfollow ${R1}`, { source: '2\n' }, SOURCE);
      expect(asked[0]).toBe('CONFIG SET min-replicas-to-write 2');
      expect(asked.at(-1)).toBe(`self REPLICAOF ${R1} 6379`);
    });

    test.each([
      ['what is wrong with it', "problem='is gone'", ['waiting: the source, old.svc:7000, is gone'], []],
      [
        'that it is there',
        'follows=old.svc',
        [
          'waiting: the source, old.svc:7000, is there, and this server does not copy from it yet: its own log says why',
        ],
        [],
      ],
      ['nothing, and follows another master', 'follows=older.svc', [], ['self REPLICAOF old.svc 7000']],
    ])('without a connection says %s.', (_, commands, lines, asked) => {
      const told = keeper(`${ALONE}\nrole=slave ${commands}\nlook_at_source`, { source: '1\n' }, SOURCE);
      expect(told).toMatchObject({ lines, asked });
      expect(keeper(`${ALONE}\nrole=slave ${commands}\nlook_at_source`, {}, SOURCE)).toMatchObject({
        lines: [],
        asked: [],
      });
    });
  });

  describe('of a server that is gone', () => {
    test('hears of it at once, and asks no more.', () => {
      const hears =
        'command sleep 60 & asks=$!; hear_until_the_end "$asks"; { wait "$asks"; } 2>/dev/null || echo asks no more';
      expect(keeper(hears).lines).toEqual(['asks no more']);
    });

    // It is 250 ms since its end.
    const GONE = `role=master ended_at=1000000 silence=absent; du() { printf "%s\\t%s\\n" "\${kib:-40000}" "$2"; }
      why_silent() { echo "$silence"; }`;
    const gone = (commands = '', aof = 'yes'): string[] =>
      keeper(`${GONE}\n${commands}\nreplace_crashed`, {}, { AOF: aof, DOWN_AFTER_MILLISECONDS: '5000' }).lines;
    const REPLACED = [
      'sleep 1.200',
      'this server is gone, and another is master sooner than it is back: s1.prod.svc fails over: s1.prod.svc SENTINEL FAILOVER cache',
    ];

    test('has it replaced at once where it would be long on its way back, by one sentinel.', () => {
      expect(gone()).toEqual(REPLACED);
      expect(gone('kib=4', 'no')).toEqual(REPLACED);
      expect(gone('silence=loading')).toEqual(REPLACED); // it is back already, and has all to read
    });

    test('turns clients away from one that loads while another is master, until nobody comes any more.', () => {
      const asked = (commands: string): string[] =>
        keeper(
          `${GONE}\nsilence=loading ${commands}\nfor _ in 1 2 3 4 5; do replace_crashed; done`,
          {},
          {
            DOWN_AFTER_MILLISECONDS: '5000',
          },
        ).asked;
      expect(asked(`role=slave MASTER=${R1}`)).toEqual(Array.from({ length: 3 }, () => 'self CLIENT KILL TYPE normal'));
      for (const commands of [
        'role=slave',
        `MASTER=${R1} known=no`,
        `MASTER=${R1} silence=absent`,
        `MASTER=${R1} stopping=yes`,
      ])
        expect(asked(commands)).toEqual([]);
    });

    test.each([
      ['was a replica', 'role=slave'],
      ['was deposed', `MASTER=${R1}`],
      ['is at a long command', 'silence=slow'],
      ['is another one', 'silence=stranger'],
      ['is soon back', 'kib=4'],
      ['is missed already', 'ended_at=997949'],
      ['was told to stop', 'stopping=yes'],
      ['was replaced meanwhile', `sleep() { MASTER=${R1}; }`],
      ['is named by no majority then', 'sleep() { known=no; }'],
      ['is being replaced already', "sleep() { majority() { answers=' promoted'; }; }"],
    ])('leaves it where that %s.', (_, commands) => {
      expect(gone(commands)).toEqual([]);
    });

    test('has it replaced as long as nobody misses it.', () => {
      expect(gone('ended_at=997950')).toEqual(REPLACED);
    });
  });

  describe('that writes its mark', () => {
    const MARK = 'cat "$DATA_DIR/mark" "$DATA_DIR/offset" 2>/dev/null || echo no offset';
    const COUNTED = 'write_durably() { echo durably; cat >"$1"; }';
    const SHOWN = `server() {
      if [ $# = 0 ]; then while read -r told; do asked "$told"; done; else printf 'default\\nmark:6:m\\n'; fi
    }`;
    const writes = (commands: string): Told => keeper(`${COUNTED}\n${SHOWN}\nMASTER=${R1}\n${commands}`);

    test('writes it durably where it is new, and each second only how far it came.', () => {
      expect(writes(`remember; ${MARK}; offset=41; remember; offset=42; remember; ${MARK}`).lines).toEqual([
        ...['durably', `7 ${R1} 40`, 'no offset'],
        ...[`7 ${R1} 40`, '7 42'],
      ]);
    });

    test.each([
      ['epoch', 'EPOCH=8', `8 ${R1} 42`],
      ['master', `MASTER=${R2}`, `7 ${R2} 42`],
    ])('writes it anew with another %s, and shows it.', (_, change, mark) => {
      const { lines, asked } = writes(`remember; offset=42; ${change}; remember; cat "$DATA_DIR/mark"`);
      expect(lines).toEqual(['durably', 'durably', mark]);
      expect(asked).toEqual([
        ...['ACL DELUSER mark:6:m', `ACL SETUSER mark:7:${R1} off`],
        ...['ACL DELUSER mark:6:m', `ACL SETUSER mark:${mark.split(' ', 2).join(':')} off`],
      ]);
    });

    test('fails where it can not be written, and tries again.', () => {
      const full = 'write_durably() { cat >/dev/null; return 1; }';
      const { lines, asked } = writes(`${full}; remember || echo failed; ${COUNTED}; remember && echo written`);
      expect(lines).toEqual(['failed', 'durably', 'written']);
      expect(asked).toHaveLength(2); // nothing was shown that is not there
    });

    test('fails where it can not write how far it came.', () => {
      const full = 'ln -s /dev/full "$DATA_DIR/offset"';
      expect(writes(`remember; ${full}; remember && echo written || echo failed`).lines).toEqual(['durably', 'failed']);
    });
  });
});
