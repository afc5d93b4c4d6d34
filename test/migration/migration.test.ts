import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { MigrationPhase, MigrationSource, type MigrationOptions, type RedisSentinelClusterProps } from '../../lib';
import { allOf, containersOf, environment, find, type Manifest } from '../support/manifests';
import { synth } from '../support/synth';

const server = MigrationSource.server({
  host: 'redis.old.svc',
  auth: { secretName: 'old', key: 'word', user: 'copier' },
});
const sentinels = MigrationSource.sentinels({
  hosts: ['one.old.svc', 'two.old.svc'],
  masterName: 'mymaster',
  auth: { secretName: 'old' },
  sentinelAuth: { secretName: 'old-sentinels', key: 'other', user: 'asker' },
});

const rendered = (more: Partial<MigrationOptions> = {}, props: RedisSentinelClusterProps = {}): Manifest[] =>
  synth({ ...props, migrateFrom: { source: server, ...more } }, 'cache', 'shop');
const named = (objects: Manifest[], kind: string): string[] =>
  objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
const cutOver = { phase: MigrationPhase.CUT_OVER };
const isCutOver = (name: string): boolean => name.includes('cut-over');

describe('A migration', () => {
  test('tells every container whom the cluster follows.', () => {
    const known = (source: MigrationSource) => {
      const objects = rendered({ source });
      return ['cache-replica-1', 'cache-sentinel-1'].map((member) => {
        const [, container] = containersOf(find(objects, 'Deployment', member).spec.template.spec);
        const variables = container === undefined ? [] : Object.entries(environment(objects, container));
        return Object.fromEntries(variables.filter(([name]) => name.startsWith('SOURCE_')));
      });
    };
    const ofServer = {
      SOURCE_HOST: 'redis.old.svc',
      SOURCE_PORT: '6379',
      SOURCE_USER: 'copier',
      SOURCE_PASSWORDS_DIR: '/source-passwords',
    };
    expect(known(server)).toEqual([ofServer, ofServer]);
    const ofSentinels = {
      SOURCE_SENTINELS: 'one.old.svc two.old.svc',
      SOURCE_MASTER_NAME: 'mymaster',
      SOURCE_PORT: '26379',
      SOURCE_SENTINEL_USER: 'asker',
      SOURCE_PASSWORDS_DIR: '/source-passwords',
    };
    expect(known(sentinels)).toEqual([ofSentinels, ofSentinels]);
    expect(known(MigrationSource.server({ host: '10.0.0.7', port: 7000 }))[0]).toEqual({
      SOURCE_HOST: '10.0.0.7',
      SOURCE_PORT: '7000',
    });
  });

  test('shows its passwords to the keeper of the first node only, which starts without them too.', () => {
    const objects = rendered({ source: sentinels });
    const mounting = allOf(objects, 'Deployment').flatMap(({ metadata, spec }) =>
      containersOf(spec.template.spec)
        .filter(({ volumeMounts = [] }) => volumeMounts.some(({ name }) => name === 'source-passwords'))
        .map(({ name }) => `${metadata.name} ${name}`),
    );
    expect(mounting).toEqual(['cache-master keeper']);
    const { volumes = [] } = find(objects, 'Deployment', 'cache-master').spec.template.spec;
    expect(volumes.find(({ name }) => name === 'source-passwords')).toEqual({
      name: 'source-passwords',
      projected: {
        defaultMode: 0o440,
        sources: [
          { secret: { name: 'old', items: [{ key: 'password', path: 'password' }], optional: true } },
          { secret: { name: 'old-sentinels', items: [{ key: 'other', path: 'sentinel' }], optional: true } },
        ],
      },
    });
  });

  test('is cut over by a Job, and restarts no pod for that.', () => {
    const [before, after] = [rendered(), rendered(cutOver)];
    expect(named(before, 'Job')).toEqual([]);
    const [name = ''] = named(after, 'Job');
    expect(name).toMatch(/^cache-cut-over-[0-9a-f]{8}$/);
    expect(find(after, 'Job', name).spec).toMatchObject({ backoffLimit: 3, activeDeadlineSeconds: 3720 });
    expect(after.filter(({ metadata }) => !isCutOver(metadata.name))).toEqual(before);
    const [container] = containersOf(find(after, 'Job', name).spec.template.spec);
    expect(container?.command).toEqual(['sh', '/scripts/cut-over.sh', '3600']);
    const [other] = named(rendered({ ...cutOver, timeout: Duration.minutes(1) }), 'Job');
    expect(other).not.toBe(name);
  });

  test('lets the first node and the Job out to the source, and nobody else.', () => {
    const ports = (name: string, more: Partial<MigrationOptions> = {}) =>
      find(rendered({ ...cutOver, ...more }), 'NetworkPolicy', name)
        .spec.egress?.at(-1)
        ?.ports?.map(({ port }) => port);
    expect(ports('cache-source')).toEqual([6379]);
    expect(ports('cache-source', { source: sentinels })).toEqual([26379, 6379]);
    expect(ports('cache-cut-over', { source: sentinels })).toEqual([26379, 6379]);
    const selector = { 'redis-sentinel-cluster/member': 'cache-master' };
    expect(find(rendered(), 'NetworkPolicy', 'cache-source').spec).toMatchObject({
      podSelector: { matchLabels: selector },
      policyTypes: ['Egress'],
    });
    expect(named(rendered(cutOver, { networkPolicy: { enabled: false } }), 'NetworkPolicy')).toEqual([]);
  });
});
