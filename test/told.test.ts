import { describe, expect, test } from '@jest/globals';
import * as library from '../lib';
import { isPlain } from '../lib/core/checks';
import * as all from './support/all-props';
import { at, problemsOf, synth } from './support/synth';

/** What a function that makes an object is told, every member of it, and where in the props the object is written. */
interface Told {
  readonly before?: string[];
  readonly options: object;
  readonly write: (made: unknown) => object;
}

const inside = (path: string) => (made: unknown) => at(path, made);
const risking = (risk: library.Risk, path: string) => (made: unknown) => ({ ...at(path, made), acceptRisks: [risk] });
const user = (made: unknown) => ({ users: [made, library.AclUser.application('other')] });
const proxied = (service: unknown) => ({ proxy: { reads: {}, service } });
const backedUp = (target: unknown) => ({ backup: { target } });
const encrypted = { tls: library.Tls.secret({ secretName: 'certificate' }) };
const migrated = (source: unknown) => ({ ...encrypted, migrateFrom: { source } });
/** Each cipher is of one of them. */
const protocols = Object.values(library.TlsProtocol);
const alerted = (alerts: unknown) => ({ ...encrypted, metrics: { alerts } });

const TOLD: Readonly<Record<string, Told>> = {
  'Client.pods': { options: all.client, write: (made) => ({ networkPolicy: { clients: [made] } }) },
  'UserPassword.key': {
    before: ['main'],
    options: all.userPassword,
    write: (made) => user(maker('AclUser.exporter')('a', { passwords: [made] })),
  },
  'AclUser.application': { before: ['a'], options: all.dataUser, write: user },
  'AclUser.readOnly': { before: ['a'], options: all.dataUser, write: user },
  'AclUser.exporter': { before: ['a'], options: all.user, write: user },
  'AclUser.administrator': { before: ['a'], options: all.user, write: user },
  'AclUser.custom': { before: ['a'], options: all.customUser, write: user },
  'Auth.secret': { options: all.secretAuth, write: (auth) => ({ ...user(library.AclUser.application('b')), auth }) },
  'Auth.plainText': { options: all.plainTextAuth, write: risking(library.Risk.PLAIN_TEXT_PASSWORD, 'auth') },
  'Monitor.podMonitor': { options: all.monitor, write: inside('metrics.monitor') },
  'Monitor.serviceMonitor': { options: all.monitor, write: inside('metrics.monitor') },
  'Alerts.prometheusRule': { options: { ...all.alerts, thresholds: all.thresholds }, write: alerted },
  'Alerts.configMap': { options: { ...all.alerts, thresholds: all.thresholds }, write: alerted },
  'Dashboard.configMap': { options: all.dashboard, write: inside('metrics.dashboard') },
  'Storage.claim': { options: all.claim, write: inside('nodes.storage') },
  'Storage.ephemeral': {
    options: all.ephemeral,
    write: risking(library.Risk.EPHEMERAL_STORAGE, 'nodes.storage'),
  },
  'Persistence.aof': { options: all.aof, write: inside('persistence') },
  'Persistence.rdb': { options: all.rdb, write: inside('persistence') },
  'Persistence.aofAndRdb': { options: all.aofAndRdb, write: inside('persistence') },
  'BackupTarget.s3': { options: all.s3Target, write: backedUp },
  'BackupTarget.claim': { options: all.claimTarget, write: backedUp },
  'BackupTarget.rclone': { options: all.rcloneTarget, write: backedUp },
  'ProxyService.loadBalancer': { options: all.proxyBalancer, write: proxied },
  'ProxyService.nodePort': {
    options: { ...all.proxyNodePort, trafficPolicy: library.TrafficPolicy.LOCAL },
    write: proxied,
  },
  'MigrationSource.server': { options: all.serverSource, write: migrated },
  'MigrationSource.sentinels': { options: all.sentinelSource, write: migrated },
  'Tls.secret': { options: { ...all.secretTls, protocols }, write: inside('tls') },
  'Tls.certManager': { options: { ...all.certManagerTls, protocols }, write: inside('tls') },
};

/** Those that are told nothing, or texts alone. */
const WITHOUT_OPTIONS = [
  'Auth.none',
  'Monitor.annotations',
  'Monitor.none',
  'Alerts.none',
  'Dashboard.none',
  'Storage.existingClaim',
  'Persistence.none',
  'ProxyService.clusterIp',
  'CaBundle.fromSecret',
  'CaBundle.fromConfigMap',
];

/** A function of the library that makes an object, by its name. */
function maker(name: string): (...told: unknown[]) => unknown {
  const [type = '', method = ''] = name.split('.');
  const made: unknown = Reflect.get(library, type);
  const make: unknown = Reflect.get(Object(made), method);
  if (typeof make !== 'function') throw new Error(`there is no ${name}`);
  return (...told) => Reflect.apply(make, made, told) as unknown;
}

/** Whose members are the user's own: there a missing value is refused, for one label less selects more. */
const MAP = /labels$|^annotations$/i;

/** The paths of all members, and of their own. */
function pathsOf(options: object, above: string[] = []): string[][] {
  return Object.entries(options).flatMap(([key, value]: [string, unknown]) => {
    const path = [...above, key];
    return [path, ...(isPlain(value) && !MAP.test(key) ? pathsOf(value, path) : [])];
  });
}

/** The same with another member at a path. */
function changed(
  options: object,
  [key = '', ...below]: string[],
  change: (part: object, key: string) => object,
): object {
  const inner: unknown = Reflect.get(options, key);
  return below.length === 0
    ? change(options, key)
    : { ...options, [key]: changed(Object(inner) as object, below, change) };
}

const missing = (part: object, key: string): object =>
  Object.fromEntries(Object.entries(part).filter(([name]) => name !== key));
const undefinedAt = (part: object, key: string): object => ({ ...part, [key]: undefined });

function outcome(props: object): string {
  try {
    return JSON.stringify(synth(props, 'cache', 'caches'));
  } catch (error) {
    return String(error);
  }
}

describe.each(Object.entries(TOLD))('What %s is told', (name, { before = [], options, write }) => {
  test('is good as a whole.', () => {
    expect(synth(write(maker(name)(...before, options)), 'cache', 'caches')).not.toEqual([]);
  });

  test.each(pathsOf(options).map((path) => [path.join('.'), path] as const))(
    'as undefined is as if it were left out: %s',
    (_, path) => {
      const of = (change: typeof missing) => outcome(write(maker(name)(...before, changed(options, path, change))));
      // As a flag, for both together would fill the screen.
      expect(of(undefinedAt) === of(missing)).toBe(true);
    },
  );
});

test('No function that is told something is left out.', () => {
  const makers = Object.entries<unknown>(library).flatMap(([type, made]) =>
    typeof made !== 'function'
      ? []
      : Object.getOwnPropertyNames(made)
          .filter((method) => !['length', 'name', 'prototype'].includes(method))
          .map((method) => `${type}.${method}`),
  );
  expect(makers.sort()).toEqual([...Object.keys(TOLD), ...WITHOUT_OPTIONS].sort());
});

test.each([
  { networkPolicy: { clients: [library.Client.pods({ podLabels: { app: undefined } } as object)] } },
  { metrics: { monitor: library.Monitor.podMonitor({ labels: { release: undefined } } as object) } },
])('A value of a map is refused as undefined.', (props) => {
  expect(problemsOf(props)).toMatchObject([{ rule: 'type', value: 'undefined', must: 'must be a string' }]);
});
