import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { container, environment } from '../support/manifests';
import { pathOf, run, scripts, shells, textOf, withPrograms } from '../support/shell';
import { synth } from '../support/synth';

const MEMBER = { POD_NAMESPACE: 'caches', CLUSTER: 'cache', NODES: 'm', SENTINELS: 's', SELF: 'm' };

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'scripts-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('The scripts', () => {
  test.each(scripts)('%s is POSIX sh.', (file) => {
    const text = readFileSync(pathOf(file), 'utf8');
    const code = text.replaceAll(/^\s*#.*$/gm, '');
    expect(text.startsWith('#!/bin/sh\n') || text.includes('# shellcheck shell=sh')).toBe(true);
    expect(code).not.toMatch(
      /\[\[|\bfunction \w|\blocal \w|\bdeclare \w|<\(|<<<|\$'|&>|(?:^|[;&|{(])\s*source \w|\$\{\w+[/^,:]\w*[/^,]/m,
    );
  });

  test.each(shells.flatMap((shell) => scripts.map((file) => ({ shell, file }))))(
    '$file is read by $shell.',
    ({ shell: [program = '', ...args], file }) => {
      expect(spawnSync(program, [...args, '-n', pathOf(file)], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      });
    },
  );

  test('are read from files that are there.', () => {
    for (const file of scripts) {
      const read = readFileSync(pathOf(file), 'utf8').matchAll(/^\. "\$\{0%\/\*\}\/([^"]+)"$/gm);
      for (const [, other] of read) expect(scripts).toContain(other);
    }
  });
});

test('There is a shell to try the scripts with.', () => {
  expect(shells).not.toEqual([]);
});

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');
  const common = (commands: string, variables: Record<string, string> = {}, input = '') =>
    run(shell, ['common.sh'], commands, variables, input).stdout;

  test('a Service is known by one name with its namespace, an address by itself.', () => {
    const variables = {
      POD_NAMESPACE: 'caches',
      NODES: 'cache-master 192.0.2.7 redis.example.com',
      SENTINELS: 'cache-sentinel-1',
      SELF: 'cache-master',
    };
    expect(common('echo "$NODES|$SENTINELS|$SELF"', variables)).toBe(
      'cache-master.caches.svc 192.0.2.7 redis.example.com|cache-sentinel-1.caches.svc|cache-master.caches.svc\n',
    );
  });

  test('lists are counted and searched by whole words.', () => {
    expect(common('count; count a; count a b c')).toBe('0\n1\n3\n');
    expect(common('for word in a b aa ""; do contains "a aa-b" "$word" && echo yes || echo no; done')).toBe(
      'yes\nno\nno\nno\n',
    );
  });

  test('the variables of the server become the lines of redis.conf.', () => {
    const objects = synth({
      settings: {
        maxmemory: Size.mebibytes(300),
        notifyKeyspaceEvents: '',
        directives: { 'oom-score-adj-values': '0  2 8' },
      },
    });
    const { stdout } = run(
      shell,
      ['common.sh'],
      'each_setting REDIS_CONF server_setting',
      environment(objects, container(objects, 'cache-master', 'redis')),
    );
    expect(stdout.split('\n')).toEqual([
      'appendfsync everysec',
      'client-output-buffer-limit replica 256mb 65536kb 60',
      'maxmemory 300mb',
      'min-replicas-max-lag 3',
      'min-replicas-to-write 1',
      'notify-keyspace-events ""',
      'oom-score-adj-values 0  2 8',
      'repl-backlog-size 64mb',
      'repl-diskless-sync-delay 1',
      'repl-timeout 10',
      'save ""',
      '',
    ]);
  });

  test('only variables of the prefix are settings.', () => {
    const variables = { REDIS_CONF_HZ: '10', SENTINEL_CONF_HZ: '20', REDIS_CONFIG: 'x', X_REDIS_CONF_HZ: '30' };
    expect(common('each_setting REDIS_CONF server_setting', variables)).toBe('hz 10\n');
  });

  test('a value with backslashes, dollars and quotes stays as it is.', () => {
    const value = String.raw`\n "$HOME" * '`;
    expect(common('each_setting REDIS_CONF server_setting', { REDIS_CONF_X_Y: value })).toBe(`x-y ${value}\n`);
  });

  // What a Secret may hold, and a variable may have.
  const password = fc.oneof(
    fc.string({
      minLength: 1,
      unit: fc.constantFrom('"', '\\', '$', '`', "'", '%', '*', ' ', '-', 'n', 'ü', '#', '>'),
    }),
    fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme' }).filter((text) => !/[\0\n\r]/.test(text)),
  );

  const passwords = fc.sample(password, 40);
  /** What the commands print for each of the passwords, which they find in VALUE; a shell for each would take long. */
  const ofEach = (commands: string) =>
    common(`while IFS= read -r VALUE; do ${commands}; echo; done`, {}, passwords.map((value) => `${value}\n`).join(''))
      .split('\n')
      .slice(0, -1);

  test('any password is quoted as redis.conf wants it.', () => {
    const quoted = passwords.map((value) => `"${value.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`);
    expect(ofEach('quoted "$VALUE"')).toEqual(quoted);
  });

  describe('the lock of a volume', () => {
    const lock = (folder: string, program = ''): string =>
      run(shell, ['common.sh'], `${program}\nwait_for() { echo "waiting: $*"; exit; }; lock_volume; echo locked`, {
        DATA_DIR: folder,
      }).stdout;

    test('is taken once, and waited for by the next.', () => {
      inFolder((folder) => {
        expect(lock(folder)).toBe('locked\n');
        const common = join(folder, 'common.sh');
        writeFileSync(common, textOf('common.sh'));
        const both = run(
          shell,
          ['common.sh'],
          `lock_volume; DATA_DIR=$DATA_DIR ${shell.join(' ')} -c '. "$0"; exec 9>"$DATA_DIR/.lock"; try_lock && echo taken || echo "held $no_lock"' '${common}'; :`, // not the last command: that may take the shell's place
          { DATA_DIR: folder },
        );
        expect(both.stdout).toBe('held \n');
      });
    });

    // What the programs of Debian and of Alpine say where a file system has no locks.
    test.each([
      ['flock: 9: No locks available', 71],
      ['flock: No locks available', 1],
    ])('is refused where there can be none: %s.', (complaint, status) => {
      inFolder((folder) => {
        expect(lock(folder, `flock() { echo '${complaint}' >&2; return ${status}; }`)).toMatch(
          `refused: the volume can not be locked, and two servers could write to it (${complaint})`,
        );
      });
    });

    test('is refused where nothing can be written.', () => {
      expect(lock('/nowhere')).toMatch(/refused: the volume can not be written by user \d+ and its groups, \d+/);
    });

    test('is waited for where the program says nothing, whatever its number.', () => {
      inFolder((folder) => {
        expect(lock(folder, 'flock() { return 1; }')).toBe('waiting: another process still holds the volume\n');
      });
    });
  });

  test('a file is written whole, with nothing beside it.', () => {
    inFolder((folder) => {
      const { status } = run(shell, ['common.sh'], `printf 'a\\nb\\n' | write_durably '${folder}/mark'`);
      expect(status).toBe(0);
      expect(readdirSync(folder)).toEqual(['mark']);
      expect(readFileSync(join(folder, 'mark'), 'utf8')).toBe('a\nb\n');
    });
  });

  test('the mark of a node is read from its volume, or is empty.', () => {
    inFolder((folder) => {
      const read = 'read_mark; echo "$mark_epoch|$mark_master|$mark_offset"';
      expect(common(read, { DATA_DIR: folder })).toBe('0||0\n');
      writeFileSync(join(folder, 'mark'), '7 cache-master.caches.svc 4711\n');
      expect(common(read, { DATA_DIR: folder })).toBe('7|cache-master.caches.svc|4711\n');
    });
  });

  test.each([
    ['7 4712\n', 4712],
    ['7 10000\n', 10_000], // by its number
    ['7 4710\n', 4711],
    ['7 999\n', 4711],
    ['6 4712\n', 4711], // from before it
    ['8 4712\n', 4711],
    ['', 4711],
    ['7 47', 4711], // half of what was to be written
    ['7 4712', 4711],
    ['7\n', 4711],
  ])('the offset of a mark is the later one of its epoch, where that is there whole: %j.', (text, offset) => {
    inFolder((folder) => {
      writeFileSync(join(folder, 'mark'), '7 cache-master.caches.svc 4711\n');
      writeFileSync(join(folder, 'offset'), text);
      const read = 'set -eu; read_mark; echo "$mark_epoch|$mark_master|$mark_offset"';
      const { stdout, stderr } = run(shell, ['common.sh'], read, { ...MEMBER, DATA_DIR: folder });
      expect(stderr).toBe('');
      expect(stdout).toBe(`7|cache-master.caches.svc|${offset}\n`);
    });
  });

  test('an offset without a mark is none.', () => {
    inFolder((folder) => {
      writeFileSync(join(folder, 'offset'), '7 4712\n');
      expect(common('read_mark; echo "$mark_epoch|$mark_master|$mark_offset"', { DATA_DIR: folder })).toBe('0||0\n');
    });
  });

  test('an address comes from the hosts file, by the whole name.', () => {
    inFolder((folder) => {
      const ask = 'for host in cache-master.a.svc master.a.svc other; do address_of "$host"; done';
      expect(common(ask, { RUN_DIR: folder })).toBe('cache-master.a.svc\nmaster.a.svc\nother\n');
      writeFileSync(join(folder, 'hosts'), '127.0.0.1 localhost\n10.0.0.1 cache-master.a.svc\n10.0.0.2 master.a.svc\n');
      expect(common(ask, { RUN_DIR: folder })).toBe('10.0.0.1\n10.0.0.2\nother\n');
    });
  });

  test('the address of a name is found among lines, by the whole name.', () => {
    const find = `line_of "$1" "$LINES" && echo found || echo none`;
    const script = `for host in a.svc b.svc svc; do set -- "$host"; ${find}; done`;
    const lines = { LINES: '10.0.0.1 aa.svc\n10.0.0.2 a.svc\n10.0.0.3 b.svc' };
    expect(run(shell, ['common.sh', 'hosts.sh'], script, lines).stdout).toBe(
      '10.0.0.2 a.svc\nfound\n10.0.0.3 b.svc\nfound\nnone\n',
    );
  });

  test('an address is told from a name.', () => {
    const hosts = [
      '192.0.2.7',
      'fd00::7',
      '::1',
      'cache-master.a.svc',
      '192.0.2.7.example.com',
      '1.2.a.svc',
      '10',
      'a',
    ];
    const script = 'for host in $HOSTS; do is_address "$host" && echo "$host"; done';
    const { stdout } = run(shell, ['common.sh', 'hosts.sh'], script, { HOSTS: hosts.join(' ') });
    expect(stdout.split('\n').slice(0, -1)).toEqual(hosts.slice(0, 3));
  });

  test('a member that is known by an address needs no name, and has no Service that could go.', () => {
    inFolder((folder) => {
      // No address here has a name, as on most networks.
      const PATH = withPrograms(join(folder, 'bin'), {
        getent: `case $2 in kubernetes.default.svc) echo "10.0.0.1 $2" ;; m.caches.svc) [ -e ${folder}/gone ] && exit 2; echo "10.0.0.2 $2" ;; *) exit 2 ;; esac`,
      });
      const variables = { ...MEMBER, PATH, RUN_DIR: folder, NODES: '192.0.2.7 m', SENTINELS: 'fd00::7' };
      const script = `SENTINELS=fd00::7 missed=''
        refresh_hosts && sort "$RUN_DIR/hosts"
        : >"$RUN_DIR/gone"
        for look in 1 2; do look_for_services; cat "$RUN_DIR/removed"; echo ";"; done`;
      expect(run(shell, ['common.sh', 'hosts.sh'], script, variables).stdout.split('\n')).toEqual([
        ...['10.0.0.2 m.caches.svc', '127.0.0.1 localhost', '192.0.2.7 192.0.2.7', '::1 localhost', 'fd00::7 fd00::7'],
        ...[';', 'm.caches.svc ;', ''],
      ]);
    });
  });

  test('the same reason to wait is said at once, and then every fifth time.', () => {
    const script = 'for reason in a a a a a a b a; do wait_for "$reason"; done';
    expect(common(script)).toBe('test.sh: waiting: a\ntest.sh: waiting: a\ntest.sh: waiting: b\ntest.sh: waiting: a\n');
  });

  test('what is asked of many is asked at once, and waited for.', () => {
    const script = 'answer() { sleep 0.5; echo "$1 answers"; }; ask_all answer a b c d e f g h i | sort';
    const started = Date.now();
    expect(common(script).split('\n')).toHaveLength(10);
    expect(Date.now() - started).toBeLessThan(3000);
  });
});
