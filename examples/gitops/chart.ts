import { Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { RedisSentinelCluster, Spread, Storage, type RedisSentinelClusterProps } from '../../lib';
import { externalSecret, sealedSecret, type Password } from './password';

export interface EnvironmentOptions {
  readonly namespace: string;
  /** What is different here. */
  readonly cluster: RedisSentinelClusterProps;
  readonly password: Password;
}

/**
 * One program for all environments, each a folder of `dist/` and a namespace. A change goes to staging in one pull request,
 * and to production in the next.
 */
export const ENVIRONMENTS: Record<string, EnvironmentOptions> = {
  staging: {
    namespace: 'shop-staging',
    cluster: { image: { tag: '8.2.10' } },
    password: sealedSecret('AgBy8hCm…'), // printed by `kubeseal --raw`
  },
  production: {
    namespace: 'shop-production',
    cluster: {
      image: { tag: '8.2.10' },
      nodes: {
        resources: {
          cpu: { request: Cpu.millis(200) },
          memory: { request: Size.gibibytes(2), limit: Size.gibibytes(2) },
        },
        storage: Storage.claim({ size: Size.gibibytes(6) }),
        scheduling: { spread: Spread.REQUIRED },
      },
      sentinels: { scheduling: { spread: Spread.REQUIRED } },
    },
    password: externalSecret('shop/production/cache'),
  },
};

/** A cluster, and how its password comes to it. */
export class EnvironmentChart extends Chart {
  public constructor(scope: Construct, id: string, { namespace, cluster, password }: EnvironmentOptions) {
    super(scope, id, { namespace });
    password(this, 'cache-auth');
    new RedisSentinelCluster(this, 'cache', { healthCheck: {}, ...cluster }); // a sync ends with a look at the cluster
  }
}
