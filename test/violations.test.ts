import { describe, expect, test } from '@jest/globals';
import type { Failure } from './live/kit/failure';
import { type Observation, violations } from './live/kit/observed';

const nothing = { acknowledged: 9, gap: 5000, lost: [], lastOnes: ['key:4'] };
const seen: Observation = {
  pooled: nothing,
  reconnecting: nothing,
  seconds: 5,
  twoMasters: [],
  emptyMasters: [],
  podAddresses: [],
  before: 'cache-master',
  after: 'cache-replica-1',
  remark: '',
};
const failure: Failure = { name: 'some failure', happens: () => Promise.resolve() };

describe('what the live tests call a violation', () => {
  test.each([
    ['nothing, where all is well', failure, seen, []],
    [
      'a lost write, be it the last before a silence',
      failure,
      { ...seen, reconnecting: { ...nothing, lost: ['key:4'] } },
      ['lost: key:4, the last before a silence (1)'],
    ],
    [
      'not the last one where the master goes without a word',
      { ...failure, sudden: true },
      { ...seen, reconnecting: { ...nothing, lost: ['key:4'] } },
      [],
    ],
    [
      'one more even then',
      { ...failure, sudden: true },
      { ...seen, pooled: { ...nothing, lost: ['key:3', 'key:4'] } },
      ['lost: key:3 (1)'],
    ],
    [
      'no lost write where they are only counted',
      { ...failure, mayLose: 'nobody replicates' },
      { ...seen, pooled: { ...nothing, lost: ['key:3'] } },
      [],
    ],
    [
      'two masters, an empty one, an address of a pod',
      failure,
      { ...seen, twoMasters: ['1 s: a and b'], emptyMasters: ['2 s: a'], podAddresses: ['10.0.0.1'] },
      ['twoMasters: 1 s: a and b (1)', 'emptyMasters: 2 s: a (1)', 'podAddresses: 10.0.0.1 (1)'],
    ],
    [
      'another master where the same was expected',
      { ...failure, next: 'same' },
      seen,
      ['master before: cache-master, afterwards: cache-replica-1, expected: same'],
    ],
  ] satisfies [string, Failure, Observation, string[]][])('%s', (_, what, observation, expected) => {
    expect(violations(what, observation)).toEqual(expected);
  });
});
