import { describe, expect, test } from '@jest/globals';
import { BackupTarget, CaBundle, EnvContract, MigrationSource, Risk, Tls, type SourceOptions } from '../../lib';
import { messageOf, problemsOf, refusedWith } from '../support/synth';

const host = 'redis-master.shop.svc';
const from = (source: SourceOptions = {}) => ({ source: MigrationSource.server({ host, ...source }) });

describe('A migration is refused', () => {
  test('from a source with TLS, where the cluster has none.', () => {
    expect(messageOf({ migrateFrom: from({ tls: true }) })).toBe(
      refusedWith(
        "migrateFrom.source.tls = true: needs a cluster with TLS: only with certificates of its own can it speak to the source, and with a bundle that has the CA of that; write tls: Tls.secret({ ca: CaBundle.fromConfigMap('…') }) [source-with-tls]",
      ),
    );
    const tls = Tls.secret({ secretName: 'certificate', ca: CaBundle.fromConfigMap('both') });
    expect(problemsOf({ migrateFrom: from({ tls: true }), tls, acceptRisks: [] })).toEqual([]);
    expect(problemsOf({ migrateFrom: from(), tls })).toEqual([]);
  });

  test('beside a restore.', () => {
    const restoreFrom = { target: BackupTarget.s3({ bucket: 'backups' }) };
    expect(problemsOf({ migrateFrom: from(), restoreFrom })).toEqual([
      expect.objectContaining({ rule: 'two-beginnings', property: 'migrateFrom' }),
    ]);
  });

  test('from a member of its own.', () => {
    const source = MigrationSource.sentinels({ hosts: ['other', 'cache-sentinel-2'], masterName: 'main' });
    expect(problemsOf({ migrateFrom: { source } })).toEqual([
      expect.objectContaining({ rule: 'own-source', value: "'cache-sentinel-2'" }),
    ]);
  });

  test('into an image that configures itself.', () => {
    const image = { envContract: EnvContract.SELF_CONFIGURED };
    const acceptRisks = [Risk.SELF_CONFIGURED_IMAGE];
    expect(problemsOf({ image, migrateFrom: from(), acceptRisks })).toEqual([
      expect.objectContaining({ rule: 'without-effect', property: 'migrateFrom' }),
    ]);
  });
});

test.each([
  ['redis-master.shop.svc.cluster.local', true],
  ['10.0.0.7', true],
  ['2001:db8::7', true],
  ['redis://redis-master', false],
  ['redis-master:6379', false],
  ['a b', false],
])('A host is a name or an address: %s', (one, taken) => {
  const problems = problemsOf({ migrateFrom: { source: MigrationSource.server({ host: one }) } });
  expect(problems).toHaveLength(taken ? 0 : 1);
});
