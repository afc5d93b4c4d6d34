import { describe, expect, test } from '@jest/globals';
import { Deployment } from 'cdk8s-plus-27';
import {
  AclUser,
  Auth,
  DefaultUser,
  RedisSentinelCluster,
  Risk,
  Servers,
  UserPassword,
  type EnvOptions,
  type RedisSentinelClusterProps,
} from '../../lib/index';
import { container, find, valueOf, type Manifest } from '../support/manifests';
import { newChart, objectsOf } from '../support/synth';

function connect(props: RedisSentinelClusterProps = {}, namespace?: string) {
  return new RedisSentinelCluster(newChart(namespace), 'cache', props).connection;
}

/** The variables of a client's container as its Deployment has them. */
function clientEnv(props: RedisSentinelClusterProps = {}, options?: EnvOptions, namespace?: string) {
  const chart = newChart(namespace);
  const { connection } = new RedisSentinelCluster(chart, 'cache', props);
  new Deployment(chart, 'app', {
    metadata: { name: 'app' },
    podMetadata: { labels: connection.clientLabels },
    containers: [{ name: 'app', image: 'app:1.0.0', envVariables: connection.toEnv(options) }],
  });
  const objects = objectsOf(chart);
  const { env = [] } = container(objects, 'app', 'app');
  return {
    labels: find(objects, 'Deployment', 'app').spec.template.metadata.labels,
    variables: Object.fromEntries(env.map((variable) => [variable.name, valueOf(variable)])),
  };
}

describe('The connection', () => {
  test('has the hosts of all sentinels, with the namespace of the chart.', () => {
    expect(connect({}, 'caches').sentinelHosts).toEqual([
      'cache-sentinel-1.caches.svc',
      'cache-sentinel-2.caches.svc',
      'cache-sentinel-3.caches.svc',
    ]);
  });

  test('has the names of their Services where the chart has no namespace.', () => {
    expect(connect().sentinelHosts).toEqual(['cache-sentinel-1', 'cache-sentinel-2', 'cache-sentinel-3']);
  });

  test('has the address that a sentinel announces.', () => {
    const overrides = { sentinel2: { hostNetwork: true, announceHost: '192.0.2.7' } };
    const { sentinelHosts, sentinels } = connect({ sentinels: { overrides } }, 'caches');
    expect(sentinelHosts).toEqual(['cache-sentinel-1.caches.svc', '192.0.2.7', 'cache-sentinel-3.caches.svc']);
    expect(sentinels).toBe('cache-sentinel-1.caches.svc:26379,192.0.2.7:26379,cache-sentinel-3.caches.svc:26379');
  });

  test('has ports, the name of the master and the labels of clients.', () => {
    expect(connect()).toMatchObject({
      masterName: 'cache',
      sentinelPort: 26379,
      redisPort: 6379,
      clientLabels: { 'cache-client': 'true' },
    });
    const props = { masterName: 'main', nodes: { port: 7000 }, sentinels: { port: 7001 } };
    expect(connect(props)).toMatchObject({ masterName: 'main', sentinelPort: 7001, redisPort: 7000 });
    expect(connect(props).sentinels).toBe('cache-sentinel-1:7001,cache-sentinel-2:7001,cache-sentinel-3:7001');
  });

  test('says where the passwords are.', () => {
    const auth = Auth.secret({ secretName: 'redis', passwordKey: 'main', sentinelPasswordKey: 'watch' });
    expect(connect({ auth })).toMatchObject({
      password: { secretName: 'redis', key: 'main' },
      sentinelPassword: { secretName: 'redis', key: 'watch' },
    });
    const none = connect({ auth: Auth.none(), acceptRisks: [Risk.NO_AUTH] });
    expect([none.password, none.sentinelPassword]).toEqual([undefined, undefined]);
  });
});

describe('The variables for a client', () => {
  test('are the sentinels, the name of the master, and references to the passwords.', () => {
    expect(clientEnv({}, undefined, 'caches')).toEqual({
      labels: expect.objectContaining({ 'cache-client': 'true' }),
      variables: {
        REDIS_SENTINELS:
          'cache-sentinel-1.caches.svc:26379,cache-sentinel-2.caches.svc:26379,cache-sentinel-3.caches.svc:26379',
        REDIS_MASTER_NAME: 'cache',
        REDIS_PASSWORD: 'secret cache-auth password',
        REDIS_SENTINEL_PASSWORD: 'secret cache-auth password',
      },
    });
  });

  test('can begin with another word, and come in the order of their names.', () => {
    expect(Object.keys(clientEnv({}, { prefix: 'CACHE' }).variables)).toEqual([
      'CACHE_MASTER_NAME',
      'CACHE_PASSWORD',
      'CACHE_SENTINELS',
      'CACHE_SENTINEL_PASSWORD',
    ]);
  });

  test('name the keys of the Secret.', () => {
    const auth = Auth.secret({ secretName: 'redis', passwordKey: 'main', sentinelPasswordKey: 'watch' });
    expect(clientEnv({ auth }).variables).toMatchObject({
      REDIS_PASSWORD: 'secret redis main',
      REDIS_SENTINEL_PASSWORD: 'secret redis watch',
    });
  });

  test('have no password where there is none.', () => {
    expect(clientEnv({ auth: Auth.none(), acceptRisks: [Risk.NO_AUTH] }).variables).toEqual({
      REDIS_SENTINELS: 'cache-sentinel-1:26379,cache-sentinel-2:26379,cache-sentinel-3:26379',
      REDIS_MASTER_NAME: 'cache',
    });
  });

  test('find a password of the manifest in its Secret.', () => {
    const auth = Auth.plainText({ password: 'open', sentinelPassword: 'sesame' });
    expect(clientEnv({ auth, acceptRisks: [Risk.PLAIN_TEXT_PASSWORD] }).variables).toMatchObject({
      REDIS_PASSWORD: 'secret cache-auth password',
      REDIS_SENTINEL_PASSWORD: 'secret cache-auth sentinel-password',
    });
  });

  test('can be made again for each client, and add no object.', () => {
    const chart = newChart();
    const { connection } = new RedisSentinelCluster(chart, 'cache');
    const before = objectsOf(chart);
    expect(connection.toEnv()).toEqual(connection.toEnv());
    expect(objectsOf(chart)).toEqual(before);
  });
});

describe('A rendered program that kustomize moves to another namespace', () => {
  const render = (namespace?: string) => {
    const chart = newChart(namespace);
    const { connection } = new RedisSentinelCluster(chart, 'cache', { healthCheck: {} });
    const cluster = objectsOf(chart);
    new Deployment(chart, 'app', {
      metadata: { name: 'app' },
      containers: [{ name: 'app', image: 'app:1.0.0', envVariables: connection.toEnv() }],
    });
    const client = objectsOf(chart).filter(({ metadata }) => metadata.name === 'app');
    return { cluster, client };
  };
  /** `namespace:` of a kustomization. */
  const moved = (objects: Manifest[], namespace: string): Manifest[] =>
    objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));

  test('has a cluster that is the same as one that was rendered for it.', () => {
    expect(moved(render('staging').cluster, 'prod')).toEqual(render('prod').cluster);
    expect(moved(render().cluster, 'prod')).toEqual(render('prod').cluster);
  });

  test('has a client that finds it there, where the chart has no namespace.', () => {
    const sentinels = (namespace?: string) =>
      valueOf(container(moved(render(namespace).client, 'prod'), 'app', 'app').env?.[2] ?? { name: 'none' });
    expect(sentinels()).toBe('cache-sentinel-1:26379,cache-sentinel-2:26379,cache-sentinel-3:26379');
    expect(sentinels('staging')).toMatch(/^cache-sentinel-1\.staging\.svc:26379,/);
  });

  const users = [
    AclUser.application('shop'),
    AclUser.readOnly('report', {
      on: Servers.NODES,
      passwords: [UserPassword.key('of-report', { secretName: 'people' })],
    }),
    AclUser.exporter('watch', { on: Servers.SENTINELS }),
  ];

  test('are those of the user that is named, and of the default user where it is not.', () => {
    const login = (user: string): unknown => {
      const { variables } = clientEnv({ users }, { user });
      const { REDIS_USERNAME, REDIS_PASSWORD, REDIS_SENTINEL_USERNAME, REDIS_SENTINEL_PASSWORD } = variables;
      return [REDIS_USERNAME, REDIS_PASSWORD, REDIS_SENTINEL_USERNAME, REDIS_SENTINEL_PASSWORD];
    };
    const [shop, ofDefault] = ['secret cache-users shop', 'secret cache-auth password'];
    expect(login('shop')).toEqual(['shop', shop, 'shop', shop]);
    expect(login('report')).toEqual(['report', 'secret people of-report', undefined, ofDefault]);
    expect(login('watch')).toEqual([undefined, ofDefault, 'watch', 'secret cache-users watch']);
  });

  test('are refused for a user that is not there, and for the default user where that is off.', () => {
    expect(() => connect({ users }).toEnv({ user: 'nobody' })).toThrow(
      "cache has no user 'nobody': write one of 'shop', 'report', 'watch'",
    );
    expect(() => connect({ users, auth: Auth.secret({ defaultUser: DefaultUser.OFF }) }).toEnv()).toThrow(
      "the default user of cache is off: write toEnv({ user: '…' }) with one of 'shop', 'report', 'watch'",
    );
  });
});
