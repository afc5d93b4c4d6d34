import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { RedisSentinelCluster } from '../../lib';

/** The least there is: a master, two replicas and three sentinels. The Secret `cache-auth` with a `password` must exist. */
export class MinimalChart extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'minimal' });
    new RedisSentinelCluster(this, 'cache');
  }
}
