import { ApiObject, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { Cpu, Deployment, type ContainerResources } from 'cdk8s-plus-27';
import { Client, MaxmemoryPolicy, RedisSentinelCluster, Spread, Storage } from '../../lib';

/** Everything as by default. */
export function minimal(app: App): Chart {
  const chart = new Chart(app, 'minimal', { namespace: 'minimal' });
  new RedisSentinelCluster(chart, 'cache');
  return chart;
}

/** A zone for each node, and one replica that is larger than the other. */
export function production(app: App): Chart {
  const chart = new Chart(app, 'production', { namespace: 'orders' });
  new RedisSentinelCluster(chart, 'orders', {
    nodes: {
      resources: resources(Cpu.millis(500)),
      storage: Storage.claim({ size: Size.gibibytes(10), storageClassName: 'fast' }),
      scheduling: { spread: Spread.REQUIRED, tolerations: [{ key: 'redis', operator: 'Exists' }] },
      master: { scheduling: { zone: 'zone-a' } },
      replicaOverrides: {
        replica1: { scheduling: { zone: 'zone-b' }, resources: resources(Cpu.units(2)) },
        replica2: { scheduling: { zone: 'zone-c' } },
      },
    },
    sentinels: { scheduling: { spread: Spread.REQUIRED } },
    settings: {
      maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LFU,
      timeout: Duration.minutes(10),
      directives: { 'stream-node-max-entries': '200', 'hll-sparse-max-bytes': '4000' },
    },
    networkPolicy: {
      clients: [Client.pods({ namespaceLabels: { team: 'checkout' }, podLabels: { app: 'checkout' } })],
    },
  });
  return chart;
}

/** An application that finds its cluster by variables, and is let in by its labels. */
export function client(app: App): Chart {
  const chart = new Chart(app, 'client', { namespace: 'shop' });
  const cache = new RedisSentinelCluster(chart, 'cache');
  const shop = new Deployment(chart, 'shop', {
    podMetadata: { labels: cache.connection.clientLabels },
    containers: [{ image: 'registry.example.com/shop:1.4.0', envVariables: cache.connection.toEnv() }],
  });
  // Pod Security `restricted` wants two things more, for which this class has no prop.
  ApiObject.of(shop).addJsonPatch(
    JsonPatch.add('/spec/template/spec/securityContext/seccompProfile', { type: 'RuntimeDefault' }),
    JsonPatch.add('/spec/template/spec/containers/0/securityContext/capabilities', { drop: ['ALL'] }),
  );
  return chart;
}

function resources(cpu: Cpu): ContainerResources {
  const memory = Size.gibibytes(4);
  return { cpu: { request: cpu }, memory: { request: memory, limit: memory } };
}
