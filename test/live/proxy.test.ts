import { afterAll, beforeEach, describe, test } from '@jest/globals';
import { ClientCertificates, Product, Tls } from '../../lib';
import { proxies } from './failures/proxies';
import type { Scene } from './kit/failure';
import { started } from './kit/health';
import { CERTIFICATE, type LiveCluster } from './kit/live-cluster';
import { type ProxyFailure, survivesBehindProxy } from './kit/proxied';
import { ofThisTier } from './kit/tier';

/** An image that speaks TLS. */
const image = { product: Product.VALKEY, tag: '9.1.2' };
const tls = Tls.secret({ secretName: CERTIFICATE, clientCertificates: ClientCertificates.REQUIRED });
const underTls = [
  "master's pod deleted",
  'one proxy killed',
  "master's process killed",
  "master's pod and volume lost",
];
const KINDS: Scene<ProxyFailure>[] = [
  proxies,
  {
    name: 'proxy-tls',
    props: { ...proxies.props, image, tls },
    failures: proxies.failures.filter(({ name }) => underTls.includes(name)),
    thorough: true,
  },
];

describe.each(ofThisTier(KINDS))('clients that know the proxies alone, of $name', ({ name, props, failures }) => {
  let cluster: LiveCluster | undefined;

  beforeEach(async () => {
    cluster ??= await started(name, props);
  }, 240_000);
  afterAll(async () => {
    await cluster?.destroy();
  });

  const survives = async (failure: ProxyFailure): Promise<void> => {
    try {
      await survivesBehindProxy(cluster as LiveCluster, failure);
    } catch (error) {
      console.log(String(error)); // Jest says it when all are through
      await cluster?.destroy(); // what did not heal would fail all that follow
      cluster = undefined;
      throw error;
    }
  };

  for (const failure of ofThisTier(failures)) test(failure.name, () => survives(failure), 600_000);
});
