import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import {
  FsyncPolicy,
  LogLevel,
  MaxmemoryPolicy,
  Persistence,
  Risk,
  type RedisSentinelClusterProps,
  type RedisSettings,
} from '../../lib/index';
import { OWNED } from '../../lib/settings/directives';
import * as all from '../support/all-props';
import { container, environment, type Manifest } from '../support/manifests';
import { at, problemsOf, synth } from '../support/synth';

type Typed = Exclude<keyof RedisSettings, 'directives'>;

function variablesOf(objects: Manifest[], deployment: string, name: string): Record<string, string> {
  return environment(objects, container(objects, deployment, name));
}

/** The lines of redis.conf, or of a sentinel's file, as the scripts write them from the variables. */
function linesOf(
  props: RedisSentinelClusterProps,
  what: 'nodes' | 'sentinels' = 'nodes',
  prefix = 'REDIS_CONF',
): string[] {
  const objects = synth(props);
  const variables =
    what === 'nodes'
      ? variablesOf(objects, 'cache-master', 'redis')
      : variablesOf(objects, 'cache-sentinel-1', 'sentinel');
  return Object.entries(variables)
    .filter(([variable]) => variable.startsWith(`${prefix}_`))
    .map(([variable, value]) => {
      const directive = variable
        .slice(prefix.length + 1)
        .toLowerCase()
        .replaceAll('_', '-');
      return `${directive} ${value}`;
    })
    .sort();
}

const lines: { readonly [S in Typed]: [RedisSettings[S], string[]][] } = {
  maxmemory: [
    [Size.mebibytes(300), ['maxmemory 300mb']],
    [Size.kibibytes(300_001), ['maxmemory 300001kb']],
  ],
  maxmemoryPolicy: Object.values(MaxmemoryPolicy).map((policy) => [policy, [`maxmemory-policy ${policy}`]]),
  maxclients: [[5000, ['maxclients 5000']]],
  timeout: [[Duration.minutes(5), ['timeout 300']]],
  tcpKeepalive: [[Duration.seconds(30), ['tcp-keepalive 30']]],
  tcpBacklog: [[1024, ['tcp-backlog 1024']]],
  databases: [[4, ['databases 4']]],
  ioThreads: [[2, ['io-threads 2']]],
  hz: [[20, ['hz 20']]],
  activedefrag: [
    [true, ['activedefrag yes']],
    [false, ['activedefrag no']],
  ],
  lazyFree: [
    [
      true,
      [
        'lazyfree-lazy-eviction yes',
        'lazyfree-lazy-expire yes',
        'lazyfree-lazy-server-del yes',
        'lazyfree-lazy-user-del yes',
      ],
    ],
  ],
  notifyKeyspaceEvents: [
    ['Ex', ['notify-keyspace-events Ex']],
    ['', ['notify-keyspace-events ""']],
  ],
  slowlogLogSlowerThan: [[Duration.millis(5), ['slowlog-log-slower-than 5000']]],
  slowlogMaxLen: [[256, ['slowlog-max-len 256']]],
  latencyMonitorThreshold: [[Duration.millis(100), ['latency-monitor-threshold 100']]],
  loglevel: Object.values(LogLevel).map((level) => [level, [`loglevel ${level}`]]),
  minReplicasToWrite: [
    [0, ['min-replicas-to-write 0']],
    [2, ['min-replicas-to-write 2']],
  ],
  minReplicasMaxLag: [[Duration.seconds(2), ['min-replicas-max-lag 2']]],
  replBacklogSize: [[Size.mebibytes(32), ['repl-backlog-size 32mb']]],
  replicaOutputBufferLimit: [
    [Size.mebibytes(128), ['client-output-buffer-limit replica 128mb 32768kb 60']],
    [Size.kibibytes(1027), ['client-output-buffer-limit replica 1027kb 256kb 60']],
  ],
  replDisklessSyncDelay: [[Duration.seconds(5), ['repl-diskless-sync-delay 5']]],
  replTimeout: [[Duration.seconds(30), ['repl-timeout 30']]],
};

describe('The setting', () => {
  const cases = Object.entries(lines).flatMap(([setting, values]) =>
    values.map(([value, expected]) => ({ setting, value, expected })),
  );

  test.each(cases)('$setting becomes $expected', ({ setting, value, expected }) => {
    expect(linesOf({ settings: { [setting]: value } })).toEqual(expect.arrayContaining(expected));
  });
});

describe('Without settings', () => {
  test('there are only the lines that this library has another default for.', () => {
    expect(linesOf({})).toEqual([
      'appendfsync everysec',
      'client-output-buffer-limit replica 256mb 65536kb 60',
      'maxmemory 512mb',
      'min-replicas-max-lag 3',
      'min-replicas-to-write 1',
      'repl-backlog-size 64mb',
      'repl-diskless-sync-delay 1',
      'repl-timeout 10',
      'save ""',
    ]);
  });

  test('a master with one replica takes writes without it.', () => {
    expect(linesOf({ nodes: { replicas: 1 } })).toContain('min-replicas-to-write 0');
  });

  test('a master that is cut off is closed before another one opens, also where that is soon.', () => {
    const sentinels = { downAfter: Duration.seconds(3) };
    expect(linesOf({ sentinels })).toContain('min-replicas-max-lag 1');
  });

  test('maxmemory is what the smallest node holds beside the larger of backlog and replica buffer.', () => {
    const memory = { request: Size.mebibytes(640), limit: Size.mebibytes(640) };
    const props = { nodes: { replicaOverrides: { replica2: { resources: { memory } } } } };
    expect(linesOf(props)).toContain('maxmemory 256mb');
    const settings = { replBacklogSize: Size.mebibytes(400), replicaOutputBufferLimit: Size.mebibytes(16) };
    expect(linesOf({ ...props, settings })).toContain('maxmemory 160mb');
  });
});

describe('Persistence', () => {
  const written = (props: RedisSentinelClusterProps) => ({
    aof: variablesOf(synth(props), 'cache-master', 'redis')['AOF'],
    lines: linesOf(props).filter((line) => /^(save|append|rdb)/.test(line)),
  });
  const settings = { maxmemory: Size.mebibytes(64) };
  const everySavePoint = 'save 3600 1 300 100 60 10000';

  test.each([
    ['aof()', Persistence.aof(), 'yes', ['appendfsync everysec', 'save ""']],
    ['aof({ fsync })', Persistence.aof({ fsync: FsyncPolicy.ALWAYS }), 'yes', ['appendfsync always', 'save ""']],
    ['rdb()', Persistence.rdb(), 'no', [everySavePoint]],
    ['rdb({ savePoints })', Persistence.rdb({ savePoints: [{ seconds: 30, changes: 5 }] }), 'no', ['save 30 5']],
    ['aofAndRdb()', Persistence.aofAndRdb(), 'yes', ['appendfsync everysec', everySavePoint]],
  ])('%s becomes these lines', (_, persistence, aof, expected) => {
    expect(written({ persistence, settings })).toEqual({ aof, lines: expected });
  });

  test('none() leaves nothing on disk, not even the file of a full copy.', () => {
    const props = { persistence: Persistence.none(), acceptRisks: [Risk.NO_PERSISTENCE] };
    expect(written(props)).toEqual({ aof: 'no', lines: ['rdb-del-sync-files yes', 'save ""'] });
  });
});

describe("A sentinel's file", () => {
  test('has the times of a failover.', () => {
    const sentinels = { downAfter: Duration.seconds(7), failoverTimeout: Duration.seconds(20), parallelSyncs: 2 };
    expect(linesOf({ sentinels }, 'sentinels', 'SENTINEL_CONF')).toEqual([
      'down-after-milliseconds 7000',
      'failover-timeout 20000',
      'master-reboot-down-after-period 7000',
      'parallel-syncs 2',
    ]);
    expect(linesOf({}, 'sentinels', 'SENTINEL_CONF')).toEqual([
      'down-after-milliseconds 5000',
      'failover-timeout 5000',
      'master-reboot-down-after-period 5000',
      'parallel-syncs 1',
    ]);
  });

  test('has directives of its own, also those that are props of the nodes only.', () => {
    const directives = { loglevel: 'verbose', 'tcp-keepalive': '30' };
    expect(linesOf({ sentinels: { directives } }, 'sentinels')).toEqual(['loglevel verbose', 'tcp-keepalive 30']);
  });
});

/** What this library writes itself, and what to do instead. */
const owned: Record<string, string[]> = {
  'write persistence': ['appendonly', 'appendfsync', 'save'],
  'leave it: the start rule looks for this file': ['appendfilename', 'dbfilename'],
  'leave it: the start rule looks for this folder': ['appenddirname'],
  'leave it: the volume is mounted there': ['dir'],
  'write nodes.port or sentinels.port': ['port'],
  'write tls': [
    ...['tls-port', 'tls-cert-file', 'tls-key-file', 'tls-ca-cert-file', 'tls-ca-cert-dir', 'tls-auth-clients'],
    ...['tls-replication', 'tls-protocols', 'tls-ciphers', 'tls-ciphersuites'],
  ],
  'leave it: a key in a Secret has no passphrase': ['tls-key-file-pass', 'tls-client-key-file-pass'],
  'leave it: a member has one certificate, for servers and clients': ['tls-client-cert-file', 'tls-client-key-file'],
  'leave it: the keeper loads a new certificate when it has been tried': ['tls-auto-reload-interval'],
  'leave it: a pod listens on its only address': ['bind'],
  'write auth': ['requirepass', 'masterauth', 'primaryauth'],
  'leave it: auth and networkPolicy say who gets in': ['protected-mode'],
  'leave it: replicas copy as a user of their own': ['masteruser', 'primaryuser'],
  'write users': ['user', 'aclfile'],
  'leave it: the keeper gives a node its role': ['replicaof', 'slaveof'],
  'leave it: the keeper sets it when a node is in sync': ['replica-priority', 'slave-priority'],
  'leave it: a node without a role must refuse reads': ['replica-serve-stale-data', 'slave-serve-stale-data'],
  'leave it: a write on a replica is lost': ['replica-read-only', 'slave-read-only'],
  'leave it: a node is known by the name of its Service': ['replica-announce-ip', 'slave-announce-ip'],
  'write nodes.port': ['replica-announce-port', 'slave-announce-port'],
  'write settings.minReplicasToWrite': ['min-slaves-to-write'],
  'write settings.minReplicasMaxLag': ['min-slaves-max-lag'],
  'leave it: a node shows its mark there': ['syslog-ident'],
  'leave it: a container logs to its standard output': ['syslog-enabled', 'logfile'],
  'leave it: the server is the process of its container': ['daemonize', 'supervised', 'pidfile'],
  'leave it: a replica in its first sync would ignore the signal': ['shutdown-on-sigterm'],
  'write settings.directives or sentinels.directives': ['include'],
  'leave it: Sentinel and Redis Cluster exclude one another': ['cluster-enabled'],
  'leave it: its second connection announces a pod address, and that ends in a master that follows itself': [
    'repl-rdb-channel',
    'dual-channel-replication-enabled',
  ],
  'leave it: the keeper and the sentinels need every command under its name, and users says who may use it': [
    'rename-command',
  ],
  'write sentinels': ['sentinel'],
};

/** Directives that are props of the nodes. */
const typed: { readonly [S in Typed]: string[] } = {
  maxmemory: ['maxmemory'],
  maxmemoryPolicy: ['maxmemory-policy'],
  maxclients: ['maxclients'],
  timeout: ['timeout'],
  tcpKeepalive: ['tcp-keepalive'],
  tcpBacklog: ['tcp-backlog'],
  databases: ['databases'],
  ioThreads: ['io-threads'],
  hz: ['hz'],
  activedefrag: ['activedefrag'],
  lazyFree: ['lazyfree-lazy-eviction', 'lazyfree-lazy-expire', 'lazyfree-lazy-server-del', 'lazyfree-lazy-user-del'],
  notifyKeyspaceEvents: ['notify-keyspace-events'],
  slowlogLogSlowerThan: ['slowlog-log-slower-than'],
  slowlogMaxLen: ['slowlog-max-len'],
  latencyMonitorThreshold: ['latency-monitor-threshold'],
  loglevel: ['loglevel'],
  minReplicasToWrite: ['min-replicas-to-write'],
  minReplicasMaxLag: ['min-replicas-max-lag'],
  replBacklogSize: ['repl-backlog-size'],
  replicaOutputBufferLimit: ['client-output-buffer-limit'],
  replDisklessSyncDelay: ['repl-diskless-sync-delay'],
  replTimeout: ['repl-timeout'],
};

const ownedCases = Object.entries(owned).flatMap(([remedy, directives]) =>
  directives.map((directive) => ({ directive, remedy })),
);
const typedCases = Object.entries(typed).flatMap(([setting, directives]) =>
  directives.map((directive) => ({ directive, remedy: `write settings.${setting}` })),
);

describe('A raw directive', () => {
  test('that is ours is looked at here.', () => {
    expect(ownedCases.map(({ directive }) => directive).sort()).toEqual(Object.keys(OWNED).sort());
  });

  test('is written as it is.', () => {
    const directives = { 'active-expire-effort': '4', 'oom-score-adj': 'no' };
    const expected = expect.arrayContaining(['active-expire-effort 4', 'oom-score-adj no']);
    expect(linesOf({ settings: { directives } })).toEqual(expected);
  });

  test.each([...ownedCases, ...typedCases])('of the nodes is refused where it is ours: $directive', (refused) => {
    expect(problemsOf({ settings: { directives: { [refused.directive]: 'yes' } } })).toEqual([
      expect.objectContaining({
        rule: 'owned-directive',
        property: `settings.directives.${refused.directive}`,
        must: 'is written by this library',
        remedy: refused.remedy,
      }),
    ]);
  });

  test.each(ownedCases)('of the sentinels is refused where it is ours: $directive', ({ directive, remedy }) => {
    expect(problemsOf({ sentinels: { directives: { [directive]: 'yes' } } })).toEqual([
      expect.objectContaining({ rule: 'owned-directive', property: `sentinels.directives.${directive}`, remedy }),
    ]);
  });
});

describe('A remedy', () => {
  const remedies = [...new Set([...ownedCases, ...typedCases].map(({ remedy }) => remedy))];
  const propsOf = (remedy: string) => /^write (.*)$/.exec(remedy)?.[1]?.split(' or ') ?? [];

  /** Every prop with a value that is not its default. */
  const values: object[] = [
    all.cluster,
    { nodes: all.nodes, sentinels: all.sentinels, settings: all.settings, security: all.security },
  ];
  const valueOf = (path: string) =>
    values
      .map((value) => path.split('.').reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), value))
      .find((value) => value !== undefined);

  test.each(remedies)('names a prop, says why to leave it, or that there is nothing yet: %s', (remedy) => {
    if (propsOf(remedy).length === 0) expect(remedy).toMatch(/^(leave it|not offered yet): \S/);
  });

  test.each([...new Set(remedies.flatMap(propsOf))])('that says to write %s gets past the rule.', (path) => {
    const followed = at(path, valueOf(path));
    expect(valueOf(path)).toBeDefined();
    expect(problemsOf(followed)).toEqual([]);
    expect(synth(followed)).not.toEqual(synth());
  });
});

test('A value is what it is, also where Kubernetes would take it for a reference.', () => {
  const variables = (value: string) =>
    container(synth({ settings: { directives: { 'proc-title-template': value } } }), 'cache-master', 'redis').env;
  const written = (value: string) =>
    expect.arrayContaining([{ name: 'REDIS_CONF_PROC_TITLE_TEMPLATE', value }]) as unknown;
  expect(variables('$(SELF)')).toEqual(written('$$(SELF)'));
  expect(variables('a$$b$')).toEqual(written('a$$$$b$$'));
  expect(variables('K$')).toEqual(written('K$'));
});
