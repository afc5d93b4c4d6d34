import { Size } from 'cdk8s';
import { shown } from '../core/problems';
import { sizeText } from '../core/quantities';
import { Rule, repeated } from '../core/rule';
import * as defaults from '../defaults';
import { Risk, risky } from '../risks';
import { ResolvedPersistence, ResolvedStorage } from './resolve';

interface Owner {
  readonly property: string;
  readonly component: 'node' | 'sentinel';
  readonly storage: ResolvedStorage;
}

/** What these rules look at. */
export interface Judged {
  readonly members: readonly Owner[];
  readonly persistence: ResolvedPersistence;
  readonly settings: { readonly maxmemory: Size };
}

function claimFactor({ none, aof, savePoints }: ResolvedPersistence): number {
  if (none) return 0;
  if (!aof) return defaults.RDB_CLAIM_FACTOR;
  return savePoints.length > 0 ? defaults.AOF_AND_RDB_CLAIM_FACTOR : defaults.AOF_CLAIM_FACTOR;
}

const claimHoldsData: Rule<Judged> = ({ settings, members, persistence }) => {
  const needed = Size.kibibytes(settings.maxmemory.toKibibytes() * claimFactor(persistence));
  return members
    .filter(({ component }) => component === 'node')
    .filter(({ storage }) => storage.kind !== 'existing' && storage.size.toKibibytes() < needed.toKibibytes())
    .map(({ property, storage }) =>
      risky(Risk.SMALL_CLAIM, {
        rule: 'claim-size',
        property: `${property}.storage`,
        value: sizeText(storage.size),
        must: `can be too small: ${claimFactor(persistence)} × maxmemory is ${sizeText(needed)}`,
        remedy: `write a size of ${sizeText(needed)} or more`,
      }),
    );
};

const claimsAreUnique: Rule<Judged> = ({ members }) =>
  repeated(
    members.filter(({ storage }) => storage.kind !== 'ephemeral'),
    ({ storage }) => storage.claimName,
  ).map(({ property, storage }) => ({
    rule: 'claim-taken',
    property: `${property}.storage`,
    value: shown(storage.claimName),
    must: 'is the claim of another member, and two servers on one volume destroy its data',
    remedy: 'give each member a claim of its own',
  }));

const storageLasts: Rule<Judged> = ({ members }) =>
  members
    .filter(({ storage }) => storage.kind === 'ephemeral')
    .map(({ property, component }) =>
      risky(Risk.EPHEMERAL_STORAGE, {
        rule: 'ephemeral-storage',
        property: `${property}.storage`,
        value: 'ephemeral',
        must: component === 'node' ? 'loses the data with the pod' : "loses the sentinel's memory with the pod",
        remedy: 'write Storage.claim()',
      }),
    );

const somethingIsWritten: Rule<Judged> = ({ persistence }) =>
  persistence.none
    ? [
        risky(Risk.NO_PERSISTENCE, {
          rule: 'no-persistence',
          property: 'persistence',
          value: 'none',
          must: 'loses all data when the nodes stop together',
          remedy: 'write Persistence.aof()',
        }),
      ]
    : [];

/** The compiler sees half of one; a program in plain JavaScript has none. */
const savePointsAreWhole: Rule<Judged> = ({ persistence }) =>
  persistence.savePoints
    .filter(({ seconds, changes }) => ![seconds, changes].every((number) => Number.isInteger(number)))
    .map((savePoint) => ({
      rule: 'save-point',
      property: 'persistence.savePoints',
      value: `{ seconds: ${savePoint.seconds}, changes: ${savePoint.changes} }`,
      must: 'must have both',
      remedy: 'write { seconds: …, changes: … }',
    }));

export const STORAGE_RULES = [claimHoldsData, claimsAreUnique, storageLasts, somethingIsWritten, savePointsAreWhole];
