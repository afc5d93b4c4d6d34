import { describe, expect, test } from '@jest/globals';
import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import { Persistence, Risk, Storage } from '../../lib';
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

describe('A claim', () => {
  const settings = { maxmemory: Size.mebibytes(400) };

  test.each([
    ['three times maxmemory for an append-only file', Persistence.aof(), 3, '1200Mi'],
    ['twice maxmemory for snapshots', Persistence.rdb(), 2, '800Mi'],
    ['four times maxmemory for both', Persistence.aofAndRdb(), 4, '1600Mi'],
  ])('has %s, or it is a risk.', (_, persistence, factor, needed) => {
    const sized = (mebibytes: number) => ({
      persistence,
      settings,
      nodes: { master: { storage: Storage.claim({ size: Size.mebibytes(mebibytes) }) } },
    });
    expect(synth(sized(factor * 400))).not.toEqual([]);
    expect(messageOf(sized(factor * 400 - 1))).toBe(
      refusedWith(
        `nodes.master.storage = ${factor * 400 - 1}Mi: can be too small: ${factor} × maxmemory is ${needed}; write a size of ${needed} or more, or accept it: acceptRisks: [Risk.SMALL_CLAIM] [claim-size]`,
      ),
    );
    expect(synth({ ...sized(factor * 400 - 1), acceptRisks: [Risk.SMALL_CLAIM] })).not.toEqual([]);
  });

  test('that exists already has a size that nobody knows here.', () => {
    const nodes = { master: { storage: Storage.existingClaim('old-data') } };
    expect(synth({ nodes })).not.toEqual([]);
  });

  test('belongs to one member.', () => {
    const storage = Storage.existingClaim('cache-sentinel-1');
    const nodes = { master: { storage: Storage.existingClaim('shared') }, replicaOverrides: { replica1: { storage } } };
    const sentinels = { overrides: { sentinel2: { storage: Storage.existingClaim('shared') } } };
    const taken = 'is the claim of another member, and two servers on one volume destroy its data';
    expect(messageOf({ nodes, sentinels })).toBe(
      refusedWith(
        `sentinels.overrides.sentinel1.storage = 'cache-sentinel-1': ${taken}; give each member a claim of its own [claim-taken]`,
        `sentinels.overrides.sentinel2.storage = 'shared': ${taken}; give each member a claim of its own [claim-taken]`,
      ),
    );
  });

  test('of a group belongs to nobody.', () => {
    expect(messageOf({ nodes: { storage: Storage.existingClaim('shared') } })).toMatch(/: 2 problems\n.*claim-taken/);
  });
});

describe('A request', () => {
  test('is at most its limit: memory.', () => {
    const resources = { memory: { request: Size.mebibytes(1025), limit: Size.gibibytes(1) } };
    expect(messageOf({ nodes: { master: { resources } } })).toBe(
      refusedWith(
        'nodes.master.resources.memory.request = 1025Mi: is more than its limit of 1Gi; write at most the limit [request-within-limit]',
      ),
    );
  });

  test('is at most its limit: CPU, in millicores or units.', () => {
    const resources = { cpu: { request: Cpu.units(1.5), limit: Cpu.millis(1400) } };
    expect(messageOf({ sentinels: { overrides: { sentinel3: { resources } } } })).toBe(
      refusedWith(
        'sentinels.overrides.sentinel3.resources.cpu.request = 1.5: is more than its limit of 1400m; write at most the limit [request-within-limit]',
      ),
    );
  });

  test('is at most its limit: ephemeral storage, and in a keeper.', () => {
    const keeperResources = { ephemeralStorage: { request: Size.mebibytes(2), limit: Size.mebibytes(1) } };
    expect(messageOf({ nodes: { keeperResources }, sentinels: { keeperResources } })).toBe(
      refusedWith(
        'nodes.keeperResources.ephemeralStorage.request = 2Mi: is more than its limit of 1Mi; write at most the limit [request-within-limit]',
        'sentinels.keeperResources.ephemeralStorage.request = 2Mi: is more than its limit of 1Mi; write at most the limit [request-within-limit]',
      ),
    );
  });

  test('may be its limit, or have none.', () => {
    const resources = { cpu: { request: Cpu.units(1), limit: Cpu.millis(1000) }, ...memoryOf(1024) };
    expect(synth({ nodes: { resources } })).not.toEqual([]);
  });
});

test('Storage that is gone with the pod is a risk.', () => {
  const storage = Storage.ephemeral();
  const props = {
    nodes: { replicaOverrides: { replica2: { storage } } },
    sentinels: { overrides: { sentinel1: { storage } } },
  };
  expect(messageOf(props)).toBe(
    refusedWith(
      'nodes.replicaOverrides.replica2.storage = ephemeral: loses the data with the pod; write Storage.claim(), or accept it: acceptRisks: [Risk.EPHEMERAL_STORAGE] [ephemeral-storage]',
      "sentinels.overrides.sentinel1.storage = ephemeral: loses the sentinel's memory with the pod; write Storage.claim(), or accept it: acceptRisks: [Risk.EPHEMERAL_STORAGE] [ephemeral-storage]",
    ),
  );
  expect(synth({ ...props, acceptRisks: [Risk.EPHEMERAL_STORAGE] })).not.toEqual([]);
});

test.each([
  ['none()', Persistence.none()],
  ['no save point', Persistence.rdb({ savePoints: [] })],
])('Nothing on disk is a risk: %s', (_, persistence) => {
  expect(messageOf({ persistence })).toBe(
    refusedWith(
      'persistence = none: loses all data when the nodes stop together; write Persistence.aof(), or accept it: acceptRisks: [Risk.NO_PERSISTENCE] [no-persistence]',
    ),
  );
  expect(synth({ persistence, acceptRisks: [Risk.NO_PERSISTENCE] })).not.toEqual([]);
});
