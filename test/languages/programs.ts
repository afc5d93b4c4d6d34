import { PACKAGE } from './project';

const BODY = `
const app = new App();
new RedisSentinelCluster(new Chart(app, 'shop', { namespace: 'shop' }), 'cache');
app.synth();`;

/** The smallest program of a user, as a module of JavaScript or TypeScript. */
export const MODULE = `import { App, Chart } from 'cdk8s';
import { RedisSentinelCluster } from '${PACKAGE}';
${BODY}`;

/** The same for `require`. */
export const COMMON_JS = `const { App, Chart } = require('cdk8s');
const { RedisSentinelCluster } = require('${PACKAGE}');
${BODY}`;

/** Gives values of its own line of cdk8s-plus wherever a prop takes one, and takes the connection's. */
export const withLine = (line: number): string => `
import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-${line}';
import { RedisSentinelCluster, Storage } from '${PACKAGE}';

const app = new App();
const chart = new Chart(app, 'cluster', { namespace: 'shop' });
const resources: kplus.ContainerResources = {
  cpu: { request: kplus.Cpu.millis(100), limit: kplus.Cpu.units(1) },
  memory: { request: Size.gibibytes(1), limit: Size.gibibytes(1) },
};
const sidecar: kplus.k8s.Container = {
  name: 'sidecar',
  image: 'registry.example.com/sidecar:1.0.0',
  resources: { limits: { memory: kplus.k8s.Quantity.fromString('64Mi') } },
  readinessProbe: { httpGet: { port: kplus.k8s.IntOrString.fromNumber(8080) } },
  volumeMounts: [{ name: 'work', mountPath: '/work' }],
};
const volume: kplus.k8s.Volume = { name: 'work', emptyDir: { sizeLimit: kplus.k8s.Quantity.fromString('1Mi') } };
const variable: kplus.k8s.EnvVar = { name: 'TZ', value: 'UTC' };
const toleration: kplus.k8s.Toleration = { key: 'dedicated', operator: 'Exists' };
const nodeAffinity: kplus.k8s.NodeAffinity = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['fast'] }] }],
  },
};
const strategy: kplus.k8s.DeploymentStrategy = {
  type: 'RollingUpdate',
  rollingUpdate: {
    maxSurge: kplus.k8s.IntOrString.fromNumber(0),
    maxUnavailable: kplus.k8s.IntOrString.fromNumber(1),
  },
};
const cluster = new RedisSentinelCluster(chart, 'cache', {
  image: { pullPolicy: kplus.ImagePullPolicy.ALWAYS },
  nodes: {
    resources,
    storage: Storage.claim({
      size: Size.gibibytes(3),
      accessMode: kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE_POD,
    }),
    scheduling: { affinity: { nodeAffinity }, tolerations: [toleration] },
    pod: { env: [variable], volumes: [volume], containers: [sidecar] },
    deployment: { strategy, progressDeadline: Duration.minutes(20) },
  },
  sentinels: { resources: { cpu: { request: kplus.Cpu.millis(50) } } },
});

const envVariables: Record<string, kplus.EnvValue> = cluster.connection.toEnv();
const deployment: kplus.k8s.KubeDeployment = cluster.master.deployment;
new kplus.Deployment(new Chart(app, 'client', { namespace: 'shop' }), 'shop', {
  metadata: { annotations: { master: deployment.name } },
  podMetadata: { labels: cluster.connection.clientLabels },
  containers: [{ image: 'registry.example.com/shop:1.4.0', resources, envVariables }],
});
app.synth();`;
