import { Given } from '../core/given';
import { shown } from '../core/problems';
import { Rule } from '../core/rule';
import { ResolvedRestore } from '../restore/resolve';
import { ResolvedTls } from '../tls/resolve';
import { ResolvedMember } from '../member/resolve';
import { ResolvedMigration } from './resolve';

/** What these rules look at. */
export interface Judged extends ResolvedMigration, ResolvedRestore, ResolvedTls {
  readonly members: readonly ResolvedMember[];
  readonly given: Given;
}

const onlyOneBeginning: Rule<Judged> = ({ migration, restore }) =>
  migration === undefined || restore === undefined
    ? []
    : [
        {
          rule: 'two-beginnings',
          property: 'migrateFrom',
          value: '{ … }',
          must: 'gives a new cluster its data, and so does restoreFrom',
          remedy: 'write one of them',
        },
      ];

/** A server has one set of certificates, for those that it asks and for those that ask it. */
const tlsOnBothSides: Rule<Judged> = ({ migration, tls }) =>
  migration?.tls !== true || tls !== undefined
    ? []
    : [
        {
          rule: 'source-with-tls',
          property: 'migrateFrom.source.tls',
          value: 'true',
          must: 'needs a cluster with TLS: only with certificates of its own can it speak to the source, and with a bundle that has the CA of that',
          remedy: "write tls: Tls.secret({ ca: CaBundle.fromConfigMap('…') })",
        },
      ];

const sourceIsAnother: Rule<Judged> = ({ migration, members }) =>
  (migration?.hosts ?? [])
    .filter((host) => members.some(({ announced, name }) => host === announced || host === name))
    .map((host) => ({
      rule: 'own-source',
      property: 'migrateFrom.source',
      value: shown(host),
      must: 'is a member of this cluster',
      remedy: 'write the host of the other one, with its namespace, or another name for this cluster',
    }));

export const MIGRATION_RULES = [onlyOneBeginning, tlsOnBothSides, sourceIsAnother];
