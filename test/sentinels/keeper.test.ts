import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, shells, textOf, withPrograms } from '../support/shell';

const WAITS = 'INFO-PERIOD 1000 TILT-PERIOD 5000';
const VARIABLES = {
  ...{ POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm r1', SENTINELS: 's1 s2 s3', SELF: 's2' },
  ...{ REDIS_PORT: '6379', SENTINEL_PORT: '26379', MASTER_NAME: 'cache', SENTINEL_WAITS: WAITS },
  ...{ PASSWORDS_DIR: '/nowhere', DEFAULT_USER: 'on' },
};
const ID = '17fe13c102345bd9bf7ed45207e7554b7a238121';
const HEALTHY = 'ok,address=m.prod.svc:6379,slaves=1,sentinels=3';

/** Commands of a keeper whose questions are answered here, and which writes whom it tells what. */
const STUBBED = `
asked() { echo "$*" >>"$RUN_DIR/asked"; }
sentinel_cli() { asked "$*" && echo "$answer"; }
say() { echo "$*"; }
answer=OK stopping='' listening='' resting=''
`;

/** What sentinels say of the master, in words of `ask_sentinel`: the flags of the first, and of its own, may be others, or none are said. */
const SAYS = `s1=master own=master
  ask_sentinel() {
    case $1 in s1.*) flags=$s1 ;; 127.0.0.1) flags=$own ;; *) flags=master ;; esac
    [ -z "$flags" ] || echo "$1 m 7 - $flags"
  }`;

/** An answer of INFO, of a real sentinel but for the numbers. */
const info = (sys: string, user: string, master = `name=cache,status=${HEALTHY}`): string =>
  [
    ...['# CPU', `used_cpu_sys:${sys}`, `used_cpu_user:${user}`, 'used_cpu_sys_children:7.000000'],
    ...['used_cpu_user_children:7.000000', 'used_cpu_sys_main_thread:7.004713', 'used_cpu_user_main_thread:7.018855'],
    ...['used_active_time_main_thread:0.039989', '', '# Sentinel', 'sentinel_masters:1', 'sentinel_tilt:0'],
    ...['sentinel_tilt_since_seconds:-1', 'sentinel_running_scripts:0', `master0:${master}`, ''],
  ]
    .map((line) => `${line}\r\n`)
    .join('');

const CONF = [
  'port 26379',
  'user default on #abc',
  'sentinel monitor cache m.prod.svc 6379 2',
  'sentinel auth-pass cache "hunter2"',
  `sentinel myid ${ID}`,
  'sentinel config-epoch cache 3',
  'sentinel leader-epoch cache 3',
  'sentinel current-epoch 3',
  'sentinel known-replica cache r1.prod.svc 6379',
];
const conf = (epoch = 3): string => `${CONF.join('\n').replaceAll(' 3', ` ${epoch}`)}\n`;
const state = (epoch = 3): string[] =>
  [
    'sentinel monitor cache m.prod.svc 6379 2',
    `sentinel myid ${ID}`,
    ...['sentinel config-epoch cache 3', 'sentinel leader-epoch cache 3', 'sentinel current-epoch 3'],
  ].map((line) => line.replace(' 3', ` ${epoch}`));

/** After how many looks a sentinel was told to start anew; undefined where it was not. */
function looksBefore(asked: string[]): number | undefined {
  const told = asked.indexOf('127.0.0.1 SHUTDOWN');
  return told === -1 ? undefined : asked.slice(0, told).filter((line) => line.startsWith('look')).length;
}

describe.each(shells)('In %s, the keeper of a sentinel', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  interface Told {
    readonly lines: string[];
    /** Whom it tells what, in order. */
    readonly asked: string[];
  }

  /** Runs commands in the place of its loop, with files in its folder. */
  function keeper(commands: string, files: Record<string, string> = {}): Told {
    const folder = mkdtempSync(join(tmpdir(), 'keeper-'));
    try {
      for (const [name, content] of Object.entries({ outsiders: '', asked: '', ...files }))
        writeFileSync(join(folder, name), content);
      const text = textOf('sentinel-keeper.sh').replace(/\nkeep tick\n$/, '');
      const PATH = withPrograms(join(folder, 'bin'), { 'valkey-cli': 'exit 1' });
      const environment = { ...VARIABLES, PATH, DATA_DIR: folder, RUN_DIR: folder };
      const all = `${text}\n${STUBBED}\n${commands}\nsed 's/^/asked /' "$RUN_DIR/asked"`;
      const { stdout, stderr, status } = run(shell, [], all, environment);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const lines = stdout.split('\n').slice(0, -1);
      return {
        lines: lines.filter((line) => !line.startsWith('asked ')),
        asked: lines.flatMap((line) => (line.startsWith('asked ') ? [line.slice(6)] : [])),
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  describe('that reads what its sentinel says', () => {
    const READ = 'exec 4<"$RUN_DIR/answers"; said() { if read_answer; then echo "$cpu $monitors"; else echo end; fi; }';

    test.each([
      ['0.000000', '0.000000', 0],
      ['0.010000', '0.020000', 3],
      ['0.080000', '0.090000', 17], // no octal numbers
      ['0.009999', '0.099999', 9],
      ['1.230000', '4.560000', 579],
      ['12.080000', '100.009000', 11_208],
    ])('knows how much of a processor it used: %s s and %s s are %d hundredths.', (sys, user, hundredths) => {
      expect(keeper(`${READ}; said`, { answers: info(sys, user) }).lines).toEqual([`${hundredths} `]);
    });

    test('knows what it says of the master a second later, and when it says no more.', () => {
      const answers = `${info('0.010000', '0.010000')}${info('0.020000', '0.020000', 'name=cache,status=odown,address=[::1]:6379,slaves=2,sentinels=3')}${info('0.030000', '0.030000')}`;
      expect(keeper(`${READ}; said; said; said; said`, { answers }).lines).toEqual([
        '2 ',
        `4 ${HEALTHY}`,
        '6 odown,address=[::1]:6379,slaves=2,sentinels=3',
        'end',
      ]);
    });
  });

  describe('that watches for a sentinel that spins', () => {
    const spins = (seconds: number[]): string[] =>
      keeper(`free() { echo "frees at $cpu"; }\nfor cpu in ${seconds.join(' ')}; do watch_for_spinning "$cpu"; done`)
        .lines;
    /** What it has used after each second, of so much in each. */
    const after = (...used: number[]): number[] => used.map((_, index) => used.slice(0, index + 1).reduce((a, b) => a + b)); // prettier-ignore

    test.each<[what: string, seconds: number[], freed: string[]]>([
      ['one that has nothing to do', after(100, 1, 1, 1, 1, 1, 1, 1, 1), []],
      ['one in a failover', after(100, 14, 14, 14, 14, 14, 14, 14, 14), []],
      ['a busy second', after(100, 1, 90, 1, 1, 1, 1, 1), []],
      ['two busy seconds', after(100, 15, 15, 14, 15, 15), []],
      ['three busy seconds', after(100, 15, 15, 15), ['frees at 145']],
      ['six', after(100, ...Array<number>(6).fill(99)), ['frees at 397', 'frees at 694']],
      ['a first answer after a start', after(900, 15, 15), []],
      ['a sentinel that started anew', [...after(900, 15, 15), 0, 50, 65, 80], []],
    ])('judges %s.', (_, seconds, freed) => {
      expect(spins(seconds)).toEqual(freed);
    });

    test('has it make its connections anew, and asks nobody else for anything.', () => {
      const { lines, asked } = keeper(`${SAYS}; free`);
      expect(lines).toEqual([
        'the sentinel spins, more than 15 % of a processor for 3 s: its connections are made anew',
      ]);
      expect(asked).toEqual([
        '127.0.0.1 SENTINEL SET cache auth-user sentinel@prod/cache',
        '127.0.0.1 SENTINEL CONFIG SET sentinel-user sentinel@prod/cache',
      ]);
    });

    test.each(['master,failover_in_progress', 'promoted'])('lets it end a failover before: %s', (own) => {
      expect(keeper(`${SAYS}; own=${own}; free || :`).asked).toEqual([]);
    });
  });

  test.each([
    ['', ['s1.prod.svc', 's3.prod.svc']],
    ["answers='s1 m 7 - master,failover_in_progress'", []],
    ["answers='s1 r1 8 - promoted'", []],
    ['WHY=nobody; return 1', []],
    ['s1=master,failover_in_progress', ['s3.prod.svc']], // since a moment
    ['s1=promoted', ['s3.prod.svc']],
    ['s1=', ['s3.prod.svc']],
  ])('has the others connect to its new sentinel, but in no failover: %s', (said, greeted) => {
    const beside = 'command sleep 60 >/dev/null 2>&1 & beside=$!'; // it does not wait for what goes on for ever
    const { asked } = keeper(`${SAYS}; majority() { answers=''; ${said || ':'}; }; ${beside}; greet; kill "$beside"`);
    expect([...asked].sort()).toEqual(
      greeted.map((host) => `${host} SENTINEL CONFIG SET sentinel-user sentinel@prod/cache`),
    );
  });

  const AT_ONCE = ['SENTINEL SET cache auth-pass "new"', 'SENTINEL CONFIG SET sentinel-pass "new"'];
  test.each([
    ['master', AT_ONCE],
    ['master,failover_in_progress', ['later', 'later']],
    ['promoted', ['later', 'later']],
  ])('tells its sentinel a new password, but in no failover: %s', (own, expected) => {
    const { lines } = keeper(
      `${SAYS}; own=${own}; tell() { cat >&3; echo OK; }; exec 3>&1
      for kind in redis sentinel; do adopted "$kind" new || echo later; done`,
    );
    expect(lines).toEqual(expected);
  });

  test.each([
    [HEALTHY, '', 'yes'],
    ['ok,address=[fd00::1]:6379,slaves=1,sentinels=3', '', 'yes'],
    [HEALTHY, 'r9.prod.svc slave', 'no'],
    [HEALTHY.replace('ok', 'sdown'), '', 'no'],
    [HEALTHY.replace('ok', 'odown'), '', 'no'],
    [HEALTHY.replace('slaves=1', 'slaves=2'), '', 'no'],
    [HEALTHY.replace('slaves=1', 'slaves=0'), '', 'no'],
    [HEALTHY.replace('slaves=1', 'slaves=11'), '', 'no'],
    [HEALTHY.replace('sentinels=3', 'sentinels=2'), '', 'no'],
    [HEALTHY.replace('sentinels=3', 'sentinels=4'), '', 'no'],
    [HEALTHY.replace('sentinels=3', 'sentinels=31'), '', 'no'],
    ['', '', 'no'],
  ])('is at rest where it says %j, and these are none of the manifest: %j: %s.', (said, outsiders, rests) => {
    const call = `outsiders='${outsiders}'; if is_at_rest '${said}'; then echo yes; else echo no; fi`;
    expect(keeper(call).lines).toEqual([rests]);
  });

  describe('in each second', () => {
    const KNOWS = ['127.0.0.1 SENTINEL REPLICAS cache', '127.0.0.1 SENTINEL SENTINELS cache'];
    const SETS = `127.0.0.1 SENTINEL DEBUG ${WAITS}`;
    const TICKS = `
      listen() { [ -n "$listening" ] || asked listens; listening=7; }
      ready() { if [ -e "$RUN_DIR/ready" ]; then asked ready; else asked 'not ready'; fi; }
      refresh_hosts() { :; }
      greet() { asked greets; }
      all_is_well() { return 1; }
      monitors='${HEALTHY}'
    `;
    const ticks = (commands: string, files: Record<string, string> = { 'sentinel.conf': conf() }): Told =>
      keeper(`${TICKS}\n${commands}`, files);

    test('sets how long it waits before it listens, anew after each start of the sentinel.', () => {
      expect(ticks('tick; ready; tick; ready; listening=; tick; ready').asked).toEqual([
        ...[SETS, 'listens', 'greets', 'ready', 'ready'],
        ...[SETS, 'listens', 'greets', 'ready'],
      ]);
    });

    test('is not ready where the sentinel does not answer, or does not know how long to wait.', () => {
      const ready = { 'sentinel.conf': conf(), ready: '' };
      for (const answer of ['', 'ERR Unknown argument'])
        expect(ticks(`answer='${answer}'; tick; ready; tick; ready`, ready).asked).toEqual([
          ...[SETS, 'not ready', SETS, 'not ready'],
        ]);
    });

    test('is ready while the sentinel asks who is master, and asks it nothing then.', () => {
      expect(ticks('tick; ready', { asking: '' }).asked).toEqual(['ready']);
    });

    test('is not ready where what it knows can not be written.', () => {
      const full = 'write_durably() { cat >/dev/null; return 1; }';
      const { lines, asked } = ticks(`${full}; tick; ready`, { 'sentinel.conf': conf(), ready: '' });
      expect(asked).toEqual([SETS, 'listens', 'greets', 'not ready']);
      expect(lines).toEqual(['waiting: what the sentinel knows can not be written: is the volume full?']);
    });

    const every = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, index) => `tick ${from + index}`); // prettier-ignore
    const rounds = (count: number, commands = ''): string[] =>
      ticks(`answer=; listening=7; ${commands}\nfor n in $(seq ${count}); do asked "tick $n"; tick; done`).asked;

    test.each([
      ['a replica is missing', `monitors='${HEALTHY.replace('slaves=1', 'slaves=0')}'`],
      ['the master is away', `monitors='${HEALTHY.replace('ok', 'odown')}'`],
      ['it has not said anything', 'monitors='],
    ])('asks every fifth whom the sentinel knows where %s.', (_, commands) => {
      expect(rounds(11, commands)).toEqual([...every(1, 5), ...KNOWS, ...every(6, 10), ...KNOWS, 'tick 11']);
    });

    test('looks in the fifth for passwords, users and certificates.', () => {
      const seen = ['passwords', 'users', 'certificate'];
      const looks = seen.map((what) => `follow_${what}() { asked ${what}; }`).join('; ');
      expect(rounds(6, looks)).toEqual([...every(1, 5), ...seen, 'tick 6']);
    });

    test('asks each minute at rest.', () => {
      expect(rounds(61)).toEqual([...every(1, 60), ...KNOWS, 'tick 61']);
    });

    test('asks at once when it is at rest no longer, and rests again.', () => {
      const flags = '[ -e "$RUN_DIR/resting" ] && asked rests || asked wakes';
      const { asked } = ticks(
        `answer=; listening=7; for n in 1 2 3 4 5 6 7; do tick; done; ${flags}; monitors=; tick; ${flags}
        monitors='${HEALTHY}'; for n in 1 2 3 4 5; do tick; done; ${flags}`,
      );
      expect(asked).toEqual(['rests', ...KNOWS, 'wakes', 'rests']);
    });

    test('watches for a sentinel that spins, also at rest.', () => {
      const busy = 'for n in 1 2 3 4; do cpu=$((cpu + 20)); tick; done';
      expect(ticks(`free() { asked "frees at $cpu"; }; answer=; listening=7; ${busy}`).asked).toEqual(['frees at 80']);
    });

    test('does not rest where it knows one that has left.', () => {
      const left =
        'ask_known() { asked "$2"; [ "$2" != REPLICAS ] || printf \'r1.prod.svc slave\\nr9.prod.svc slave,s_down\\n\'; }';
      const { asked, lines } = ticks(
        `asked=60; listening=7; ${left}; tick; for n in 1 2 3 4 5; do tick; done; cat "$RUN_DIR/outsiders"`,
      );
      const asks = ['REPLICAS', 'SENTINELS', '127.0.0.1 SENTINEL GET-MASTER-ADDR-BY-NAME cache'];
      expect(asked).toEqual([...asks, ...asks]);
      expect(lines).toEqual(['r9.prod.svc']);
    });
  });

  describe('that knows who is not in the manifest', () => {
    const WELL = ['s1', 's2', 's3'].map((name) => `${name}.prod.svc m.prod.svc 7 - master`).join('\n');
    const COPIES = 'slave0:ip=r1.prod.svc,port=6379,state=online\nslave1:ip=10.0.0.7,port=0,state=online';
    /** Whom it knows, as does the one before it: after how many looks it starts its sentinel anew. */
    function looks(known: string[], before: string[] = [], commands = ':'): number | undefined {
      const lines = (all: string[]): string => all.map((line) => `echo '${line}';`).join(' ');
      const { asked } = keeper(
        `majority() { answers='${WELL}'; }
        sentinel_cli() { asked "$*"; case "$*" in *GET-MASTER*) echo m.prod.svc ;; esac; }
        node_cli() { [ "$*" != 'm.prod.svc INFO replication' ] || echo '${COPIES}'; }
        outsiders_of() { case $1 in s1.*) ${lines(before)} : ;; *) : ;; esac; }
        outsiders=$(${lines(known)} :) names=''
        ${SAYS}; ${commands}
        for look in 1 2 3 4 5 6 7; do asked "look $look"; start_anew >/dev/null; done`,
      );
      return looksBefore(asked);
    }
    const GONE = 'r9.prod.svc slave,s_down,disconnected';
    const TOOL = '10.0.0.7 slave,s_down,disconnected';

    test.each<[what: string, known: string[], before: string[], looks: number | undefined]>([
      ['nobody', [], [], undefined],
      ['one that is gone', [GONE], [], 3],
      ['one that is there', ['r9.prod.svc slave'], [], undefined],
      ['one that is gone, and one that is there', [GONE, 'r8.prod.svc slave'], [], undefined],
      // It would be known again at once.
      ['one that copies from the master', [TOOL], [], undefined],
      ['one that is gone, and one that copies', [GONE, TOOL], [], 3],
      ['one that copied, and is gone', ['10.0.0.70 slave,s_down', '0.0.7 slave,s_down'], [], 3],
      ['one that is gone, and so does the one before', [GONE], [GONE], undefined],
      ['one that is gone, and the one before one that copies', [GONE], [TOOL], 3],
    ])('starts the sentinel anew where that is %s: %#.', (_, known, before, expected) => {
      expect(looks(known, before)).toBe(expected);
    });

    test('lets it end a failover that it has just been asked for.', () => {
      expect(looks([GONE], [], 'own=master,failover_in_progress')).toBeUndefined();
    });
  });

  describe('with a new certificate', () => {
    const WELL = ['s1.prod.svc', 's2.prod.svc', 's3.prod.svc'].map((host) => `${host} m.prod.svc 7 - master`);
    const without = (sentinel: string): string[] => WELL.filter((line) => !line.startsWith(sentinel));
    /** After how many looks its sentinel is told to start anew; undefined where it is not. */
    function looks(answers: string[], commands = '', self = 's2'): number | undefined {
      const { asked } = keeper(
        `SELF=${self}.prod.svc other_sentinels=$(without "$SELF" $SENTINELS)
        majority() { answers='${answers.join('\n')}'; ${answers.length > 1 ? ':' : 'return 1'}; }
        outsiders_of() { :; }
        why_silent() { echo "\${silence-slow}"; }
        : >"$RUN_DIR/tls.due"; names='' silence=slow
        ${commands}
        for look in 1 2 3 4 5 6 7; do asked "look $look"; start_anew >/dev/null; done`,
      );
      return looksBefore(asked);
    }
    const due = (ago: string): string => `touch -d '${ago}' "$RUN_DIR/tls.due"`;

    test.each<[what: string, answers: string[], commands: string, looks: number | undefined]>([
      ['all is well', WELL, '', 2],
      ['it has yet to trust the others', without('s2'), '', 2],
      ['one is absent', without('s3'), '', undefined],
      ['one has been absent for a minute', without('s3'), due('50 seconds ago'), undefined],
      ['one has been absent for longer', without('s3'), due('3 minutes ago'), 2],
      ['one does not see its master', [...without('s3'), 's3.prod.svc m.prod.svc 7 - master,s_down'], due('3 minutes ago'), undefined], // prettier-ignore
      ['one stops', [...without('s3'), 's3.prod.svc m.prod.svc 7 going master'], due('3 minutes ago'), undefined],
      ['no majority answers', WELL.slice(0, 1), due('3 minutes ago'), undefined],
      ['nobody hears anybody', [], due('3 minutes ago'), undefined],
      ['nobody hears anybody, for the certificate has expired', [], 'silence=untrusted', 4],
      ['one before it is about to start anew', WELL, 'sentinel_cli() { asked "$*"; [ "$*" != "s1.prod.svc ACL USERS" ] || echo "$RENEWING"; echo OK; }', undefined], // prettier-ignore
    ])('starts the sentinel anew where %s: %#.', (_, answers, commands, expected) => {
      expect(looks(answers, commands)).toBe(expected);
    });

    test('has a time of its own for each where the certificate has expired.', () => {
      expect(['s1', 's2', 's3'].map((self) => looks([], 'silence=untrusted', self))).toEqual([2, 4, 6]);
    });

    test('looks at what others see, which is not what it sees by its address.', () => {
      const folder = mkdtempSync(join(tmpdir(), 'shunned-'));
      const PATH = withPrograms(folder, {
        'valkey-cli': `case " $* " in *' --insecure '*) echo PONG ;; *' -h 127.0.0.1 '*) echo 'SSL_connect failed: certificate verify failed' >&2 ;; esac`,
      });
      const text = textOf('sentinel-keeper.sh').replace(/\nkeep tick\n$/, '');
      writeFileSync(join(folder, 'hosts'), '127.0.0.1 localhost\n::1 localhost\n');
      const variables = { ...VARIABLES, PATH, RUN_DIR: folder, DATA_DIR: folder, TLS_DIR: folder, TLS_CLIENTS: 'no' };
      const { stdout } = run(shell, [], `${text}\nwhy_silent 127.0.0.1 1 x; is_shunned && echo shunned`, variables);
      rmSync(folder, { recursive: true });
      expect(stdout).toBe('slow\nshunned\n');
    });
  });

  describe('that keeps what the sentinel must not forget', () => {
    const FILES = { 'sentinel.conf': conf() };
    const remembers = (commands: string, files: Record<string, string> = FILES): string[] =>
      keeper(commands, files).lines;
    const KEPT = 'cat "$DATA_DIR/state" 2>/dev/null || echo nothing';
    /** The sentinel writes its file anew. */
    const writes = (epoch: number, time = ''): string =>
      `sed 's/ 3$/ ${epoch}/' "$RUN_DIR/sentinel.conf" >"$RUN_DIR/new"; mv "$RUN_DIR/new" "$RUN_DIR/sentinel.conf"${time === '' ? '' : `; touch -d '${time}' "$RUN_DIR/sentinel.conf"`}`;
    const at = (time: string, ...names: string[]): string =>
      names.map((name) => `touch -d '${time}' "$RUN_DIR/${name}"`).join('; ');
    const [BEFORE, NOW] = ['2025-11-26 02:00:00', '2025-11-26 02:00:01'];

    test('writes that and nothing of its passwords.', () => {
      expect(remembers(`remember; ${KEPT}`)).toEqual(state());
    });

    test('writes it again when it changes, and only then.', () => {
      const counted = 'write_durably() { echo writes; cat >"$1"; }';
      expect(
        remembers(`${counted}; remember; remember; command sleep 0.02; ${writes(4)}; remember; remember; ${KEPT}`),
      ).toEqual([...['writes', 'writes'], ...state(4)]);
    });

    test('writes nothing where the sentinel wrote the same once more.', () => {
      const counted = 'write_durably() { echo writes; cat >"$1"; }';
      const same = `${at(BEFORE, 'remembered')}; remember`;
      expect(remembers(`${counted}; remember; ${same}; ${same}`)).toEqual(['writes']);
    });

    test('does not read a file that is older than the last look.', () => {
      const unread = `grep() { echo reads >&2; command grep "$@"; }; exec 2>&1`;
      expect(remembers(`${unread}; remember; ${at(BEFORE, 'sentinel.conf')}; remember; remember`)).toEqual(['reads']);
    });

    test('looks again where the file is as old as the last look, for some shells compare whole seconds.', () => {
      const same = `remember; ${writes(4)}; ${at(NOW, 'sentinel.conf', 'remembered')}`;
      expect(remembers(`${same}; remember; ${KEPT}`)).toEqual(state(4));
    });

    test.each([
      ['there is none', {}],
      ['it is empty', { 'sentinel.conf': '' }],
      ['the sentinel has no id yet', { 'sentinel.conf': conf().replace(/^sentinel myid .*\n/m, '') }],
      ['the sentinel still asks who is master', { ...FILES, asking: '' }],
    ])('writes nothing where %s.', (_, files) => {
      expect(remembers(`remember && echo well; ${KEPT}`, files)).toEqual(['well', 'nothing']);
    });

    test('tries again where it could not write.', () => {
      const full = 'write_durably() { cat >/dev/null; return 1; }';
      const room = 'write_durably() { cat >"$1"; }';
      const tries = `remember && echo well || echo failed; ${at(BEFORE, 'sentinel.conf')}`;
      expect(remembers(`${full}; ${tries}; ${tries}; ${room}; ${tries}; ${KEPT}`)).toEqual([
        ...['failed', 'failed', 'well'],
        ...state(),
      ]);
    });

    test('looks again when it has begun anew, whenever it last did.', () => {
      expect(remembers(`${at(BEFORE, 'sentinel.conf')}; remember; ${KEPT}`, { ...FILES, remembered: '' })).toEqual(
        state(),
      );
    });

    test('writes it a last time when all ends.', () => {
      expect(remembers(`farewell; ${KEPT}`)).toEqual(state());
      expect(remembers('write_durably() { cat >/dev/null; return 1; }; farewell; echo ended')).toEqual(['ended']);
    });
  });
});
