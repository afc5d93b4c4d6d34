import { Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { BackupTarget, RedisSentinelCluster } from '../../lib';

/** A cluster that is backed up each night, and a second one that begins with the latest of these: a restore drill, or a copy for tests. */
export class BackupChart extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });
    // The Secret `backups` has the keys of access, and the Secret `backups-passphrase` what only you know.
    const target = BackupTarget.s3({
      bucket: 'backups',
      endpoint: 'https://s3.example.com',
      prefix: 'shop/cache',
      secretName: 'backups',
    });
    const encryption = { secretName: 'backups-passphrase' };
    new RedisSentinelCluster(this, 'cache', {
      backup: { target, encryption, timeZone: 'Europe/Berlin', retention: { count: 30, age: Duration.days(60) } },
    });
    new RedisSentinelCluster(this, 'drill', { restoreFrom: { target, encryption } });
  }
}
