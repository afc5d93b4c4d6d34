import { Chart, Duration, Size } from 'cdk8s';
import { Cpu, PersistentVolumeAccessMode, type ContainerResources } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Auth, Client, MaxmemoryPolicy, RedisSentinelCluster, Spread, Storage } from '../../lib';

/** Three zones with a node and a sentinel each, fast disks, a private registry, and clients of another namespace. */
export class ProductionChart extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'orders' });
    new RedisSentinelCluster(this, 'orders', {
      metadata: { labels: { team: 'orders' }, podLabels: { team: 'orders' } },
      // A mirror of the official image. With `digest` beside the tag, what runs can't change behind your back.
      image: { repository: 'registry.example.com/mirror/redis', tag: '8.2.10', pullSecrets: ['registry'] },
      nodes: {
        resources: resources(Cpu.millis(500)),
        // The class should bind late (WaitForFirstConsumer), or a disk may be in a zone where its pod must not run.
        storage: Storage.claim({
          size: Size.gibibytes(10),
          storageClassName: 'fast',
          accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE_POD,
        }),
        scheduling: { spread: Spread.REQUIRED, priorityClassName: 'production' },
        // The node that takes the writes at first. Any other one may take them later, so it has no less memory.
        master: { resources: resources(Cpu.units(2)), scheduling: { zone: 'zone-a' } },
        replicaOverrides: {
          replica1: { resources: resources(Cpu.units(2)), scheduling: { zone: 'zone-b' } },
          replica2: { scheduling: { zone: 'zone-c' } },
        },
      },
      sentinels: {
        downAfter: Duration.seconds(5),
        scheduling: { spread: Spread.REQUIRED, priorityClassName: 'production' },
        overrides: {
          sentinel1: { scheduling: { zone: 'zone-a' } },
          sentinel2: { scheduling: { zone: 'zone-b' } },
          sentinel3: { scheduling: { zone: 'zone-c' } },
        },
      },
      settings: { maxmemoryPolicy: MaxmemoryPolicy.NOEVICTION, maxclients: 20_000, timeout: Duration.minutes(10) },
      auth: Auth.secret({ secretName: 'orders-redis', passwordKey: 'nodes', sentinelPasswordKey: 'sentinels' }),
      networkPolicy: {
        clients: [
          Client.pods({
            namespaceLabels: { 'kubernetes.io/metadata.name': 'checkout' },
            podLabels: { 'app.kubernetes.io/name': 'checkout' },
          }),
        ],
      },
    });
  }
}

/** No CPU limit: a throttled server answers nobody, and looks dead. */
function resources(cpu: Cpu): ContainerResources {
  const memory = Size.gibibytes(4);
  return { cpu: { request: cpu }, memory: { request: memory, limit: memory } };
}
