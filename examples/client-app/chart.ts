import { ApiObject, Chart, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { RedisSentinelCluster } from '../../lib';

/** An application beside its cluster. Its image would run `client.ts`, which finds the master by these variables. */
export class ShopChart extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });
    const cache = new RedisSentinelCluster(this, 'cache');

    const shop = new kplus.Deployment(this, 'shop', {
      metadata: { name: 'shop' },
      replicas: 2,
      // Without these labels the network policies of the cluster keep it out.
      podMetadata: { labels: { 'app.kubernetes.io/name': 'shop', ...cache.connection.clientLabels } },
      securityContext: { user: 10001, group: 10001, ensureNonRoot: true },
      containers: [
        {
          name: 'shop',
          image: 'registry.example.com/shop:1.4.0',
          imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
          // The passwords among them are references to the Secret `cache-auth`.
          envVariables: cache.connection.toEnv(),
          resources: {
            cpu: { request: kplus.Cpu.millis(100) },
            memory: { request: Size.mebibytes(128), limit: Size.mebibytes(128) },
          },
          securityContext: { user: 10001, group: 10001, ensureNonRoot: true },
        },
      ],
    });
    // Pod Security `restricted` wants two things more, for which this class has no prop.
    ApiObject.of(shop).addJsonPatch(
      JsonPatch.add('/spec/template/spec/securityContext/seccompProfile', { type: 'RuntimeDefault' }),
      JsonPatch.add('/spec/template/spec/containers/0/securityContext/capabilities', { drop: ['ALL'] }),
    );
  }
}
