import { describe, expect, test } from '@jest/globals';
import { schemaErrors, schemaVersions } from './support/kubernetes-schema';

const container = {
  name: 'redis',
  image: 'redis:7.2',
  ports: [{ name: 'redis', containerPort: 6379, protocol: 'TCP' }],
  env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: 1, memory: '64Mi' } },
  readinessProbe: { tcpSocket: { port: 'redis' }, periodSeconds: 5 },
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
  securityContext: { runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
};

const selector = { matchLabels: { app: 'cache' } };
const pod = { containers: [container], volumes: [{ name: 'data', emptyDir: { sizeLimit: '1Gi' } }] };
const template = { metadata: { labels: { app: 'cache' } }, spec: pod };
const spec = { replicas: 1, selector, strategy: { type: 'Recreate' }, template };
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cache-master' }, spec };

const deploymentWith = (changes: object) => ({ ...deployment, spec: { ...spec, ...changes } });
const deploymentOf = (changes: object) =>
  deploymentWith({ template: { ...template, spec: { ...pod, containers: [{ ...container, ...changes }] } } });

const job = { template: { spec: { ...pod, restartPolicy: 'Never' } } };
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const kinds = [
  { apiVersion: 'apps/v1', kind: 'Deployment', spec },
  { apiVersion: 'batch/v1', kind: 'CronJob', spec: { schedule: '0 3 * * *', jobTemplate: { spec: job } } },
  { apiVersion: 'batch/v1', kind: 'Job', spec: job },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    spec: { podSelector: selector, policyTypes: ['Egress'] },
  },
  {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    spec: { selector, podMetricsEndpoints: [{ port: 'metrics', interval: '30s' }] },
  },
  {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    spec: { groups: [{ name: 'cache', rules: [{ alert: 'Down', expr: 'up == 0', for: '1m' }] }] },
  },
  {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    spec: { selector, endpoints: [{ port: 'metrics', interval: '30s' }] },
  },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', spec: { selector, maxUnavailable: '50%' } },
  { apiVersion: 'v1', kind: 'ConfigMap', data: { 'redis.conf': 'appendonly yes' } },
  { apiVersion: 'v1', kind: 'Namespace' },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: claim },
  { apiVersion: 'v1', kind: 'Pod', spec: pod },
  { apiVersion: 'v1', kind: 'Secret', stringData: { password: 'secret' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    spec: { selector: { app: 'cache' }, ports: [{ port: 6379, targetPort: 'redis' }] },
  },
  { apiVersion: 'v1', kind: 'ServiceAccount', automountServiceAccountToken: false },
];

describe.each(schemaVersions)('The strict schemas of Kubernetes %s', (version) => {
  const errors = (object: unknown) => schemaErrors(version, object);

  test('accept a good Deployment.', () => {
    expect(errors(deployment)).toEqual([]);
  });

  test.each(kinds)('accept a good $kind, and reject an unknown field in it.', (body) => {
    const object = { ...body, metadata: { name: 'cache' } };
    expect(errors(object)).toEqual([]);
    expect(errors({ ...object, sepc: {} })).toEqual([`${body.kind} cache: /sepc is not a known field`]);
    expect(errors({ ...object, metadata: { name: 'cache', label: {} } })).toEqual([
      `${body.kind} cache: /metadata/label is not a known field`,
    ]);
  });

  test('name the path of a value of the wrong type.', () => {
    expect(errors(deploymentWith({ replicas: '1' }))).toEqual([
      'Deployment cache-master: /spec/replicas must be integer',
    ]);
  });

  test('reject numbers that JSON cannot carry.', () => {
    const resources = { limits: { cpu: NaN } };
    expect(errors(deploymentOf({ ports: [{ containerPort: Infinity }], resources }))).toEqual([
      'Deployment cache-master: /spec/template/spec/containers/0/ports/0/containerPort must be integer',
      'Deployment cache-master: /spec/template/spec/containers/0/resources/limits/cpu must be number or string',
    ]);
  });

  test('name a misspelt field deep inside a container.', () => {
    expect(errors(deploymentOf({ readinessProbe: { tcpSocket: { port: 6379 }, periodSecond: 5 } }))).toEqual([
      'Deployment cache-master: /spec/template/spec/containers/0/readinessProbe/periodSecond is not a known field',
    ]);
  });

  test('name an unknown field that has a slash by its JSON pointer.', () => {
    expect(errors({ ...deployment, metadata: { name: 'cache-master', 'app.kubernetes.io/name': 'cache' } })).toEqual([
      'Deployment cache-master: /metadata/app.kubernetes.io~1name is not a known field',
    ]);
  });

  test('name a field that is missing.', () => {
    expect(errors(deploymentOf({ ports: [{ name: 'redis' }] }))).toEqual([
      "Deployment cache-master: /spec/template/spec/containers/0/ports/0 must have required property 'containerPort'",
    ]);
  });

  test('give one message where a field may have one of two types.', () => {
    expect(errors(deploymentOf({ resources: { limits: { cpu: 1, memory: true } } }))).toEqual([
      'Deployment cache-master: /spec/template/spec/containers/0/resources/limits/memory must be number or string',
    ]);
  });

  test('give a message for every problem in an object.', () => {
    expect(
      errors({ ...deploymentWith({ replicas: 1.5, paused: 'no' }), metadata: { labels: { port: 6379 } } }),
    ).toEqual([
      'Deployment (no name): /metadata/labels/port must be string',
      'Deployment (no name): /spec/paused must be boolean',
      'Deployment (no name): /spec/replicas must be integer',
    ]);
  });

  test.each([
    ['apps/v1', 'Deploiment'],
    ['apps/v1', 'deployment'],
    ['apps/v1beta1', 'Deployment'],
    ['v1', 'Deployment'],
    ['example.com/v1', 'Deployment'],
    ['io.k8s.apimachinery.pkg.apis.meta.v1', 'FieldsV1'],
    ['v1', 'P%6Fd'],
    ['v1', '%'],
  ])('reject an object of the unknown kind %s %s.', (apiVersion, kind) => {
    expect(errors({ ...deployment, apiVersion, kind })).toEqual([
      `${kind} cache-master: no schema for kind ${kind} of ${apiVersion} in Kubernetes ${version}`,
    ]);
  });

  test.each([[undefined], [null], ['Deployment'], [[]], [{ kind: 'Deployment' }], [{ apiVersion: 'v1', kind: 1 }]])(
    'reject %j, which has no kind to look up.',
    (value) => {
      expect(errors(value)).toEqual([expect.stringContaining('apiVersion and kind must be strings')]);
    },
  );
});

test('The schemas of two versions differ, so each object is judged by the one asked for.', () => {
  const resized = deploymentOf({ resizePolicy: [], restartPolicyRules: [] });
  expect(schemaErrors('1.27', resized)).toEqual([
    'Deployment cache-master: /spec/template/spec/containers/0/restartPolicyRules is not a known field',
  ]);
  expect(schemaErrors('1.37', resized)).toEqual([]);
});

test('A version without schemas is an error, not a pass.', () => {
  expect(() => schemaErrors('1.5', deployment)).toThrow('v1.5.json');
});
