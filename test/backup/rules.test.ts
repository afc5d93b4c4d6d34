import { describe, expect, test } from '@jest/globals';
import { BackupTarget, EnvContract, Risk } from '../../lib';
import { messageOf, problemsOf, refusedWith } from '../support/synth';

const target = BackupTarget.s3({ bucket: 'backups' });
const TEN = 10;

describe('Backups are refused', () => {
  test('where there is no replica to copy.', () => {
    expect(messageOf({ backup: { target }, nodes: { replicas: 0 }, acceptRisks: [Risk.NO_REPLICA] })).toBe(
      refusedWith(
        'backup = { … }: takes its copy from a replica, and there is none: from the master every sentinel would take it for one for ever; write nodes.replicas: 1 or more, or delete it [backup-without-replica]',
      ),
    );
    expect(problemsOf({ backup: { target }, nodes: { replicas: 1 } })).toEqual([]);
  });

  test('where an image configures itself, and restores too.', () => {
    const image = { envContract: EnvContract.SELF_CONFIGURED };
    const acceptRisks = [Risk.SELF_CONFIGURED_IMAGE];
    expect(problemsOf({ image, backup: { target }, restoreFrom: { target }, acceptRisks })).toEqual([
      expect.objectContaining({ rule: 'without-effect', property: 'backup' }),
      expect.objectContaining({ rule: 'without-effect', property: 'restoreFrom' }),
    ]);
  });

  test('where an image has a tag that moves.', () => {
    expect(problemsOf({ backup: { target, image: { tag: 'latest' } } })).toEqual([
      expect.objectContaining({ rule: 'moving-tag', property: 'backup.image.tag' }),
    ]);
    expect(problemsOf({ restoreFrom: { target, image: { tag: 'latest' } } })).toEqual([
      expect.objectContaining({ rule: 'moving-tag', property: 'restoreFrom.image.tag' }),
    ]);
  });
});

test.each([
  ['0 3 * * *', true],
  ['*/5 0-6,12 1 JAN-MAR mon', true],
  ['@daily', true],
  ['0 3 * *', false],
  ['0 3 * * * *', false],
  ['TZ=Europe/Berlin 0 3 * * *', false],
  ['every day', false],
])('A schedule is five fields of cron: %s', (schedule, taken) => {
  expect(problemsOf({ backup: { target, schedule } })).toHaveLength(taken ? 0 : 1);
});

test.each([
  ['shop/cache', true],
  ['a', true],
  ['/shop', false],
  ['shop/', false],
  ['shop//cache', false],
  ['../other', false],
  ['a b', false],
  ['$(HOME)', false],
])('A folder has no beginning, end or step that something would read otherwise: %s', (prefix, taken) => {
  const problems = problemsOf({ backup: { target: BackupTarget.s3({ bucket: 'backups', prefix }) } });
  expect(problems).toHaveLength(taken ? 0 : 1);
});

test.each([
  ['https://s3.example.com', true],
  ['http://10.0.0.1:9000', true],
  ['s3.example.com', false],
  ['https://s3.example.com/path', false],
])('An endpoint is the address of a store: %s', (endpoint, taken) => {
  const problems = problemsOf({ backup: { target: BackupTarget.s3({ bucket: 'backups', endpoint }) } });
  expect(problems).toHaveLength(taken ? 0 : 1);
});

test('Every prop is looked at: all that is wrong is said at once.', () => {
  const wrong = {
    target: {},
    schedule: 'now',
    timeZone: 'here and there',
    suspend: 'no',
    deadline: TEN,
    check: 'maybe',
    retention: { count: 0, age: TEN, kept: 1 },
    encryption: { secretName: 'A B' },
    scratch: '1Gi',
    serviceAccountName: 1,
    image: { tag: ':' },
    resources: { cpu: 1 },
    failedJobs: -1,
    successfulJobs: 21,
  };
  const problems = problemsOf({ backup: wrong, restoreFrom: { target: {}, backup: 'the last one' } });
  expect(problems.map(({ property }) => property)).toEqual([
    'backup.target',
    'backup.schedule',
    'backup.timeZone',
    'backup.suspend',
    'backup.deadline',
    'backup.check',
    'backup.retention.count',
    'backup.retention.age',
    'backup.retention.kept',
    'backup.encryption.secretName',
    'backup.scratch',
    'backup.serviceAccountName',
    'backup.image.tag',
    'backup.resources.cpu',
    'backup.failedJobs',
    'backup.successfulJobs',
    'restoreFrom.target',
    'restoreFrom.backup',
  ]);
});
