import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App, Duration } from 'cdk8s';
import { ArticleChart } from '../../examples/article/chart';
import { Risk, Storage } from '../../lib/index';
import { expectedOf } from '../../scripts/examples';
import { schemaErrors, schemaVersions } from '../support/kubernetes-schema';
import { find, valueOf } from '../support/manifests';
import { objectsOf, problemsOf } from '../support/synth';

const FOLDER = join(__dirname, '..', '..', 'examples', 'article');
const app = new App();
const chart = new ArticleChart(app, 'redis-sentinel');
const objects = objectsOf(chart);

/** The columns of the article's table. */
const [SENTINEL, MASTER, SLAVE] = ['redis-sentinel1', 'redis-master1', 'redis-slave-1'] as const;
const DEPLOYMENTS = [SENTINEL, MASTER, SLAVE] as const;

const POD = 'spec template';
const SPEC = `${POD} spec`;
const CONTAINER = `${SPEC} containers 0`;
const REGISTRY = 'xxx.xxx.xxx.xxx/pro568';

/** A field, its path with a space between keys, and its value in each column; one value is that of all three. */
type Row = [field: string, path: string, ...values: [unknown] | [unknown, unknown, unknown]];

const TABLE: Row[] = [
  // `extensions/v1beta1` in the article: no cluster has served it since Kubernetes 1.16.
  ['API version', 'apiVersion', 'apps/v1'],
  ['namespace', 'metadata namespace', 'core-610'],
  ['name', 'metadata name', SENTINEL, MASTER, SLAVE],
  ['label', 'metadata labels service_name', SENTINEL, MASTER, SLAVE],
  ['selector', 'spec selector', ...selectors()],
  ["pod's label", `${POD} metadata labels service_name`, SENTINEL, MASTER, SLAVE],
  ['annotations', 'metadata annotations', ...annotations('deployment.kubernetes.io/revision', '2', '1', '2')],
  ["pod's annotations", `${POD} metadata annotations`, ...annotations('service.alauda.io/version', '5', '1', '2')],
  ['replicas', 'spec replicas', 1],
  ['revisionHistoryLimit', 'spec revisionHistoryLimit', 5],
  ['strategy', 'spec strategy type', 'RollingUpdate'],
  ['maxSurge', 'spec strategy rollingUpdate maxSurge', '0%', 0, 0],
  ['maxUnavailable', 'spec strategy rollingUpdate maxUnavailable', '100%', 1, 1],
  [
    'image',
    `${CONTAINER} image`,
    `${REGISTRY}/al_redis_sentinel:4.0.10`,
    `${REGISTRY}/al_redis-sent_master:4.0.10`,
    `${REGISTRY}/al_redis_slave:4.0.10`,
  ],
  ['imagePullPolicy', `${CONTAINER} imagePullPolicy`, 'Always'],
  ['CPU limit', `${CONTAINER} resources limits cpu`, '0.5', '250m', '250m'],
  ['CPU request', `${CONTAINER} resources requests cpu`, '0.5', '250m', '250m'],
  ['memory limit', `${CONTAINER} resources limits memory`, '512Mi'],
  ['memory request', `${CONTAINER} resources requests memory`, '512Mi'],
  // The slave has redis-rep1 in the article, the master's own.
  ['claim', `${SPEC} volumes 0 persistentVolumeClaim claimName`, 'redis-sentinel1', 'redis-rep1', 'redis-rep2'],
  ['mount', `${CONTAINER} volumeMounts`, [{ name: 'data', mountPath: '/data' }]],
  ['hostNetwork', `${SPEC} hostNetwork`, undefined, true, true],
  ['affinity', `${SPEC} affinity`, { podAffinity: {}, podAntiAffinity: {} }],
  ['spread', `${SPEC} topologySpreadConstraints`, undefined],
  ['grace period', `${SPEC} terminationGracePeriodSeconds`, 10],
  ['DNS policy', `${SPEC} dnsPolicy`, 'ClusterFirst'],
  ['restart policy', `${SPEC} restartPolicy`, 'Always'],
  ['scheduler', `${SPEC} schedulerName`, 'default-scheduler'],
  ['path of the termination message', `${CONTAINER} terminationMessagePath`, '/dev/termination-log'],
  ['policy of the termination message', `${CONTAINER} terminationMessagePolicy`, 'File'],
  ['containers beside it', `${SPEC} containers 1`, undefined],
  ['containers before it', `${SPEC} initContainers`, []],
  ['startup probe', `${CONTAINER} startupProbe`, undefined],
  ['liveness probe', `${CONTAINER} livenessProbe`, undefined],
  ['readiness probe', `${CONTAINER} readinessProbe`, undefined],
  ['hook', `${CONTAINER} lifecycle`, undefined],
  ["pod's user", `${SPEC} securityContext`, undefined],
  ["container's user", `${CONTAINER} securityContext`, undefined],
];

const PASSWORD = 'secret redis-auth password';
const REDIS = {
  REDIS_PORT: '6378',
  REDIS_PASSWORD: PASSWORD,
  REDIS_MAXMEMORY: '536870912',
  MASTER_AUTH: PASSWORD,
  MAXCLIENTS: '8000',
};
const PLATFORM = {
  __ALAUDA_FULL_NAME__: '',
  __ALAUDA_APP_NAME__: 'gzky-sentinel',
  __ALAUDA_OVER_COMMIT_CPU__: '512',
  __ALAUDA_OVER_COMMIT_MEM__: '512',
  __ALAUDA_CONTAINER_SIZE__: '0.5',
  __ALAUDA_REGION_NAME__: '',
};

const ENVIRONMENT: Record<(typeof DEPLOYMENTS)[number], Record<string, string>> = {
  [SENTINEL]: {
    REDIS_SENTINEL_PORT: '26378',
    MASTER_NAME: 'mymaster',
    MASTER_HOST: '192.168.1.94',
    MASTER_PORT: '6378',
    QUONUM: '1',
    DOWN_AFTER_MILLSECONDS: '8000',
    NUMSLAVES: '1',
    FAILOVER_TIMEOUT: '60000',
    AUTH_PASS: PASSWORD,
  },
  [MASTER]: {
    ...REDIS,
    ...PLATFORM,
    __CREATE_TIME__: '2020-01-10T15:10:24',
    __ALAUDA_SERVICE_NAME__: MASTER,
    __ALAUDA_SERVICE_ID__: MASTER,
    __ALAUDA_SERVICE_VERSION__: '1060',
  },
  [SLAVE]: {
    ...REDIS,
    REDIS_SLAVE_OF: '192.168.1.94 6378',
    ...PLATFORM,
    __ALAUDA_SERVICE_NAME__: SLAVE,
    __ALAUDA_SERVICE_ID__: SLAVE,
    __ALAUDA_SERVICE_VERSION__: '1057',
  },
};

function selectors(): [unknown, unknown, unknown] {
  const by = (name: string) => ({ matchLabels: { service_name: name } });
  return [by(SENTINEL), by(MASTER), by(SLAVE)];
}

function annotations(key: string, ...[sentinel, master, slave]: [string, string, string]): [unknown, unknown, unknown] {
  return [{ [key]: sentinel }, { [key]: master }, { [key]: slave }];
}

function fieldOf(deployment: string, path: string): unknown {
  return path
    .split(' ')
    .reduce<unknown>(
      (object, key) => (typeof object === 'object' && object !== null ? Reflect.get(object, key) : undefined),
      find(objects, 'Deployment', deployment),
    );
}

function variablesOf(deployment: string): [name: string, value: string][] {
  const [container] = find(objects, 'Deployment', deployment).spec.template.spec.containers;
  return (container?.env ?? []).map((variable) => [variable.name, valueOf(variable)]);
}

describe.each(DEPLOYMENTS.map((name, column) => ({ name, column })))("The article's $name", ({ name, column }) => {
  const cells = TABLE.map(([field, path, ...values]) => ({
    field,
    path,
    value: values.length === 1 ? values[0] : values[column],
  }));
  test.each(cells)('has its $field: $value', ({ path, value }) => {
    expect(fieldOf(name, path)).toEqual(value);
  });

  const variables = Object.entries(ENVIRONMENT[name]);
  test.each(variables)('has its variable %s: %s', (variable, value) => {
    expect(variablesOf(name).filter(([known]) => known === variable)).toEqual([[variable, value]]);
  });

  test('has no other variable.', () => {
    expect(
      variablesOf(name)
        .map(([variable]) => variable)
        .sort(),
    ).toEqual(Object.keys(ENVIRONMENT[name]).sort());
  });
});

describe("The article's cluster", () => {
  test('is three Deployments with a Service each, and nothing else.', () => {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.sort()).toEqual(
      [...DEPLOYMENTS.map((name) => `Deployment ${name}`), ...DEPLOYMENTS.map((name) => `Service ${name}`)].sort(),
    );
  });

  test("is reached at the machines' addresses.", () => {
    const { master, replicas, connection } = chart.cluster;
    expect([master.host, ...replicas.map(({ host }) => host)]).toEqual(['192.168.1.94', '192.168.1.95']);
    expect(connection).toMatchObject({ masterName: 'mymaster', redisPort: 6378, sentinels: '192.168.1.92:26378' });
  });

  test('has a sentinel that asks clients for no password, for it has no variable for one.', () => {
    expect(Object.keys(chart.cluster.connection.toEnv())).toEqual([
      'REDIS_MASTER_NAME',
      'REDIS_PASSWORD',
      'REDIS_SENTINELS',
    ]);
  });

  test('is expected.yaml, byte for byte.', () => {
    expect(expectedOf('article')).toEqual({ 'expected.yaml': app.synthYaml() });
  });

  test.each(schemaVersions)('is valid in Kubernetes %s.', (version) => {
    expect(objects.flatMap((object) => schemaErrors(version, object))).toEqual([]);
  });
});

describe('What can not be rendered of it', () => {
  test.each(schemaVersions)('is the API version: Kubernetes %s does not know it.', (version) => {
    const deployment = { ...find(objects, 'Deployment', MASTER), apiVersion: 'extensions/v1beta1' };
    expect(schemaErrors(version, deployment)).toEqual([
      `Deployment redis-master1: no schema for kind Deployment of extensions/v1beta1 in Kubernetes ${version}`,
    ]);
  });

  test('is one claim for two servers, whatever is accepted.', () => {
    const nodes = { replicas: 1, storage: Storage.existingClaim('redis-rep1') };
    const claims = problemsOf({ nodes, acceptRisks: Object.values(Risk) }).filter(({ rule }) => rule === 'claim-taken');
    expect(claims).toEqual([
      {
        rule: 'claim-taken',
        property: 'nodes.replicaOverrides.replica1.storage',
        value: "'redis-rep1'",
        must: 'is the claim of another member, and two servers on one volume destroy its data',
        remedy: 'give each member a claim of its own',
      },
    ]);
  });
});

test('The cluster that the README has instead is refused by no rule.', () => {
  const sentinels = { port: 26378, downAfter: Duration.seconds(8) };
  expect(problemsOf({ masterName: 'mymaster', nodes: { port: 6378 }, sentinels })).toEqual([]);
});

test('Every risk that the article takes has its reason in the README.', () => {
  const accepted = [...readFileSync(join(FOLDER, 'chart.ts'), 'utf8').matchAll(/\bRisk\.(\w+)/g)].map(
    ([, risk]) => risk,
  );
  const explained = [...readFileSync(join(FOLDER, 'README.md'), 'utf8').matchAll(/^\|.*`Risk\.(\w+)`/gm)].map(
    ([, risk]) => risk,
  );
  expect(accepted).toHaveLength(4);
  expect(accepted.filter((risk) => !explained.includes(risk))).toEqual([]);
});
