import { describe, expect, test } from '@jest/globals';
import { Risk } from '../../lib';
import { messageOf, refusedWith, synth } from '../support/synth';
import { Duration } from 'cdk8s';

describe('The quorum', () => {
  test('can not be above the number of sentinels.', () => {
    expect(messageOf({ sentinels: { quorum: 4 } })).toBe(
      refusedWith(
        'sentinels.quorum = 4: is more than there are sentinels (3), so no master would ever be replaced; write 2, or leave it out [quorum-reachable]',
      ),
    );
  });

  test('below a majority is a risk.', () => {
    expect(messageOf({ sentinels: { count: 5, quorum: 2 } })).toBe(
      refusedWith(
        'sentinels.quorum = 2: is no majority of 5 sentinels: the few that are cut off start failovers that nobody elects; write 3, or leave it out, or accept it: acceptRisks: [Risk.LOW_QUORUM] [low-quorum]',
      ),
    );
    expect(synth({ sentinels: { count: 5, quorum: 2 }, acceptRisks: [Risk.LOW_QUORUM] })).not.toEqual([]);
  });
});

describe('The number of sentinels', () => {
  test('one is a risk.', () => {
    expect(messageOf({ sentinels: { count: 1 } })).toBe(
      refusedWith(
        'sentinels.count = 1: leaves nobody to promote a replica when its machine is lost; write 3, or accept it: acceptRisks: [Risk.SINGLE_SENTINEL] [single-sentinel]',
      ),
    );
    expect(synth({ sentinels: { count: 1 }, acceptRisks: [Risk.SINGLE_SENTINEL] })).not.toEqual([]);
  });

  test.each([
    [2, 1, 3],
    [4, 3, 5],
    [8, 7, 9],
  ])('%i is a risk, for it survives no more losses than %i.', (count, fewer, more) => {
    expect(messageOf({ sentinels: { count } })).toBe(
      refusedWith(
        `sentinels.count = ${count}: survives no more losses than ${fewer}; write ${more}, or accept it: acceptRisks: [Risk.EVEN_SENTINELS] [even-sentinels]`,
      ),
    );
    expect(synth({ sentinels: { count }, acceptRisks: [Risk.EVEN_SENTINELS] })).not.toEqual([]);
  });

  test.each([3, 5, 7, 9])('%i is none.', (count) => {
    expect(synth({ sentinels: { count } })).not.toEqual([]);
  });
});

test('A failover after less than 3 seconds is a risk.', () => {
  expect(messageOf({ sentinels: { downAfter: Duration.millis(2999) } })).toBe(
    refusedWith(
      'sentinels.downAfter = 2999 ms: is shorter than a fork or a slow command may freeze a healthy master; write Duration.seconds(5), or accept it: acceptRisks: [Risk.HASTY_FAILOVER] [hasty-failover]',
    ),
  );
  const sentinels = { downAfter: Duration.millis(2999) };
  expect(synth({ sentinels, acceptRisks: [Risk.HASTY_FAILOVER] })).not.toEqual([]);
  expect(synth({ sentinels: { downAfter: Duration.seconds(3) } })).not.toEqual([]);
});
