import { describe, expect, test } from '@jest/globals';
import { Size } from 'cdk8s';
import { Persistence, Storage } from '../../lib/index';
import { at, messageOf, refusedWith } from '../support/synth';

/** Calls a function of a class as a program in plain JavaScript may. */
function made(from: object, name: string, options?: unknown): unknown {
  const make: unknown = Reflect.get(from, name);
  if (typeof make !== 'function') throw new Error(`${name} is no function`);
  return Reflect.apply(make, from, options === undefined ? [] : [options]);
}

describe.each([
  'nodes',
  'sentinels',
  'nodes.master',
  'nodes.replicaOverrides.replica2',
  'sentinels.overrides.sentinel2',
])('The storage of %s is refused', (place) => {
  test.each<[string, unknown, string]>([
    ['claim', { sise: 1 }, '.sise = 1: is not a prop; write one of: size, storageClassName, accessMode [unknown-prop]'],
    ['claim', { size: '2Gi' }, ".size = '2Gi': must be a Size; write Size.mebibytes(…) or Size.gibibytes(…) [type]"],
    ['claim', { size: Size.kibibytes(0.5) }, '.size = a fraction: must be whole KiB; write Size.kibibytes(…) [range]'],
    ['claim', { storageClassName: 7 }, ".storageClassName = 7: must be a string; write '…' [type]"],
    [
      'claim',
      { accessMode: 'RWX' },
      ".accessMode = 'RWX': is not a choice; write one of: 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod' [choice]",
    ],
    ['claim', 'fast', " = 'fast': must be an object; write { size, storageClassName, … } [type]"],
    ['claim', null, ' = null: must be an object; write { size, storageClassName, … } [type]'],
    [
      'existingClaim',
      'Old Data',
      ".claimName = 'Old Data': must be the name of an object; write lower case letters, digits, '-' and '.' [format]",
    ],
    [
      'ephemeral',
      { size: Size.gibibytes(1) },
      '.size = an object: is not a prop; write one of: sizeLimit [unknown-prop]',
    ],
    [
      'ephemeral',
      { sizeLimit: 1 },
      '.sizeLimit = 1: must be a Size; write Size.mebibytes(…) or Size.gibibytes(…) [type]',
    ],
  ])('where %s is told %p.', (name, options, problem) => {
    expect(messageOf(at(`${place}.storage`, made(Storage, name, options)))).toBe(
      refusedWith(`${place}.storage${problem}`),
    );
  });
});

describe('The persistence is refused', () => {
  test.each<[string, unknown, string]>([
    ['aof', { fsyncs: 'no' }, '.fsyncs = (not shown): is not a prop; write one of: fsync [unknown-prop]'],
    ['aof', { fsync: 'yes' }, ".fsync = 'yes': is not a choice; write one of: 'always', 'everysec', 'no' [choice]"],
    ['aof', { savePoints: [] }, '.savePoints = a list: is not a prop; write one of: fsync [unknown-prop]'],
    ['rdb', { fsync: 'no' }, '.fsync = (not shown): is not a prop; write one of: savePoints [unknown-prop]'],
    ['rdb', { savePoints: 60 }, '.savePoints = 60: must be a list; write [ … ] [type]'],
    ['rdb', { savePoints: [null] }, '.savePoints[0] = null: must be an object; write { seconds, changes, … } [type]'],
    [
      'rdb',
      { savePoints: [{ seconds: 60, changes: 1, keys: 2 }] },
      '.savePoints[0].keys = 2: is not a prop; write one of: seconds, changes [unknown-prop]',
    ],
    [
      'aofAndRdb',
      { savePoints: [{ seconds: 0, changes: 1 }] },
      '.savePoints[0].seconds = 0: must be a whole number from 1 to 9007199254740991; write a whole number from 1 to 9007199254740991 [range]',
    ],
    [
      'aofAndRdb',
      { savePoints: [{ seconds: 60, changes: 1.5 }] },
      '.savePoints[0].changes = 1.5: must be a whole number from 1 to 9007199254740991; write a whole number from 1 to 9007199254740991 [range]',
    ],
    ['aofAndRdb', { fsync: true }, ".fsync = true: is not a choice; write one of: 'always', 'everysec', 'no' [choice]"],
  ])('where %s is told %p.', (name, options, problem) => {
    expect(messageOf({ persistence: made(Persistence, name, options) })).toBe(refusedWith(`persistence${problem}`));
  });

  test('where a save point has only half of it.', () => {
    const persistence = made(Persistence, 'rdb', { savePoints: [{ seconds: 60 }] });
    expect(messageOf({ persistence })).toBe(
      refusedWith(
        'persistence.savePoints = { seconds: 60, changes: undefined }: must have both; write { seconds: …, changes: … } [save-point]',
      ),
    );
  });
});
