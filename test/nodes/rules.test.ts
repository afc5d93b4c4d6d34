import { expect, test } from '@jest/globals';
import { Risk } from '../../lib';
import { messageOf, refusedWith, synth } from '../support/synth';

test('A master without a replica is a risk.', () => {
  expect(messageOf({ nodes: { replicas: 0 } })).toBe(
    refusedWith(
      'nodes.replicas = 0: leaves nobody to take over when the master is lost; write 2, or accept it: acceptRisks: [Risk.NO_REPLICA] [no-replica]',
    ),
  );
  expect(synth({ nodes: { replicas: 0 }, acceptRisks: [Risk.NO_REPLICA] })).not.toEqual([]);
});

test('An override of a member that is not there is refused.', () => {
  const nodes = { replicaOverrides: { replica2: {}, replica3: {} } };
  const sentinels = { overrides: { sentinel3: {}, sentinel4: {} } };
  expect(messageOf({ nodes, sentinels })).toBe(
    refusedWith(
      'nodes.replicaOverrides.replica3 = an object: does nothing: there are 2 replicas; delete it, or raise the number [override-without-member]',
      'sentinels.overrides.sentinel4 = an object: does nothing: there are 3 sentinels; delete it, or raise the number [override-without-member]',
    ),
  );
});
