import { describe, expect, test } from '@jest/globals';
import { Alerts, Auth, Client, Persistence } from '../lib';
import { at, messageOf, newChart, problemsOf, refusedWith } from './support/synth';

/** What a program in plain JavaScript may write: no compiler has looked at it. */
describe('A prop that does not exist is refused', () => {
  const known =
    'name, masterName, metadata, image, security, persistence, auth, users, tls, nodes, sentinels, settings, networkPolicy, disruptionBudgets, healthCheck, backup, restoreFrom, migrateFrom, metrics, proxy, acceptRisks';

  test('in the props of the cluster.', () => {
    expect(messageOf({ replicas: 3 })).toBe(
      refusedWith(`replicas = 3: is not a prop; write one of: ${known} [unknown-prop]`),
    );
  });

  test('in a group.', () => {
    expect(messageOf({ security: { users: 1 } })).toBe(
      refusedWith(
        'security.users = 1: is not a prop; write one of: ids, user, group, fsGroup, restricted [unknown-prop]',
      ),
    );
  });

  test.each<[string, unknown]>([
    ['metadata.label', { metadata: { label: {} } }],
    ['image.version', { image: { version: '8.0.2' } }],
    ['nodes.replica', { nodes: { replica: 2 } }],
    ['nodes.master.storge', { nodes: { master: { storge: 1 } } }],
    ['nodes.master.image.tags', { nodes: { master: { image: { tags: '8' } } } }],
    ['nodes.replicaOverrides.replica2.zone', { nodes: { replicaOverrides: { replica2: { zone: 'z1' } } } }],
    ['nodes.replicaOverrides.replica0', { nodes: { replicaOverrides: { replica0: {} } } }],
    ['nodes.replicaOverrides.1', { nodes: { replicaOverrides: { 1: {} } } }],
    ['sentinels.overrides.sentinel10', { sentinels: { overrides: { sentinel10: {} } } }],
    ['nodes.resources.mem', { nodes: { resources: { mem: 1 } } }],
    ['nodes.resources.memory.limits', { nodes: { resources: { memory: { limits: 1 } } } }],
    ['nodes.keeperResources.cpus', { nodes: { keeperResources: { cpus: 1 } } }],
    ['sentinels.replicas', { sentinels: { replicas: 3 } }],
    ['sentinels.scheduling.zones', { sentinels: { scheduling: { zones: ['z1'] } } }],
    [
      'sentinels.overrides.sentinel1.pod.sidecars',
      { sentinels: { overrides: { sentinel1: { pod: { sidecars: [] } } } } },
    ],
    ['sentinels.deployment.gracePeriod', { sentinels: { deployment: { gracePeriod: 3 } } }],
    ['settings.maxMemory', { settings: { maxMemory: '1gb' } }],
    ['metrics.exporters', { metrics: { exporters: {} } }],
    ['metrics.exporter.product', { metrics: { exporter: { product: 'redis' } } }],
    [
      'metrics.alerts.thresholds.memory',
      { metrics: { alerts: Alerts.configMap({ thresholds: { memory: 1 } as object }) } },
    ],
    ['healthCheck.seconds', { healthCheck: { seconds: 1 } }],
    ['networkPolicy.client', { networkPolicy: { client: [] } }],
    ['networkPolicy.clients[0].labels', { networkPolicy: { clients: [Client.pods({ labels: {} } as object)] } }],
  ])('at %s.', (property, props) => {
    expect(problemsOf(props)).toEqual([
      expect.objectContaining({ rule: 'unknown-prop', property, must: 'is not a prop' }),
    ]);
  });
});

describe('A value of another type is refused', () => {
  const whole = (property: string, value: string, range: string) =>
    `${property} = ${value}: must be a whole number from ${range}; write a whole number from ${range} [range]`;

  test.each<[unknown, string]>([
    ['3', "'3'"],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [2.5, '2.5'],
    [true, 'true'],
    [[2], 'a list'],
    [{ count: 2 }, 'an object'],
    [2n, '2n'],
  ])('in place of a number: %p', (value, shown) => {
    expect(messageOf({ nodes: { replicas: value } })).toBe(refusedWith(whole('nodes.replicas', shown, '0 to 9')));
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'props = null: must be an object; write { name, masterName, … } [type]'],
    ['a text', 'cache', "props = 'cache': must be an object; write { name, masterName, … } [type]"],
    ['a list', [], 'props = a list: must be an object; write { name, masterName, … } [type]'],
  ])('in place of the props: %s', (_, props, problem) => {
    expect(messageOf(props)).toBe(refusedWith(problem));
  });

  const chart = newChart();

  test.each<[string, unknown, string]>([
    ['nodes', 3, 'nodes = 3: must be an object; write { name, image, … } [type]'],
    ['nodes', null, 'nodes = null: must be an object; write { name, image, … } [type]'],
    ['sentinels', [], 'sentinels = a list: must be an object; write { name, image, … } [type]'],
    ['disruptionBudgets', 'yes', "disruptionBudgets = 'yes': must be true or false; write true or false [type]"],
    ['disruptionBudgets', null, 'disruptionBudgets = null: must be true or false; write true or false [type]'],
    ['acceptRisks', 'NO_AUTH', "acceptRisks = 'NO_AUTH': must be a list; write [ … ] [type]"],
    ['persistence', 'aof', "persistence = 'aof': must be a Persistence; write Persistence.aof() [type]"],
    ['persistence', Auth.none(), 'persistence = an object: must be a Persistence; write Persistence.aof() [type]'],
    [
      'name',
      7,
      "name = 7: must be a DNS label that begins with a letter; write 1 to 63 lower case letters, digits and '-' [format]",
    ],
    [
      'masterName',
      'my master',
      "masterName = 'my master': must be letters, digits, '.', '_' and '-'; write such a name [format]",
    ],
    [
      'nodes.storage',
      Persistence.aof(),
      'nodes.storage = an object: must be a Storage; write Storage.claim({ … }) [type]',
    ],
    ['nodes.storage', null, 'nodes.storage = null: must be a Storage; write Storage.claim({ … }) [type]'],
    ['nodes.storage', chart, 'nodes.storage = an object: must be a Storage; write Storage.claim({ … }) [type]'],
    [
      'settings.maxmemory',
      '1gb',
      "settings.maxmemory = '1gb': must be a Size; write Size.mebibytes(…) or Size.gibibytes(…) [type]",
    ],
    [
      'settings.maxmemory',
      chart,
      'settings.maxmemory = an object: must be a Size; write Size.mebibytes(…) or Size.gibibytes(…) [type]',
    ],
    ['sentinels.downAfter', 5000, 'sentinels.downAfter = 5000: must be a Duration; write Duration.seconds(…) [type]'],
    [
      'nodes.resources.cpu',
      { request: '100m' },
      "nodes.resources.cpu.request = '100m': must be a Cpu; write Cpu.millis(…) [type]",
    ],
    [
      'nodes.resources.cpu',
      { limit: { amount: 'NaNm' } },
      'nodes.resources.cpu.limit = an object: must be a Cpu; write Cpu.millis(…) [type]',
    ],
    ['image.pullSecrets', 'registry', "image.pullSecrets = 'registry': must be a list; write [ … ] [type]"],
    ['image.pullSecrets', [7], "image.pullSecrets[0] = 7: must be a string; write '…' [type]"],
    ['metadata.labels', ['a'], "metadata.labels = a list: must be an object; write { key: 'value' } [type]"],
    ['metadata.labels', { a: 1 }, "metadata.labels.a = 1: must be a string; write '…' [type]"],
    [
      'nodes.scheduling.tolerations',
      [null],
      'nodes.scheduling.tolerations[0] = null: must be an object; write { … } [type]',
    ],
    ['nodes.scheduling.affinity', 'far', "nodes.scheduling.affinity = 'far': must be an object; write { … } [type]"],
    [
      'settings.hz',
      () => 10,
      'settings.hz = [Function (anonymous)]: must be a whole number from 1 to 500; write a whole number from 1 to 500 [range]',
    ],
  ])('at %s: %p', (path, value, problem) => {
    expect(messageOf(at(path, value))).toBe(refusedWith(problem));
  });
});

describe('A choice', () => {
  test.each([
    ['image.product', "'redis', 'valkey'"],
    ['image.pullPolicy', "'Always', 'IfNotPresent', 'Never'"],
    ['image.envContract', "'scripts', 'self-configured'"],
    ['security.ids', "'fixed', 'platform'"],
    ['nodes.scheduling.spread', "'preferred', 'required', 'none'"],
    ['settings.loglevel', "'debug', 'verbose', 'notice', 'warning'"],
    [
      'settings.maxmemoryPolicy',
      "'noeviction', 'allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl'",
    ],
  ])('that does not exist is refused: %s', (path, choices) => {
    expect(messageOf(at(path, 'Other'))).toBe(
      refusedWith(`${path} = 'Other': is not a choice; write one of: ${choices} [choice]`),
    );
    expect(messageOf(at(path, ['redis']))).toBe(
      refusedWith(`${path} = a list: is not a choice; write one of: ${choices} [choice]`),
    );
  });

  test('of risks that does not exist is refused.', () => {
    expect(problemsOf({ acceptRisks: ['NO_AUTH', 'SINGLE'] })).toEqual([
      expect.objectContaining({ rule: 'choice', property: 'acceptRisks[1]', value: "'SINGLE'" }),
    ]);
  });
});

describe('A text of another form is refused', () => {
  test.each([
    ['name', 'Cache'],
    ['name', '7cache'],
    ['name', ''],
    ['nodes.master.name', 'a'.repeat(64)],
    ['nodes.master.name', 'a.b'],
    ['masterName', ''],
    ['image.repository', 'redis latest'],
    ['image.repository', ''],
    ['image.tag', ':8'],
    ['image.tag', 'a'.repeat(129)],
    ['image.digest', 'sha256:abc'],
    ['image.digest', 'a'.repeat(64)],
    ['nodes.announceHost', 'a_b.example.com'],
    ['settings.notifyKeyspaceEvents', 'Ex 1'],
    ['settings.directives.lua-time-limit', '1\nrequirepass x'],
    ['settings.directives.lua-time-limit', ''],
    ['sentinels.directives.lua-time-limit', '1\r2'],
  ])('at %s: %j', (property, value) => {
    expect(problemsOf(at(property, value))).toEqual([expect.objectContaining({ rule: 'format', property })]);
  });

  test.each([
    ['settings.directives.Hz', { settings: { directives: { Hz: '1' } } }],
    ['settings.directives.a b', { settings: { directives: { 'a b': '1' } } }],
  ])('as a key: %s', (property, props) => {
    expect(problemsOf(props)).toContainEqual(expect.objectContaining({ rule: 'key', property }));
  });
});

describe('A password is never in a message:', () => {
  const secret = 'hunter2';
  test.each<[string, unknown]>([
    ['a prop that does not exist', { password: secret }],
    ['a group that does not exist', { redis: { password: secret } }],
    ['a prop of an odd name', { pw: secret }],
    ['a text in place of auth', { auth: secret }],
    ['an object in place of auth', { auth: { password: secret } }],
    ['auth in the place of something else', { persistence: Auth.plainText({ password: secret }) }],
    ['auth in the place of a number', { nodes: { replicas: Auth.plainText({ password: secret }) } }],
    ['in clear', { auth: Auth.plainText({ password: secret }) }],
    ['a directive of the nodes', { settings: { directives: { requirepass: secret, masterauth: secret } } }],
    ['a user in a directive', { settings: { directives: { user: `default on >${secret}` } } }],
    [
      'a directive of the sentinels',
      { sentinels: { directives: { requirepass: secret, 'sentinel-pass': `${secret}\n` } } },
    ],
    ['a variable', { nodes: { pod: { env: [{ name: 'REDIS_PORT', value: secret }] } } }],
    ['a list of texts in place of variables', { nodes: { pod: { env: [`REDIS_PASSWORD=${secret}`] } } }],
    ['a text in place of variables', { nodes: { pod: { env: `REDIS_PASSWORD=${secret}` } } }],
    ['a map in place of variables', { nodes: { pod: { env: { REDIS_PASSWORD: secret } } } }],
  ])('%s.', (_, props) => {
    const message = messageOf(props);
    expect(message).toContain('was not rendered');
    expect(message).not.toContain(secret);
  });
});
