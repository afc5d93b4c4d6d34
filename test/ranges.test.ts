import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import { Persistence, Storage } from '../lib';
import { at, messageOf, problemsOf, refusedWith } from './support/synth';

/** What says of a value itself that it is out of range; whether it fits the others is the business of the rules. */
function rangeProblems(path: string, value: unknown): string[] {
  return problemsOf(at(path, value))
    .filter(({ rule }) => rule === 'range' || rule === 'type')
    .map(({ property, must }) => `${property} ${must}`);
}

const KIB = 1024;
const GIB = KIB ** 2;
const HOUR = 3600;

describe('The whole number', () => {
  const member = [['deployment.revisionHistoryLimit', 0, 100]] as const;
  test.each<readonly [string, number, number]>([
    ['nodes.replicas', 0, 9],
    ['nodes.port', 1, 65_535],
    ['sentinels.count', 1, 9],
    ['sentinels.port', 1, 65_535],
    ['sentinels.quorum', 1, 9],
    ['sentinels.parallelSyncs', 1, 9],
    ['security.user', 1, 2_147_483_647],
    ['security.group', 0, 2_147_483_647],
    ['security.fsGroup', 0, 2_147_483_647],
    ['settings.maxclients', 1, 1_000_000],
    ['settings.tcpBacklog', 1, 65_535],
    ['settings.databases', 1, 1024],
    ['settings.ioThreads', 1, 128],
    ['settings.hz', 1, 500],
    ['settings.slowlogMaxLen', 0, 1_000_000],
    ['settings.minReplicasToWrite', 0, 9],
    ...[
      'nodes',
      'nodes.master',
      'nodes.replicaOverrides.replica1',
      'sentinels',
      'sentinels.overrides.sentinel1',
    ].flatMap((place) => member.map(([name, min, max]) => [`${place}.${name}`, min, max] as const)),
  ])('%s is from %i to %i.', (path, min, max) => {
    const problem = [`${path} must be a whole number from ${min} to ${max}`];
    expect([min - 1, max + 1, min + 0.5, Number.NaN, String(min)].map((value) => rangeProblems(path, value))).toEqual(
      Array(5).fill(problem),
    );
    expect([min, max].flatMap((value) => rangeProblems(path, value))).toEqual([]);
  });

  test('of a DNS port is a port, and there is one at least.', () => {
    expect(rangeProblems('networkPolicy.dnsPorts', [53, 0])).toEqual([
      'networkPolicy.dnsPorts[1] must be a whole number from 1 to 65535',
    ]);
    expect(messageOf({ networkPolicy: { dnsPorts: [] } })).toBe(
      refusedWith(
        'networkPolicy.dnsPorts = a list: leaves no way to look up a name; write [53, 5353], or leave it out [empty]',
      ),
    );
  });
});

describe('The time', () => {
  const places = [
    'nodes',
    'nodes.master',
    'nodes.replicaOverrides.replica2',
    'sentinels',
    'sentinels.overrides.sentinel3',
  ];
  test.each<readonly [string, number, number, 'seconds' | 'milliseconds', number]>([
    ['sentinels.downAfter', 100, HOUR * 1000, 'milliseconds', 1],
    ['sentinels.failoverTimeout', 1000, HOUR * 1000, 'milliseconds', 1],
    ['settings.timeout', 0, 365 * 24 * HOUR, 'seconds', 1000],
    ['settings.tcpKeepalive', 0, 24 * HOUR, 'seconds', 1000],
    ['settings.latencyMonitorThreshold', 0, HOUR * 1000, 'milliseconds', 1],
    ['settings.minReplicasMaxLag', 1, HOUR, 'seconds', 1000],
    ['settings.replDisklessSyncDelay', 0, 60, 'seconds', 1000],
    ['settings.replTimeout', 2, HOUR, 'seconds', 1000],
    ['healthCheck.timeout', 1, 24 * HOUR, 'seconds', 1000],
    ...places.map((place) => [`${place}.deployment.terminationGracePeriod`, 1, 24 * HOUR, 'seconds', 1000] as const),
    ...places.map((place) => [`${place}.deployment.progressDeadline`, 1, 7 * 24 * HOUR, 'seconds', 1000] as const),
  ])('%s is from %i to %i %s.', (path, min, max, unit, milliseconds) => {
    const problem = [`${path} must be whole ${unit}, ${min} to ${max} ${unit}`];
    const outside = [max + 1, min + 0.5, ...(min > 0 ? [min - 1] : [])];
    for (const amount of outside) expect(rangeProblems(path, Duration.millis(amount * milliseconds))).toEqual(problem);
    expect(rangeProblems(path, Duration.millis(Number.NaN))).toEqual(problem);
    expect(rangeProblems(path, Duration.seconds(min + 0.0001))).toEqual(problem);
    for (const amount of [min, max]) expect(rangeProblems(path, Duration.millis(amount * milliseconds))).toEqual([]);
  });

  test('of a slow command is in microseconds.', () => {
    const path = 'settings.slowlogLogSlowerThan';
    const problem = [`${path} must be whole microseconds, 0 to ${HOUR * 1e6} microseconds`];
    expect(rangeProblems(path, Duration.seconds(HOUR + 1))).toEqual(problem);
    expect(rangeProblems(path, Duration.millis(0.0005))).toEqual(problem);
    expect(rangeProblems(path, Duration.seconds(HOUR))).toEqual([]);
    expect(rangeProblems(path, Duration.millis(0.5))).toEqual([]);
  });

  test('has a message with the value in its unit.', () => {
    expect(messageOf({ settings: { replTimeout: Duration.millis(2500) } })).toBe(
      refusedWith(
        'settings.replTimeout = 2.5 seconds: must be whole seconds, 2 to 3600 seconds; write 2 to 3600 seconds [range]',
      ),
    );
  });
});

describe('The size', () => {
  test.each([
    ['settings.replBacklogSize', 16, 16 * GIB],
    ['settings.replicaOutputBufferLimit', KIB, 64 * GIB],
  ])('%s is from %i to %i KiB.', (path, min, max) => {
    const problem = [`${path} must be whole bytes, ${min * KIB} to ${max * KIB} bytes`];
    for (const amount of [min - 1, max + 1]) expect(rangeProblems(path, Size.kibibytes(amount))).toEqual(problem);
    for (const amount of [min, max]) expect(rangeProblems(path, Size.kibibytes(amount))).toEqual([]);
  });

  test('settings.maxmemory has no largest value.', () => {
    expect(rangeProblems('settings.maxmemory', Size.kibibytes(0))).toEqual([]);
    expect(rangeProblems('settings.maxmemory', Size.tebibytes(12))).toEqual([]);
  });

  const fractions = [
    Size.kibibytes(1024.5),
    Size.mebibytes(1.0001),
    Size.gibibytes(Number.NaN),
    Size.gibibytes(Infinity),
  ];
  const members = ['nodes', 'nodes.master', 'sentinels', 'sentinels.overrides.sentinel2'];
  test.each([
    'settings.maxmemory',
    'settings.replBacklogSize',
    ...members.flatMap((place) => [`${place}.resources.memory.limit`, `${place}.resources.ephemeralStorage.request`]),
    'nodes.keeperResources.memory.request',
  ])('%s is a whole number of KiB.', (path) => {
    for (const size of fractions) expect(rangeProblems(path, size)).toEqual([`${path} must be whole KiB`]);
  });

  test('may be any whole number of KiB.', () => {
    const size = Size.kibibytes(4 * GIB + 1);
    const props = { nodes: { storage: Storage.claim({ size }) }, persistence: Persistence.aof() };
    expect(problemsOf(props)).toEqual([]);
  });
});
