import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAlone, shells, withPrograms } from '../support/shell';

const VARIABLES = {
  ...{ POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm r1', SENTINELS: 's1', SELF: 'm', PASSWORD: 'hunter2' },
};

/** A keeper that listens from its first look on, and says what it does; a second is short, where it waits for one. */
const KEEPER = `
set -eu
ticks=0 rounds=9
say() { :; }
sleep() {
  case $1 in 1) echo 'waits a second' && command sleep 0.1 ;; 0.2) echo 'waits a moment' && command sleep 0.1 ;; 01) command sleep 0.3 ;; *) command sleep "$1" ;; esac
}
refresh_hosts() { echo 'looks names up'; }
look_for_services() { echo 'looks for Services'; }
ask_every_second() { become_client 6379 "$PASSWORD" -r -1 -i 1 INFO replication; }
read_answer() { read -r line <&4; }
farewell() { echo farewell; }
passed() { :; } # the second after which it listens again
tick() {
  ticks=$((ticks + 1))
  echo "looks: \${line:-}\${resting:+ at rest}"
  line=''
  listen
  [ "$ticks" -lt "$rounds" ] || kill -TERM $$
}
`;
/** It is not the second that the loop waits for. */
const SHORT = 'SILENCE_SECONDS=01';
/** What it does when it has seen the TERM, until then as it was. */
const ENDS = ['looks: ', 'farewell'];
/** What goes on beside the loop, now sooner and now later. */
const BESIDE = ['waits a moment', 'waits a second', 'looks for Services'];

describe.each(shells)('In %s, a keeper', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  /** Beside a server that says this, one line after another. */
  async function kept(server: string, commands = '', variables: Record<string, string> = {}): Promise<string[]> {
    const folder = mkdtempSync(join(tmpdir(), 'keep-'));
    try {
      const PATH = withPrograms(join(folder, 'bin'), { 'valkey-cli': server });
      const { stdout, stderr, status } = await runAlone(
        shell,
        ['common.sh', 'hosts.sh', 'keep.sh'],
        `${KEEPER}\n${commands}\nkeep tick`,
        { ...VARIABLES, PATH, DATA_DIR: folder, RUN_DIR: folder, ...variables },
      );
      expect(stderr).toBe('');
      expect(status).toBe(0);
      return stdout.split('\n').slice(0, -1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.concurrent('looks when its server has answered, and at once when that ends.', async () => {
    const lines = await kept('for word in a b; do echo $word; sleep 0.1 >/dev/null; done', 'rounds=7');
    const stream = ['looks: a', 'looks: b', 'looks: '];
    expect(lines.slice(0, 8)).toEqual(['waits a moment', 'looks: ', ...stream, ...stream]);
  });

  test.concurrent('waits a second where it hears nothing, and a moment only for two seconds.', async () => {
    const lines = await kept('exit 1', 'rounds=12; listen() { :; }');
    const looks = (count: number, waits: string): string[] => Array<string[]>(count).fill([waits, 'looks: ']).flat();
    expect(lines.slice(0, 24)).toEqual([...looks(10, 'waits a moment'), ...looks(2, 'waits a second')]);
  });

  test.concurrent('begins to listen once in a second to a server that ends it again and again.', async () => {
    const lines = await kept('echo a', 'rounds=5; passed() { [ "$1 $2" = "0 1000" ]; }');
    expect(lines.slice(0, 8)).toEqual([
      ...['waits a moment', 'looks: ', 'looks: a', 'looks: '],
      ...['waits a moment', 'looks: ', 'waits a moment', 'looks: '],
    ]);
  });

  test.concurrent('is not at rest before it hears its server.', async () => {
    const rests = 'rest; echo "rests: $resting"';
    const lines = await kept('exit 1', `rounds=1\nfarewell() { listening=; ${rests}; listening=4711; ${rests}; }`);
    expect(lines.filter((line) => line.startsWith('rests'))).toEqual(['rests: ', 'rests: yes']);
  });

  test.concurrent('is at rest no longer when its server says no more.', async () => {
    const lines = await kept('echo a', 'rounds=3; read_answer() { read -r line <&4 && rest; }');
    expect(lines.slice(0, 4)).toEqual(['waits a moment', 'looks: ', 'looks: a at rest', 'looks: ']);
  });

  test.concurrent('asks as a member, each second for ever, and shows nobody a password.', async () => {
    const server = 'echo "$* ($REDISCLI_AUTH)"; exec sleep 9';
    const asked = '--user member@prod/cache -h 127.0.0.1 -p 6379 -r -1 -i 1 INFO replication';
    expect(await kept(server, 'rounds=2')).toContain(`looks: ${asked} (hunter2)`);
    expect(await kept(server, 'rounds=2', { PASSWORD: '' })).toContain(`looks: ${asked} (none)`);
  });

  test.concurrent('looks in a moment, and hears its server then, where something has just begun.', async () => {
    const begins = 'read_answer() { read -r line <&4; [ "$line" != a ] || { hurry && soon=2; }; }';
    const lines = await kept('echo a; echo b; exec sleep 9', `${begins}; rounds=5`);
    const moments = ['waits a moment', 'looks: ', 'waits a moment', 'looks: '];
    expect(lines.slice(0, 8)).toEqual(['waits a moment', 'looks: ', 'looks: a', ...moments, 'looks: b']);
  });

  test.concurrent('remembers when its server was gone.', async () => {
    const lines = await kept('echo a', 'clock() { now=4711; }; rounds=3; farewell() { echo "ended at $ended_at"; }');
    expect(lines).toContain('ended at 4711');
  });

  test.concurrent('does not wait for a server that says nothing any more.', async () => {
    const lines = await kept('echo a; exec sleep 60', `${SHORT} rounds=3`);
    expect(lines.slice(0, 4)).toEqual(['waits a moment', 'looks: ', 'looks: a', 'looks: ']);
  });

  test.concurrent('hears a server as long as it says something.', async () => {
    const server = 'for word in a b c d e f g; do sleep 0.3 >/dev/null; echo $word; done';
    const lines = await kept(server, 'SILENCE_SECONDS=001 rounds=8');
    expect(lines.slice(2, 9)).toEqual('a b c d e f g'.split(' ').map((word) => `looks: ${word}`));
  });

  describe('that is told to stop', () => {
    test.concurrent('goes on until its server is gone, and looks for Services meanwhile.', async () => {
      // Which lasts until Services were looked for.
      const server =
        '(flock 8; : >"$DATA_DIR/held"; until [ -e "$DATA_DIR/looked" ]; do command sleep 0.05; done; echo "the server is gone") 8>"$DATA_DIR/.lock" &';
      const runs = 'until [ -e "$DATA_DIR/held" ]; do command sleep 0.05; done';
      const looks = `look_for_services() { echo 'looks for Services'; : >"$DATA_DIR/looked"; }`;
      const lines = await kept('exec sleep 9', `${server} ${runs}; ${looks}; rounds=1; listen() { :; }`);
      const at = (line: string): number => lines.indexOf(line);
      expect(lines[1]).toBe('looks: ');
      expect(at('looks for Services')).toBeGreaterThan(1);
      expect(at('the server is gone')).toBeGreaterThan(at('looks for Services'));
      expect(at('farewell')).toBeGreaterThan(at('the server is gone'));
    });

    test.concurrent('ends where nobody holds the volume, also while it listens.', async () => {
      const lines = await kept('echo a; exec sleep 9', 'rounds=2');
      expect(lines.slice(0, 3)).toEqual(['waits a moment', 'looks: ', 'looks: a']);
      expect(lines).toContain('farewell'); // what it began in the background may say something later
      const listens = 'until [ -s "$RUN_DIR/answered" ] 2>/dev/null; do command sleep 0.05; done; command sleep 0.2';
      const waiting = await kept('exec sleep 9', `(${listens}; kill -TERM $$) &`);
      expect(waiting.filter((line) => !BESIDE.includes(line))).toEqual(['looks: ', ...ENDS]);
    });

    test.concurrent('ends where there are no locks.', async () => {
      const lines = await kept('exit 1', "flock() { echo 'No locks available' >&2; return 71; }; rounds=2");
      expect(lines).toContain('farewell');
    });
  });

  test.concurrent('looks names up now and then, and at rest seldom.', async () => {
    const due =
      'due=due; for waited in 9 10 59 60; do ! names_are_due $waited || due="$due $waited"; done; echo "$due"';
    const lines = await kept('exit 1', `rounds=1\nfarewell() { listening=1; rest; ${due}; wake; ${due}; }`);
    expect(lines.filter((line) => line.startsWith('due'))).toEqual(['due 60', 'due 10 59 60']);
  });

  test.concurrent(
    'looks every fifth time at what Kubernetes has brought, and each time before it hears its server.',
    async () => {
      const looks = 'due=brought; for look in 1 2 3 4 5 6 7 8 9 10 11; do ! secrets_are_due || due="$due $look"; done';
      const lines = await kept('exit 1', `rounds=1\nfarewell() { listening=; ${looks}; echo "$due"; listening=1; ${looks}; echo "$due"; }`); // prettier-ignore
      expect(lines.filter((line) => line.startsWith('brought'))).toEqual([
        'brought 1 2 3 4 5 6 7 8 9 10 11',
        'brought 5 10',
      ]);
    },
  );

  test.concurrent('goes on looking names up where one can not be found.', async () => {
    const server = 'while :; do echo a; sleep 0.2 >/dev/null; done';
    const never =
      'refresh_hosts() { echo "looks names up"; looked=$((${looked:-0} + 1)); [ "$looked" -lt 2 ] || kill -TERM $$; return 1; }';
    const lines = await kept(server, `${SHORT} HOSTS_SECONDS=1 rounds=999\n${never}`);
    expect(lines.filter((line) => line === 'looks names up').length).toBeGreaterThan(1);
  });
});
