import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as ts from 'typescript';
import * as library from '../../lib';
import * as defaults from '../../lib/defaults';
import { KEY_SIZES } from '../../lib/tls/resolve';
import { GIVEN, membersOf, type Member } from '../../scripts/public-api';
import { propsReference } from '../../scripts/props-reference';
import { allOf, container, environment, find, podOf, type Manifest } from '../support/manifests';
import { PLACES } from '../support/places';
import { SERVER_DEFAULTS } from '../support/server-defaults';
import { synth } from '../support/synth';

const { Persistence, Product, Risk, Storage } = library;

test('docs/props.md is what the sources say: `npm run golden` writes it anew.', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'props.md'), 'utf8')).toBe(propsReference());
});

const interfaces = GIVEN.filter(ts.isInterfaceDeclaration);
const members = interfaces.flatMap((node) => membersOf(node));
const nameOf = ({ declaredIn, name }: Member) => `${declaredIn}.${name}`;

const variableOf = (directive: string) => `REDIS_CONF_${directive.toUpperCase().replaceAll('-', '_')}`;

test('Every member that may be left out says what holds then, and no other.', () => {
  expect(members.filter(({ optional, doc }) => optional === (doc.preset === undefined)).map(nameOf)).toEqual([]);
});

describe('A default that is code', () => {
  const inherited = interfaces.flatMap((node) =>
    membersOf(node, { inherited: true }).map((member) => ({
      ...member,
      type: node.name.text,
      what: `${node.name.text}.${member.name}`,
    })),
  );
  const asCode = inherited.filter(({ doc: { preset } }) => preset !== undefined && !preset.startsWith('- '));

  /** What a server does with the settings of its container; what they leave open it decides by itself. */
  const inEffect = (text: string): Record<string, string> => {
    const rendered = JSON.parse(text) as Manifest[];
    const own = Object.entries(SERVER_DEFAULTS).map(([name, value]): [string, string] => [variableOf(name), value]);
    const given = environment(rendered, container(rendered, 'cache-master', 'redis'));
    return { ...Object.fromEntries(own), ...given };
  };

  test.each(asCode)('is what is rendered without it: $what.', ({ type, name, doc: { preset = '' } }) => {
    const value: unknown = runInNewContext(preset, { ...cdk8s, ...kplus, ...library });
    for (const { outcome, companionOf } of PLACES.filter((place) => place.type === type)) {
      const { always } = companionOf(name);
      const [given, left] = [outcome({ [name]: value }, always), outcome({}, always)];
      expect(given.refused).toBeUndefined();
      if (type === 'RedisSettings') expect(inEffect(given.text)).toEqual(inEffect(left.text));
      // As a flag, for both together would fill the screen.
      else expect(given.text === left.text).toBe(true);
    }
  });
});

const objects = synth();
const server = container(objects, 'cache-master', 'redis');
const size = (quantity = '') => quantity.replace(/Gi$/, ' GiB').replace(/Mi$/, ' MiB');

function claimOf(name: string): string {
  return size(find(objects, 'PersistentVolumeClaim', name).spec.resources.requests.storage);
}

function limitOf(deployment: string): string {
  const props = { nodes: { storage: Storage.ephemeral() }, sentinels: { storage: Storage.ephemeral() } };
  const { volumes = [] } = podOf(synth({ ...props, acceptRisks: [Risk.EPHEMERAL_STORAGE] }), deployment);
  return size(volumes.find(({ name }) => name === 'data')?.emptyDir?.sizeLimit);
}

function resourcesOf(deployment: string, name: string, rendered = objects): string {
  const { requests = {}, limits = {} } = container(rendered, deployment, name).resources ?? {};
  return `${requests['cpu'] ?? 'no'} CPU, ${limits['cpu'] ?? 'no'} CPU limit, ${size(limits['memory'])} memory`;
}

function settingOf(directive: string, props: library.RedisSentinelClusterProps = {}): string {
  const rendered = synth(props);
  return environment(rendered, container(rendered, 'cache-master', 'redis'))[variableOf(directive)] ?? '';
}

function tagOf(product: library.Product): string {
  return container(synth({ image: { product } }), 'cache-master', 'redis').image.split(':')[1] ?? '';
}

function graceOf(deployment: string): number {
  return podOf(objects, deployment).terminationGracePeriodSeconds ?? NaN;
}

function savePoints(): string {
  const [first = '', ...others] = [
    ...settingOf('save', { persistence: Persistence.rdb() }).matchAll(/(\d+) (\d+)/g),
  ].map(([, seconds, changes], index) => `${seconds} s with ${changes}${index === 0 ? ' change' : ''}`);
  return [first, ...others].join(', ');
}

/** With a formula that fits all numbers of sentinels, or nothing. */
function majority(): string {
  const quorumOf = (count: number) => {
    const rendered = synth({ sentinels: { count }, acceptRisks: count % 2 === 0 ? [Risk.EVEN_SENTINELS] : [] });
    return environment(rendered, container(rendered, 'cache-sentinel-1', 'sentinel'))['QUORUM'];
  };
  return [3, 4, 5].every((count) => quorumOf(count) === String(Math.floor(count / 2) + 1))
    ? 'floor(count / 2) + 1'
    : '';
}

const ids = podOf(objects, 'cache-master').securityContext as Record<string, unknown>;
const seconds = (duration: cdk8s.Duration) => duration.toSeconds();
const nodes = allOf(objects, 'Deployment').filter(({ metadata }) => !metadata.name.includes('sentinel')).length;
const sentinels = allOf(objects, 'Deployment').length - nodes;

const watched = synth({ metrics: { dashboard: library.Dashboard.configMap() } });
const exporter = container(watched, 'cache-master', 'exporter');
const dashboardLabels = Object.entries(find(watched, 'ConfigMap', 'cache-dashboard').metadata.labels ?? {})
  .filter(([label]) => !label.includes('/'))
  .map(([label, value]) => `\`${label}: "${value}"\``);

const proxied = synth({ proxy: {} });
const { cpu, memory } = defaults.BACKUP_RESOURCES;
const resourcesOfStore = `${cpu?.request?.amount ?? ''} CPU, no CPU limit, ${memory?.limit?.toMebibytes() ?? ''} MiB memory`;
const resourcesOfProxy = () =>
  `${defaults.PROXY_CPU.amount} CPU, no CPU limit, ${defaults.PROXY_MEMORY.toMebibytes()} MiB memory, ${defaults.TUNNEL_MEMORY.toMebibytes()} MiB more with \`tls\`, and ${defaults.MEMORY_PER_CONNECTION.toKibibytes()} KiB more for each of \`maxConnections\``;

const resourcesOfKeeper = (deployment: string) =>
  `${resourcesOf(deployment, 'keeper')}, and ${defaults.KEEPER_MEMORY_EACH.toMebibytes()} MiB more for each beyond three of the nodes, or of the sentinels where those are more`;

/** Each default in words that has a number in it, made from the number that is used. */
const IN_WORDS: Record<string, string> = {
  'RedisSentinelClusterProps.image': `a fixed version of Redis: ${server.image}`,
  'RedisSentinelClusterProps.security': `user, group and fsGroup ${String(ids['runAsUser'])}, as Pod Security \`restricted\` wants`,
  'NodesOptions.keeperResources': resourcesOfKeeper('cache-master'),
  'SentinelsOptions.keeperResources': resourcesOfKeeper('cache-sentinel-1'),
  'SentinelsOptions.quorum': `a majority: ${majority()}`,
  'NetworkPolicyOptions.dnsPorts': `${defaults.DNS_PORTS.join(', and ')} for OpenShift`,
  'ImageOptions.tag': `'${tagOf(Product.REDIS)}' for Redis, '${tagOf(Product.VALKEY)}' for Valkey, where the repository is the default one and there is no digest`,
  'MemberOptions.resources': `nodes: ${resourcesOf('cache-master', 'redis')}; sentinels: ${resourcesOf('cache-sentinel-1', 'sentinel')}`,
  'DeploymentOptions.terminationGracePeriod': `just that: ${graceOf('cache-master')} seconds for one of ${nodes} nodes with ${size(server.resources?.limits?.['memory'])}, ${graceOf('cache-sentinel-1')} seconds for one of ${sentinels} sentinels`,
  'DeploymentOptions.progressDeadline': `the grace period, and ${seconds(defaults.TIME_PER_GIB)} seconds for each GiB of the claim, at least ${seconds(defaults.PROGRESS_DEADLINE)}`,
  'ClaimOptions.size': `nodes: ${claimOf('cache-master')}; sentinels: ${claimOf('cache-sentinel-1')}, the least that most providers give`,
  'EphemeralOptions.sizeLimit': `nodes: ${limitOf('cache-master')}; sentinels: ${limitOf('cache-sentinel-1')}`,
  'RdbOptions.savePoints': `Redis' own: after ${savePoints()}`,
  'RedisSettings.maxmemory': `what the memory limit holds: (limit − the larger of backlog and replica buffer) ÷ ${defaults.MEMORY_FACTOR}`,
  'RedisSettings.minReplicasToWrite': `${settingOf('min-replicas-to-write')} with two replicas or more, otherwise ${settingOf('min-replicas-to-write', { nodes: { replicas: 1 } })}`,
  'RedisSettings.minReplicasMaxLag': `${settingOf('min-replicas-max-lag')} seconds, or ${seconds(defaults.GUARD_MARGIN)} seconds less than \`sentinels.downAfter\` where that is shorter`,
  'ExporterOptions.tag': `'${exporter.image.split(':')[1] ?? ''}', where there is no digest`,
  'ExporterOptions.resources': resourcesOf('cache-master', 'exporter', watched),
  'AlertThresholds.patience': `${defaults.ALERTS_AT.patience.toMinutes()} minutes, or what the longest stop of a member and its return may take where that is longer`,
  'AlertThresholds.certificateExpiresIn': `${defaults.ALERTS_AT.certificateExpiresIn.toDays()} days, or half of \`renewBefore\` where cert-manager has less time for the next one`,
  'AlertThresholds.fullCopiesPerHour': `${defaults.ALERTS_AT.fullCopiesPerHour}, or three for each replica`,
  'BackupOptions.resources': resourcesOfStore,
  'BackupImageOptions.tag': `'${defaults.RCLONE_IMAGE.tag}', where there is no digest`,
  'S3TargetOptions.region': `'${defaults.S3_REGION}'`,
  'RestoreOptions.resources': resourcesOfStore,
  'ProxyOptions.drain': `${seconds(defaults.PROXY_DRAIN)} seconds, and ${seconds(defaults.PROXY_DRAIN_OUTSIDE)} for a way in from outside with TrafficPolicy.LOCAL`,
  'ProxyOptions.image': `a fixed version of HAProxy: ${container(proxied, 'cache-proxy', 'proxy').image}`,
  'ProxyOptions.resources': resourcesOfProxy(),
  'ProxyImageOptions.tag': `'${defaults.PROXY_IMAGE.tag}', where there is no digest`,
  'TlsOptions.protocols': 'TLS 1.2 and 1.3',
  'CertManagerTlsOptions.privateKey': `ECDSA of ${KEY_SIZES.ECDSA[0] ?? ''} bits`,
  'PrivateKeyOptions.size': `${KEY_SIZES.ECDSA[0] ?? ''} for ECDSA, ${KEY_SIZES.RSA[0] ?? ''} for RSA`,
  'DashboardOptions.labels': dashboardLabels.join(', '),
};

test('Links have a scheme.', () => {
  expect(propsReference()).toContain('See https://');
  expect(propsReference()).not.toMatch(/See :/);
});

describe('A default in words', () => {
  const withNumber = members.filter(({ doc: { preset = '' } }) => /^- .*\d/.test(preset));

  test.each(withNumber.map((member) => [nameOf(member), member] as const))(
    'has the number that is used: %s.',
    (name, { doc }) => {
      expect(doc.preset).toBe(`- ${IN_WORDS[name] ?? 'what IN_WORDS has for it'}`);
    },
  );

  test('stands in a docstring.', () => {
    expect(Object.keys(IN_WORDS).sort()).toEqual(withNumber.map(nameOf).sort());
  });
});

describe('What a docstring says of another number', () => {
  const leave = seconds(defaults.SHUTDOWN);
  const perGib = seconds(defaults.TIME_PER_GIB);
  test.each([
    ['DeploymentOptions.terminationGracePeriod', `${seconds(defaults.COMEBACK)} seconds for each`],
    ['DeploymentOptions.terminationGracePeriod', `${seconds(defaults.HAND_OVER) + leave} for a node's own stop`],
    ['DeploymentOptions.terminationGracePeriod', `${leave} for a sentinel's`],
    [
      'DeploymentOptions.terminationGracePeriod',
      `${4 * perGib} seconds more for each other, and ${perGib} for its own stop`,
    ],
    ['SentinelsOptions.downAfter', `Below ${seconds(defaults.HASTY_DOWN_AFTER)} seconds`],
  ])('is the number that is used: %s.', (name, text) => {
    expect(members.find((member) => nameOf(member) === name)?.doc.text).toContain(text);
  });
});
