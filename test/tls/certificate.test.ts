import { describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runEach, shells, withPrograms, type Call } from '../support/shell';

const VARIABLES = {
  ...{ POD_NAMESPACE: 'prod', CLUSTER: 'cache', NODES: 'm r1', SENTINELS: 's1', SELF: 'm' },
  TLS_CLIENTS: 'yes',
};
/** Stands for a trial: whom the CA of a file knows is in its name, as `old+new`. */
const TRIAL = `problem_with() {
  read -r one _ <"$1"; read -r ca <"$2"
  case $one in bad) echo 'key values mismatch' ;; *) case $ca in *"$one"*) ;; *) echo 'unknown ca' ;; esac ;; esac
}`;
const OLD = { certificate: 'old', ca: 'old' };

describe.each(shells)('In %s,', (...words) => {
  const shell = words.filter((word) => typeof word === 'string');

  interface Case {
    readonly used: typeof OLD;
    readonly brought: typeof OLD;
    readonly memory?: Record<string, string>;
  }

  /** What a keeper does with what Kubernetes brings, and what is in memory then. */
  function looks({ used, brought, memory = {} }: Case, commands = 'try_certificate') {
    const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    try {
      const [RUN_DIR, TLS_DIR] = [join(folder, 'run'), join(folder, 'tls')];
      for (const one of [RUN_DIR, TLS_DIR]) mkdirSync(one);
      const files = { 'tls.pem': `${used.certificate}\n\nkey\n`, 'ca.pem': `${used.ca}\n`, ...memory };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(RUN_DIR, name), text);
      const given = { 'tls.crt': `${brought.certificate}\n`, 'tls.key': 'key\n', 'ca.crt': `${brought.ca}\n` };
      for (const [name, text] of Object.entries(given)) {
        writeFileSync(join(TLS_DIR, name), text);
        utimesSync(join(TLS_DIR, name), 1e9, 1e9);
      }
      const variables = { ...VARIABLES, RUN_DIR, TLS_DIR, listening: '7' };
      const { stdout, stderr } = run(shell, ['common.sh', 'certificate.sh'], `${TRIAL}\n${commands}`, variables);
      expect(stderr).toBe('');
      const content = (name: string): string | undefined =>
        existsSync(join(RUN_DIR, name)) ? readFileSync(join(RUN_DIR, name), 'utf8').trim() : undefined;
      return {
        lines: stdout.split('\n').slice(0, -1),
        used: `${content('tls.pem')?.split('\n')[0] ?? ''} ${content('ca.pem') ?? ''}`,
        refused: content('tls.refused'),
        due: content('tls.due') !== undefined,
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.each([
    ['is the same', OLD, OLD, 'old old', undefined],
    ['is of the same CA', OLD, { certificate: 'new', ca: 'old+new' }, 'old old', /CA in use does not know it/],
    ['is another one of the CA', { certificate: 'a', ca: 'abc' }, { certificate: 'b', ca: 'abc' }, 'b abc', undefined],
    ['is known by a bundle only', { certificate: 'old', ca: 'old' }, { certificate: 'old', ca: 'old+new' }, 'old old+new', undefined], // prettier-ignore
    ['is of a new CA, which is known', { certificate: 'old', ca: 'old+new' }, { certificate: 'new', ca: 'old+new' }, 'new old+new', undefined], // prettier-ignore
    ['is of a new CA alone, which is known', { certificate: 'old', ca: 'old+new' }, { certificate: 'new', ca: 'new' }, 'old old+new', /new CA does not know/], // prettier-ignore
    ['is the last one of the old CA', { certificate: 'new', ca: 'old+new' }, { certificate: 'new', ca: 'new' }, 'new new', undefined], // prettier-ignore
    ['is broken', OLD, { certificate: 'bad', ca: 'old' }, 'old old', /^key values mismatch$/],
    ['is unknown to its own CA', OLD, { certificate: 'new', ca: 'old' }, 'old old', /^unknown ca$/],
    ['comes after one that is good no longer', { certificate: 'bad', ca: 'old' }, { certificate: 'new', ca: 'new' }, 'new new', undefined], // prettier-ignore
  ])('what Kubernetes brings %s.', (_, used, brought, becomes, refused) => {
    const result = looks({ used, brought, memory: { 'tls.loaded': 'as it was' } });
    expect(result.used).toBe(becomes);
    if (refused === undefined) expect(result.refused).toBeUndefined();
    else expect(result.refused).toMatch(refused);
    expect(result.due).toBe(true); // by what the server has, which is neither
    expect(result.lines).toHaveLength(refused === undefined ? 0 : 1);
  });

  test('what a server has already it need not load.', () => {
    const commands = 'fingerprint >"$RUN_DIR/tls.loaded"; try_certificate';
    expect(looks({ used: OLD, brought: OLD }, commands)).toMatchObject({ due: false });
    const brought = { certificate: 'old', ca: 'old+new' };
    expect(looks({ used: OLD, brought }, commands)).toMatchObject({ due: true });
    expect(looks({ used: OLD, brought }, `${commands}; remember_loaded`)).toMatchObject({ due: false });
  });

  test('what comes while a server has yet to load the one before it waits.', () => {
    const brought = { certificate: 'old', ca: 'old+new' };
    expect(looks({ used: OLD, brought, memory: { 'tls.due': '' } }).used).toBe('old old');
  });

  test('a refusal is said once, and tried again after half a minute.', () => {
    const broken = { used: OLD, brought: { certificate: 'bad', ca: 'old' } };
    const counted = 'problem_of_offer() { echo tried >&3; echo broken; }; exec 3>&1';
    const { lines } = looks(broken, `${counted}; for _ in 1 2 3 4 5; do try_certificate; done`);
    // The second look is for what was brought in the moment of the first.
    expect(lines).toEqual(['tried', expect.stringContaining('the one before it stays: broken'), 'tried']);
    const late = 'clock() { now=40000; }; passed() { [ $((40000 - $1)) -ge "$2" ]; }; tried_at=0';
    const again = `${counted}; try_certificate; try_certificate; ${late}; try_certificate`;
    expect(looks(broken, again).lines.filter((line) => line === 'tried')).toHaveLength(3);
  });

  test('a refusal that was taken back is forgotten.', () => {
    expect(looks({ used: OLD, brought: OLD, memory: { 'tls.refused': 'broken' } }).refused).toBeUndefined();
  });

  test('the server shows a refusal once for each of its starts, and no longer than it lasts.', () => {
    const tell = 'tell() { cat >&3; echo OK; }; exec 3>&1';
    const commands = `${tell}; for listening in '' 7 7 8; do follow_certificate; done; rm "$RUN_DIR/tls.refused"; for _ in 1 2; do follow_certificate; done`;
    const { lines } = looks({ used: OLD, brought: OLD, memory: { 'tls.refused': 'broken' } }, commands);
    expect(lines).toEqual([
      'ACL SETUSER certificate-refused off',
      'ACL SETUSER certificate-refused off',
      'ACL DELUSER certificate-refused',
    ]);
  });

  test('why a certificate is refused is in the words of OpenSSL.', () => {
    const log = (line: string): string => `24:M 26 Nov 2026 08:54:32.114 ${line}\n`;
    const cases: [log: string, reason: string][] = [
      ['# Failed to load private key: a.pem: error:05800074:x509 certificate routines::key values mismatch', 'key values mismatch'], // prettier-ignore
      ['# Failed to load certificate: a.pem: error:0480006C:PEM routines::no start line', 'no start line'],
      ['# Error accepting a client connection: error:0A000415:SSL routines::sslv3 alert certificate expired', 'certificate expired'], // prettier-ignore
      ['# Error accepting a client connection: error:0A000418:SSL routines::tlsv1 alert unknown ca (addr= laddr=127.0.0.1:2)', 'unknown ca'], // prettier-ignore
      ['# Error accepting a client connection: error:0A000415:SSL routines::ssl/tls alert certificate expired', 'certificate expired'], // prettier-ignore
      ['- Reading from client: error:0A000126:SSL routines::unexpected eof while reading', 'what the client said'],
      ['* Ready to accept connections tls', 'what the client said'],
    ];
    const calls = cases.map(([line]): Call => ["reason_in 'what the client said'", log(line) + log('* Bye')]);
    const reasons = runEach(shell, ['common.sh', 'certificate.sh'], calls, {
      ...VARIABLES,
      RUN_DIR: '/nowhere',
      TLS_DIR: '/tls',
    });
    expect(reasons).toEqual(cases.map(([, reason]) => `${reason}\n`));
  });

  test.each([
    [{}, 'redis-cli', 'redis-cli'],
    [
      { TLS_CLIENTS: 'no' },
      'redis-cli --tls --cacert /tls/ca.crt --cert /tls/tls.crt --key /tls/tls.key',
      'redis-cli --tls --cacert /tls/ca.crt --cert /tls/tls.crt --key /tls/tls.key --insecure',
    ],
  ])('a client knows how to connect: %j.', (tls, others, own) => {
    const folder = mkdtempSync(join(tmpdir(), 'client-'));
    const PATH = withPrograms(join(folder, 'bin'), {});
    const variables = { ...tls, PATH, TLS_DIR: '/tls', RUN_DIR: folder };
    const valkey = 'command() { return 1; }\n';
    const read = run(shell, [], `${valkey}${readFileSync('lib/tls/scripts/client.sh', 'utf8')}\necho "$cli"; echo "$own_cli"`, variables); // prettier-ignore
    rmSync(folder, { recursive: true });
    expect(read.stdout.split('\n').slice(0, -1)).toEqual([others, own]);
  });
});
