import { describe, expect, test } from '@jest/globals';
import { Size } from 'cdk8s';
import { Persistence, Risk, Storage } from '../../lib';
import { messageOf, refusedWith, synth } from '../support/synth';

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
