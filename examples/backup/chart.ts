import { Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { BackupTarget, RedisSentinelCluster } from '../../lib';

/** Where the backups are: the Secret `backups` has the keys of access, and the Secret `backups-passphrase` what only you know. */
const target = BackupTarget.s3({
  bucket: 'backups',
  endpoint: 'https://s3.example.com',
  prefix: 'shop/cache',
  secretName: 'backups',
});
const encryption = { secretName: 'backups-passphrase' };

/** A cluster that is backed up each night. */
export class BackupChart extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });
    new RedisSentinelCluster(this, 'cache', {
      backup: { target, encryption, timeZone: 'Europe/Berlin', retention: { count: 30, age: Duration.days(60) } },
    });
  }
}

/** A second one that begins with the latest of these, in a namespace that is deleted with it: a restore drill, or a copy for tests. */
export class DrillChart extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'drill' });
    new RedisSentinelCluster(this, 'drill', { restoreFrom: { target, encryption } });
  }
}
