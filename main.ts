import { App, Chart, Size, YamlOutputType } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import { RedisSentinelCluster, Spread, Storage } from './lib';

// A file for each object, so that a review shows which one has changed.
const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });

// The safe default: a master, two replicas and three sentinels.
const cache = new Chart(app, 'cache', { namespace: 'cache' });
new RedisSentinelCluster(cache, 'cache');

// Production: machines and zones apart, fast disks, and more for the node that takes the writes.
const sessions = new Chart(app, 'sessions', { namespace: 'sessions' });
new RedisSentinelCluster(sessions, 'sessions', {
  nodes: {
    resources: {
      cpu: { request: Cpu.millis(500) },
      memory: { request: Size.gibibytes(4), limit: Size.gibibytes(4) },
    },
    storage: Storage.claim({ size: Size.gibibytes(10), storageClassName: 'fast' }),
    scheduling: { spread: Spread.REQUIRED, priorityClassName: 'production' },
    master: {
      scheduling: { zone: 'z1' },
      resources: { cpu: { request: Cpu.units(1) }, memory: { request: Size.gibibytes(4), limit: Size.gibibytes(4) } },
    },
    replicaOverrides: { replica1: { scheduling: { zone: 'z2' } }, replica2: { scheduling: { zone: 'z3' } } },
  },
  sentinels: { scheduling: { spread: Spread.REQUIRED, priorityClassName: 'production' } },
});

app.synth();
