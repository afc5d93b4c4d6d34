import { describe, expect, test } from '@jest/globals';
import { functionOf, run, runEach, shells, textOf, type Call } from '../support/shell';

const VARIABLES = {
  ...{ POD_NAMESPACE: 'prod', CLUSTER: 'cache', SELF: 'm', NODES: 'm r1', SENTINELS: 's1', RUN_DIR: '/nowhere' },
};
const [M, R1] = ['m.prod.svc', 'r1.prod.svc'] as const;

/** Tables of calls: what each of them prints. */
function table(shell: string[], functions: string[], calls: Record<string, [Call, string]>): void {
  const all = Object.values(calls).map(([[command, input = '']]): Call => [[...functions, command].join('\n'), input]);
  const answers = runEach(shell, ['common.sh', 'source.sh'], all, VARIABLES);
  const read = Object.keys(calls).map((name, index) => [name, answers[index]?.trim()]);
  expect(read).toEqual(Object.entries(calls).map(([name, [, wanted]]) => [name, wanted]));
}

/** As `ask_node` prints it. */
const node = (host: string, role: string, follows: string, link: string, mark = '-') =>
  `${host} ${role} ${follows} ${link} 0 0 7 40 0 ${mark} - run-${host} 0\n`;

describe.each(shells)('In %s', (...shell) => {
  test('a source is followed where this server can read its data.', () => {
    const info = (text: string, role = 'master'): string => `# Server\r\n${text}\r\n# Replication\r\nrole:${role}\r\n`;
    const fits = (text: string, own: string, before = ''): Call => [
      `${before} tr -d '\\r' | unfit_source ${own}`,
      text,
    ];
    const redis = (version: string): string => info(`redis_version:${version}`);
    const valkey = (version: string): string =>
      info(`redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:${version}`);
    table(shell, [], {
      older: [fits(redis('6.2.14'), 'redis 8.2.3'), ''],
      same: [fits(redis('8.2.9'), 'redis 8.2.3'), ''],
      newer: [
        fits(redis('8.4.0'), 'redis 8.2.3'),
        'is redis 8.4.0, and this server is 8.2.3: write an image of at least that version',
      ],
      toValkey: [fits(redis('7.2.5'), 'valkey 8.1.4'), ''],
      tooNewForValkey: [
        fits(redis('7.4.0'), 'valkey 9.1.2'),
        'is Redis 7.4.0, and Valkey does not know the format of its data: the last one that it knows is that of Redis 7.2',
      ],
      toRedis: [fits(valkey('8.1.4'), 'redis 8.2.3'), ''],
      tooNewForRedis: [
        fits(valkey('9.0.0'), 'redis 8.2.3'),
        'is Valkey 9.0.0, and Redis 8.2.3 does not know the format of its data: from 7.2 on it knows that of Valkey 7.2 to 8.1',
      ],
      tooOldRedis: [
        fits(valkey('8.0.0'), 'redis 7.0.15'),
        'is Valkey 8.0.0, and Redis 7.0.15 does not know the format of its data: from 7.2 on it knows that of Valkey 7.2 to 8.1',
      ],
      valkeys: [fits(valkey('8.1.4'), 'valkey 9.1.2'), ''],
      replica: [
        fits(info('redis_version:7.0.15', 'slave'), 'redis 8.2.3'),
        'is a replica: write the host of its master, or its sentinels',
      ],
      replicaOfSentinels: [fits(info('redis_version:7.0.15', 'slave'), 'redis 8.2.3', 'SOURCE_SENTINELS=s;'), ''],
      password: [
        fits('AUTH failed: WRONGPASS invalid password\r\nNOAUTH Authentication required.\r\n', 'redis 8.2.3'),
        'does not answer: AUTH failed: WRONGPASS invalid password',
      ],
      silent: [fits('', 'redis 8.2.3'), 'does not answer: it hangs, or its network lets nobody in'],
    });
  });

  test('it is followed until somebody was master.', () => {
    const says = (...nodes: string[]): Call => [
      'if nobody_was_master; then echo nobody; else echo somebody; fi',
      nodes.join(''),
    ];
    table(shell, [], {
      none: [says(), 'nobody'],
      followers: [says(node(M, 'slave', 'old', 'up'), node(R1, 'slave', M, 'up')), 'nobody'],
      master: [says(node(M, 'master', '-', '-'), node(R1, 'slave', M, 'up')), 'somebody'],
      mark: [says(node(M, 'slave', '127.0.0.1', 'down'), node(R1, 'slave', '127.0.0.1', 'down', M)), 'somebody'],
    });
  });

  test('beside sentinels one of its replicas is copied from, which is connected and none of ours.', () => {
    const replica = (ip: string, flags: string, link: string): string =>
      [
        'name',
        `${ip}:6380`,
        'ip',
        ip,
        'port',
        '6380',
        'flags',
        flags,
        'master-link-status',
        link,
        'slave-priority',
        '100',
      ].join('\n') + '\n';
    const from = (...replicas: string[]): Call => ['connected_replicas', replicas.join('')];
    table(shell, [], {
      none: [from(), ''],
      connected: [from(replica('a', 'slave', 'ok'), replica('b', 'slave', 'ok')), 'a 6380\nb 6380'],
      down: [
        from(replica('a', 's_down,slave', 'ok'), replica('b', 'slave', 'err'), replica('c', 'slave', 'ok')),
        'c 6380',
      ],
      ours: [from(replica(M, 'slave', 'ok')), ''],
    });
  });

  test('a cut-over begins when all are connected.', () => {
    const ready = functionOf('cut-over.sh', 'readiness');
    const when = (...nodes: string[]): Call => ['readiness $NODES', nodes.join('')];
    table(shell, [ready], {
      all: [when(node(M, 'slave', 'old.svc', 'up'), node(R1, 'slave', M, 'up')), 'ready old.svc'],
      anyOrder: [when(node(R1, 'slave', M, 'up'), node(M, 'slave', 'old.svc', 'up')), 'ready old.svc'],
      silent: [when(node(M, 'slave', 'old.svc', 'up')), `wait ${R1} does not answer`],
      noRole: [when(node(M, 'slave', '127.0.0.1', 'down'), node(R1, 'slave', M, 'up')), `wait ${M} follows nobody yet`],
      disconnected: [
        when(node(M, 'slave', 'old.svc', 'down'), node(R1, 'slave', M, 'up')),
        `wait ${M} has no connection to old.svc`,
      ],
      replica: [
        when(node(M, 'slave', 'old.svc', 'up'), node(R1, 'slave', M, 'down')),
        `wait ${R1} has no connection to ${M}`,
      ],
      astray: [
        when(node(M, 'slave', 'old.svc', 'up'), node(R1, 'slave', 'old.svc', 'up')),
        `wait ${R1} has no connection to old.svc`,
      ],
      goesOn: [when(node(M, 'master', '-', '-'), node(R1, 'slave', M, 'up')), 'ready -'],
    });
  });

  test('an offset belongs to a history.', () => {
    const place = functionOf('cut-over.sh', 'place_in_history');
    const of = (text: string): Call => ['place_in_history', text];
    table(shell, [place], {
      master: [of('role:master\nmaster_replid:abc\nmaster_repl_offset:40\n'), 'master abc 40'],
      replica: [of('role:slave\nslave_repl_offset:39\nmaster_replid:abc\nmaster_repl_offset:38\n'), 'slave abc 39'],
      silent: [of(''), '- - 0'],
    });
  });

  test('the check says how nodes are that follow.', () => {
    const judge = functionOf('check.sh', 'judge_followers');
    const says = ['good() { echo "ok $*"; }', 'bad() { echo "BAD $*"; }'];
    const of = (...nodes: string[]): Call => ['judge_followers $NODES', nodes.join('')];
    table(shell, [judge, ...says], {
      good: [
        of(node(M, 'slave', 'old.svc', 'up'), node(R1, 'slave', M, 'up')),
        `ok ${M} copies from old.svc, with 7 keys, at offset 40\nok ${R1} copies from ${M}, with 7 keys, at offset 40`,
      ],
      bad: [
        of(node(M, 'slave', '127.0.0.1', 'down'), node(R1, 'slave', M, 'down')),
        `BAD ${M} follows nobody yet: its keeper says why in its log\nBAD ${R1} follows ${M} and is not connected: its keeper says why in its log`,
      ],
    });
  });

  describe('a cut-over', () => {
    /** Its one attempt, beside a source and a first node that are variables; what it tells them, and says. */
    function attempt(commands: string, last = 'if cut_over; then echo done; else echo "not done: $why"; fi'): string[] {
      const [functions = ''] = textOf('cut-over.sh').split(/^deadline=/m);
      const stubs = `
        clock() { now=\${now:-0}; now=$((now + 100)); }
        sleep() { :; }
        say() { echo "$*"; }
        refuse() { echo "refused: $*"; exit 1; }
        source_server() {
          case $* in
            'INFO replication') printf '%s\\n' "role:$source_role" 'master_replid:abc' 'master_repl_offset:40' ;;
            'CONFIG GET min-replicas-to-write') printf '%s\\n' min-replicas-to-write "$wants" ;;
            'CONFIG GET min-replicas-max-lag') printf '%s\\n' min-replicas-max-lag "$lag" ;;
            *) echo "source: $*" >&3 && printf '%s\\n' "$answer" ;;
          esac
        }
        node_cli() {
          case $2 in
            INFO) printf '%s\\n' role:slave "master_replid:$history" "slave_repl_offset:$offset" ;;
            ROLE) printf '%s\\n' $role ;;
            *) echo "node: $2 $3 $4\${closed:+, and a TERM would open the source}" >&3 && role=$then ;;
          esac
        }
        takes_writes() { [ "$taken" = yes ]; }
        exec 3>&1
        source_role=master wants=1 lag=10 answer=OK history=abc offset=40 role=slave then=master taken=yes
        first_node=${M} host=old port=6379 why='' closed=''
      `;
      const { stdout, stderr } = run(shell, [], `${functions}\n${stubs}\n${commands}\n${last}`, VARIABLES);
      expect(stderr).toBe('');
      return stdout.trimEnd().split('\n');
    }
    const BEGIN = 'cutting over: old:6379 takes no more writes';
    const CLOSED = 'source: CONFIG SET min-replicas-to-write 1000000';
    const OPENED = ['source: CONFIG SET min-replicas-to-write 1', 'the source, old:6379, takes writes as before'];

    test('closes the source, and makes the first node master when that has everything.', () => {
      expect(attempt('')).toEqual([
        ...[BEGIN, CLOSED, 'node: REPLICAOF NO ONE'],
        expect.stringMatching(`^${M} is master and takes writes, \\d+ ms after the source took none$`),
        'done',
      ]);
    });

    test.each([
      ['it lacks something', 'offset=39', `not done: ${M} is at 39 of 40, in the history abc of abc`],
      ['its data are of another history', 'history=xyz', `not done: ${M} is at 40 of 40, in the history xyz of abc`],
      ['the source is no master any more', 'source_role=slave', 'not done: it is no master, but: slave'],
    ])('opens the source again where %s.', (_, commands, end) => {
      expect(attempt(commands)).toEqual([BEGIN, CLOSED, ...OPENED, end]);
    });

    test('opens it again where the first node stays a replica.', () => {
      expect(attempt('then=slave')).toEqual([
        ...[BEGIN, CLOSED, 'node: REPLICAOF NO ONE', ...OPENED],
        `not done: ${M} stays a replica`,
      ]);
    });

    test('leaves it closed where the first node may be master, and says so.', () => {
      const [, , , said] = attempt("then=''");
      expect(said).toMatch(/^refused: .* may be master. The source takes no writes: the next attempt/);
      expect(attempt('taken=no').at(-1)).toMatch(/^refused: .* is master, and takes no writes yet/);
    });

    test('changes nothing where the source lets nobody configure it.', () => {
      expect(attempt("wants=''")).toEqual([BEGIN, 'not done: it does not let CONFIG GET']);
      expect(attempt("answer='NOPERM no'")).toEqual([BEGIN, CLOSED, 'not done: it does not let CONFIG SET: NOPERM no']);
    });

    test('opens a source whose answer is lost.', () => {
      const lost = `source_server() { case $* in *GET*) printf 'x\\n1\\n' ;; *) echo "source: $*" >&3 ;; esac; }`;
      expect(attempt(lost).slice(0, 3)).toEqual([BEGIN, CLOSED, 'source: CONFIG SET min-replicas-to-write 1']);
    });

    test('has a source count its replicas, and no more when it is opened again.', () => {
      const told = attempt('lag=0 offset=39').filter((line) => line.startsWith('source:'));
      expect(told).toEqual([
        'source: CONFIG SET min-replicas-max-lag 10',
        CLOSED,
        'source: CONFIG SET min-replicas-to-write 1',
        'source: CONFIG SET min-replicas-max-lag 0',
      ]);
    });

    test('that goes on where another died opens the source for all.', () => {
      expect(attempt('wants=1000000 offset=39')).toContain('source: CONFIG SET min-replicas-to-write 0');
    });

    test('has replicas take no writes either, which sentinels may choose.', () => {
      const replicas = `ask_source_sentinels() { printf '%s\\n' ip a port 1 flags slave master-link-status ok; }`;
      const asked = `ask_source_server() { echo "$*" >&3; }`;
      expect(attempt(`SOURCE_SENTINELS=s; ${replicas}; ${asked}`)).toContain(
        'a 1 CONFIG SET min-replicas-to-write 1000000',
      );
    });
  });
});
