import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import { Risk } from '../../lib';
import { messageOf, refusedWith, synth } from '../support/synth';

const memoryOf = (mebibytes: number) => ({
  memory: { request: Size.mebibytes(mebibytes), limit: Size.mebibytes(mebibytes) },
});

describe('The memory limit', () => {
  const settings = { maxmemory: Size.mebibytes(512) };

  test('holds the data, a fork, and the larger of backlog and replica buffer.', () => {
    expect(synth({ settings })).not.toEqual([]);
    expect(messageOf({ settings: { maxmemory: Size.mebibytes(513) } })).toBe(
      refusedWith(
        'settings.maxmemory = 513Mi: needs a memory limit of 1050112Ki (× 1.5 for a fork, and the larger of backlog and replica buffer), and cache-master, cache-replica-1, cache-replica-2 has 1Gi; write a higher memory limit or a lower maxmemory, or accept it: acceptRisks: [Risk.MEMORY_WITHOUT_HEADROOM] [memory-headroom]',
      ),
    );
    const acceptRisks = [Risk.MEMORY_WITHOUT_HEADROOM];
    expect(synth({ settings: { maxmemory: Size.mebibytes(513) }, acceptRisks })).not.toEqual([]);
  });

  test('is enough on every node, for each may be the master.', () => {
    const nodes = { replicaOverrides: { replica2: { resources: memoryOf(1000) } } };
    expect(messageOf({ settings, nodes })).toBe(
      refusedWith(
        'settings.maxmemory = 512Mi: needs a memory limit of 1Gi (× 1.5 for a fork, and the larger of backlog and replica buffer), and cache-replica-2 has 1000Mi; write a higher memory limit or a lower maxmemory, or accept it: acceptRisks: [Risk.MEMORY_WITHOUT_HEADROOM] [memory-headroom]',
      ),
    );
  });

  test('may be left out where maxmemory is given.', () => {
    expect(synth({ settings, nodes: { resources: { cpu: { request: Cpu.millis(100) } } } })).not.toEqual([]);
  });

  test.each([
    ['that is missing', { nodes: { resources: {} } }],
    ['that is too small for anything', { nodes: { resources: memoryOf(256) } }],
    ['beside a maxmemory of zero', { settings: { maxmemory: Size.mebibytes(0) } }],
  ])('%s leaves Redis without one, and that is a risk.', (_, props) => {
    expect(messageOf(props)).toBe(
      refusedWith(
        'settings.maxmemory = none: is no limit: Redis grows until the kernel kills it; write settings.maxmemory, and memory limits that hold it, or accept it: acceptRisks: [Risk.MEMORY_WITHOUT_HEADROOM] [memory-headroom]',
      ),
    );
    expect(synth({ ...props, acceptRisks: [Risk.MEMORY_WITHOUT_HEADROOM] })).not.toEqual([]);
  });
});

test('A directive of this library is refused.', () => {
  const settings = { directives: { hz: '20', appendonly: 'no', 'lua-time-limit': '100' } };
  expect(messageOf({ settings, sentinels: { directives: { port: '1' } } })).toBe(
    refusedWith(
      "settings.directives.hz = '20': is written by this library; write settings.hz [owned-directive]",
      "settings.directives.appendonly = 'no': is written by this library; write persistence [owned-directive]",
      "sentinels.directives.port = '1': is written by this library; write nodes.port or sentinels.port [owned-directive]",
    ),
  );
});

describe('The guard of a master that is cut off', () => {
  test('is reachable.', () => {
    expect(messageOf({ settings: { minReplicasToWrite: 3 } })).toBe(
      refusedWith(
        'settings.minReplicasToWrite = 3: is more than there are replicas (2), so no write would ever be accepted; write a lower number, or leave it out [guard-reachable]',
      ),
    );
    expect(synth({ settings: { minReplicasToWrite: 2 } })).not.toEqual([]);
  });

  test('closes it before another one opens.', () => {
    const settings = { minReplicasMaxLag: Duration.seconds(5) };
    expect(messageOf({ settings })).toBe(
      refusedWith(
        'settings.minReplicasMaxLag = 5000 ms: is not shorter than sentinels.downAfter (5000 ms): a master that is cut off would still take writes when another one does; write a shorter one, a longer sentinels.downAfter, or settings.minReplicasToWrite 0 [guard-closes-first]',
      ),
    );
    expect(synth({ settings: { minReplicasMaxLag: Duration.seconds(4) } })).not.toEqual([]);
    expect(synth({ settings, sentinels: { downAfter: Duration.millis(5001) } })).not.toEqual([]);
  });

  test('may be off.', () => {
    const settings = { minReplicasToWrite: 0, minReplicasMaxLag: Duration.seconds(60) };
    expect(synth({ settings })).not.toEqual([]);
  });
});
