import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { functionOf, run, runEach, shells, withPrograms, type Call } from '../support/shell';

const VARIABLES = {
  POD_NAMESPACE: 'prod',
  CLUSTER: 'cache',
  SELF: 'cache-master',
  NODES: 'cache-master cache-replica-1',
  SENTINELS: 'cache-sentinel-1',
};

/** Tables of calls of functions that stand in scripts which do more. */
function table(shell: string[], sourced: string[], functions: string[], calls: Record<string, [Call, string]>): void {
  const names = Object.keys(calls);
  const all = Object.values(calls).map(([[command, input = '']]): Call => [[...functions, command].join('\n'), input]);
  const answers = runEach(shell, sourced, all, VARIABLES);
  const read = names.map((name, index) => [name, answers[index]?.trim()]);
  expect(read).toEqual(Object.entries(calls).map(([name, [, wanted]]) => [name, wanted]));
}

const node = (
  host: string,
  more: Partial<Record<'role' | 'follows' | 'link' | 'offset' | 'leaving' | 'trust', string>>,
) => {
  const { role = 'slave', follows = 'm', link = 'up', offset = '5', leaving = '-', trust = '2' } = more;
  return `${host} ${role} ${follows} ${link} 0 100 7 ${offset} 3 m ${leaving} run ${trust}\n`;
};

describe.each(shells)('In %s', (...shell) => {
  test('a backup is taken of the replica that has the most, and only of one that is in sync and stays.', () => {
    const source = functionOf('backup-dump.sh', 'source_of');
    const of = (...lines: string[]): Call => ['source_of m', lines.join('')];
    table(shell, ['common.sh'], [source], {
      most: [of(node('a', { offset: '5' }), node('b', { offset: '9' }), node('c', { offset: '8' })), 'b'],
      master: [of(node('a', { role: 'master', follows: '-', link: '-' })), ''],
      another: [of(node('a', { follows: 'n' })), ''],
      link: [of(node('a', { link: 'down' })), ''],
      stopping: [of(node('a', { leaving: 'stopping' }), node('b', { offset: '1' })), 'b'],
      never: [of(node('a', { trust: '1' })), ''],
      nobody: [of(), ''],
    });
  });

  test('keys are counted in all databases, and the fullest is looked at.', () => {
    const info = (text: string): Call => ['sum_of_info', text];
    table(shell, ['look-at-data.sh'], [], {
      several: [
        info('role:slave\nslave_repl_offset:9\nmaster_repl_offset:7\ndb0:keys=2,expires=0\ndb3:keys=40,expires=1\n'),
        'slave 42 9 3',
      ],
      empty: [info('role:slave\nmaster_repl_offset:7\n'), 'slave 0 7 0'],
      other: [info('role:master\ndb_something:1\n'), 'master 0 0 0'],
      silent: [info(''), ''],
    });
  });

  test('a key is compared where it stays, is small, and is there.', () => {
    const stay = (text: string): Call => ['that_stay', text];
    table(shell, ['look-at-data.sh'], [], {
      stays: [stay('string -1 56 "a b"\n'), 'string "a b"'],
      goes: [stay('string 3599 56 "a"\n'), ''],
      goesLater: [stay('string 3600 56 "a"\n'), 'string "a"'],
      large: [stay('list -1 1048577 "a"\n'), ''],
      gone: [stay('none -2 (nil) "a"\n'), ''],
    });
  });

  test('the number of keys may differ by what was written meanwhile, and no more.', () => {
    const fit = functionOf('backup-verify.sh', 'keys_fit');
    const says = (args: string): Call => [`LEAST_BYTES=7; if keys_fit ${args}; then echo fits; else echo not; fi`];
    table(shell, [], [fit], {
      same: [says('10 10 10 500 500'), 'fits'],
      oneMore: [says('11 10 10 500 506'), 'not'],
      oneMoreWritten: [says('11 10 10 500 507'), 'fits'],
      fewer: [says('5 10 4 500 500'), 'fits'],
      tooFew: [says('3 10 4 500 500'), 'not'],
      emptied: [says('0 10 10 500 570'), 'fits'],
    });
  });

  test('of what stood still all is the same where nothing was written, and nearly all where something was.', () => {
    const fits = functionOf('backup-verify.sh', 'sample_fits');
    const says = (args: string): Call => [
      `MOVED_BYTES=1000; if sample_fits ${args}; then echo fits; else echo not; fi`,
    ];
    table(shell, [], [fits], {
      still: [says('100 0 0 999'), 'fits'],
      oneStill: [says('100 1 0 999'), 'not'],
      oneMoved: [says('3 1 0 1000'), 'fits'],
      someMoved: [says('90 10 0 5000'), 'fits'],
      many: [says('80 20 0 5000'), 'not'],
      none: [says('0 0 0 0'), 'fits'],
    });
  });

  test('old backups go, and never the one that was made just now.', () => {
    const going = functionOf('backup-upload.sh', 'going');
    const says = (args: string, ...names: string[]): Call => [
      `going ${args} | paste -sd' ' -`,
      names.join('\n') + '\n',
    ];
    table(shell, [], [going], {
      count: [says('d 2 0', 'a', 'c', 'b', 'd'), 'a b'],
      enough: [says('d 9 0', 'a', 'd'), ''],
      age: [says('d 9 c', 'a', 'b', 'c', 'd'), 'a b'],
      onlyOne: [says('a 1 z', 'a'), ''],
      clockWentBack: [says('a 1 z', 'a', 'b', 'c'), 'b c'],
      nothing: [says('d 1 0'), ''],
    });
  });

  test('what has no description, and is older than any Job, was never finished.', () => {
    const unfinished = functionOf('backup-upload.sh', 'unfinished');
    const says = (...names: string[]): Call => ["unfinished c | paste -sd' ' -", names.join('\n') + '\n'];
    table(shell, [], [unfinished], {
      finished: [says('a.json', 'a.rdb', 'latest'), ''],
      not: [says('b.rdb', 'a.json', 'a.rdb', 'latest', 'of-others.txt'), 'b.rdb'],
      young: [says('c.rdb', 'd.rdb', 'a.json', 'a.rdb'), ''],
    });
  });

  describe('a backup that is stored', () => {
    /** A folder in the place of a store. */
    const RCLONE = `shift 10; command=$1 what=$2 to=\${3-}
place() { echo "$STORE/\${1#target:backups}"; }
case $command in
  copyto) cp "$what" "$(place "$to")"; eval "\${AFTER-}" ;;
  cat) cat "$(place "$what")" ;;
  deletefile) rm "$(place "$what")" ;;
  lsf) [ "$what" != --files-only ] || what=$to; ls "$(place "$what")" 2>/dev/null | sed 's#.*/##'; [ -e "$(place "$what")" ] ;;
esac`;
    const name = (daysAgo: number): string =>
      `${new Date(Date.now() - daysAgo * 86_400_000).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-7`;

    function stores(there: string[], variables: Record<string, string> = {}) {
      const folder = mkdtempSync(join(tmpdir(), 'upload-'));
      try {
        const [STORE, SCRATCH] = [join(folder, 'store'), join(folder, 'scratch')];
        for (const one of [STORE, SCRATCH]) mkdirSync(one);
        for (const file of there) writeFileSync(join(STORE, file), 'x');
        const own = name(0);
        writeFileSync(join(SCRATCH, 'dump.rdb'), 'data');
        const sha256 = createHash('sha256').update('data').digest('hex');
        const time = own.replace(/^(....)(..)(..T..)(..)(..Z)-7$/, '$1-$2-$3:$4:$5');
        writeFileSync(join(SCRATCH, 'description.json'), `{\n  "time": "${time}",\n  "bytes": 4,\n  "sha256": "${sha256}",\n  "offset": 7,\n}\n`); // prettier-ignore
        const PATH = withPrograms(join(folder, 'bin'), { rclone: RCLONE });
        const given = {
          PATH,
          STORE,
          SCRATCH,
          RUN_DIR: folder,
          TARGET_PATH: 'backups',
          KEEP_COUNT: '9',
          KEEP_DAYS: '0',
        };
        const { status, stdout } = run(shell, ['backup-upload.sh'], '', { ...given, ...variables });
        return { own, status, lines: stdout.split('\n').slice(0, -1), files: readdirSync(STORE).sort() };
      } finally {
        rmSync(folder, { recursive: true });
      }
    }

    test('leaves the dump of another Job that is about to describe it, and sweeps up what no Job is at.', () => {
      const [old, young] = [name(1.01), name(0.99)];
      const { own, status, files } = stores([`${old}.rdb`, `${young}.rdb`]);
      expect(status).toBe(0);
      expect(files).toEqual([`${young}.rdb`, `${own}.json`, `${own}.rdb`, 'latest'].sort());
    });

    test('is none where another one has swept it up meanwhile.', () => {
      const { own, status, lines, files } = stores([], { AFTER: 'case $to in *.json) rm "$STORE"/*.rdb ;; esac' });
      expect(status).toBe(1);
      expect(lines.at(-1)).toBe(`test.sh: refused: ${own}.rdb was deleted while it was described. Older backups are as they were`); // prettier-ignore
      expect(files).toEqual([]);
    });
  });

  test('a dump of the other product is refused beyond the last format that both know.', () => {
    const unfit = functionOf('restore-place.sh', 'unfit');
    const says = (args: string): Call => [`LAST_SHARED=11; unfit ${args} | cut -c 1-40`];
    table(shell, [], [unfit], {
      same: [says(`redis 8.2.3 'REDIS 12' redis 8.2.10`), ''],
      shared: [says(`redis 7.2.4 'REDIS 11' valkey 8.1.1`), ''],
      redis: [says(`redis 8.2.3 'REDIS 12' valkey 8.1.1`), 'it is of redis 8.2.3, in the format REDI'],
      valkey: [says(`valkey 9.1.2 'VALKEY 80' redis 8.2.3`), 'it is of valkey 9.1.2, in the format VAL'],
    });
  });

  test('a cluster is new where all other nodes answer and have nothing.', () => {
    const newness = functionOf('restore-ask.sh', 'newness');
    const fresh = { role: 'slave', follows: '127.0.0.1', link: 'down', trust: '0' };
    const empty = (host: string) => node(host, fresh).replace(' 7 5 3 m ', ' 0 0 0 - ');
    const says = (...lines: string[]): Call => ['newness a b', lines.join('')];
    table(shell, ['common.sh'], [newness], {
      ready: [says(empty('a'), empty('b')), 'ready'],
      silent: [says(empty('a')), 'wait b does not answer, and may have data'],
      keys: [says(empty('a'), node('b', fresh)), 'ignore b has 7 keys, and knows this cluster'],
      mark: [says(empty('a').replace(/0\n/, '1\n')), 'ignore a has 0 keys, and knows this cluster'],
    });
  });

  test('the format of a dump stands at its beginning.', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dumps-'));
    try {
      const file = (name: string, content: string): string => {
        writeFileSync(join(folder, name), content);
        return `format_of ${join(folder, name)}; echo`;
      };
      table(shell, ['dump-file.sh'], [], {
        redis: [[file('redis', 'REDIS0012\u00fa\tredis-ver')], 'REDIS 12'],
        valkey: [[file('valkey', 'VALKEY080\u00fa')], 'VALKEY 80'],
        neither: [[file('neither', 'hello world')], ''],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
