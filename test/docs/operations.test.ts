import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Size } from 'cdk8s';
import { parse } from 'yaml';
import { KEEPER_MEMORY_EACH } from '../../lib/defaults';
import { Alerts, Dashboard, Persistence, Risk, Storage, type RedisSentinelClusterProps } from '../../lib';
import { allOf, container, containersOf, environment, podOf, type Container, type Kind } from '../support/manifests';
import { refusal, synth } from '../support/synth';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'operations.md'), 'utf8');
const objects = synth();
const pods = allOf(objects, 'Deployment').map(({ metadata }) => podOf(objects, metadata.name));

type Which = 'requests' | 'limits';

/** In thousandths of a CPU, or in MiB. */
function amount(quantity: string | undefined): number {
  const [, number = '', unit = ''] = /^(\d+)(m|Mi|Gi)$/.exec(quantity ?? '0m') ?? [];
  if (unit === '') throw new Error(`no quantity: ${quantity ?? ''}`);
  return Number(number) * (unit === 'Gi' ? 1024 : 1);
}

const of = (which: Which, what: 'cpu' | 'memory') => (container: Container) =>
  amount(container.resources?.[which]?.[what]);
const sum = (amounts: number[]) => amounts.reduce((total, one) => total + one, 0);

/** What Kubernetes reckons for a pod: all that runs at once, or a container that runs before, where it wants more. */
const perPod = (which: Which, what: 'cpu' | 'memory') =>
  pods.map(({ containers, initContainers = [] }) =>
    Math.max(sum(containers.map(of(which, what))), ...initContainers.map(of(which, what))),
  );

describe('What a namespace must allow, as the docs say it,', () => {
  test('is what the default cluster has.', () => {
    const [, quota = ''] = /```yaml\n(apiVersion: v1\nkind: ResourceQuota\n.*?)```/s.exec(page) ?? [];
    const claims = allOf(objects, 'PersistentVolumeClaim');
    const count = (kind: Kind) => allOf(objects, kind).length;
    expect(parse(quota)).toMatchObject({
      spec: {
        hard: {
          'requests.cpu': `${sum(perPod('requests', 'cpu'))}m`,
          'requests.memory': `${sum(perPod('requests', 'memory'))}Mi`,
          'limits.memory': `${sum(perPod('limits', 'memory'))}Mi`,
          pods: count('Deployment'),
          services: count('Service'),
          // And `kube-root-ca.crt`.
          configmaps: count('ConfigMap') + 1,
          persistentvolumeclaims: claims.length,
          'requests.storage': `${sum(claims.map(({ spec }) => amount(spec.resources.requests.storage))) / 1024}Gi`,
        },
      },
    });
  });

  test('has the pod of a node, the smallest container, and no CPU limit.', () => {
    const containers = pods.flatMap(containersOf);
    const smallest = (what: 'cpu' | 'memory') => Math.min(...containers.map(of('requests', what)));
    expect(page).toContain(
      `one node's more, ${Math.max(...perPod('requests', 'cpu'))}m and ${Math.max(...perPod('requests', 'memory'))} MiB`,
    );
    expect(page).toContain(`every keeper has ${KEEPER_MEMORY_EACH.toMebibytes()} MiB more for each`);
    expect(page).toContain(`asks for ${smallest('cpu')}m and ${smallest('memory')} MiB`);
    expect(page).toContain(`the request of a node's server, ${Math.max(...containers.map(of('requests', 'cpu')))}m`);
    expect(containers.filter(({ resources }) => resources?.limits?.['cpu'] !== undefined)).toEqual([]);
    expect(containers.map(of('limits', 'memory'))).toEqual(containers.map(of('requests', 'memory')));
  });
});

describe('The table of sizes', () => {
  const rows = [
    ...page.matchAll(/^\| +(\d+) ([MG])iB \| +(\d+) MiB \| +(\d+) MiB \| +(\d+) MiB \| +(\d+) s \|$/gm),
  ].map(([, size, unit, ...rest]) => [Number(size) * (unit === 'G' ? 1024 : 1), ...rest.map(Number)] as const);
  const props = (limit: number, claim: number, more: RedisSentinelClusterProps = {}): RedisSentinelClusterProps => {
    const memory = { request: Size.mebibytes(limit), limit: Size.mebibytes(limit) };
    return { nodes: { resources: { memory }, storage: Storage.claim({ size: Size.mebibytes(claim) }) }, ...more };
  };

  test('is found by this test.', () => {
    expect(rows.length).toBeGreaterThan(5);
  });

  test.each(rows)('has what is rendered: %d MiB.', (limit, maxmemory = 0, aof = 0, rdb = 0, grace = 0) => {
    const rendered = synth(props(limit, aof));
    const server = container(rendered, 'cache-master', 'redis');
    expect(environment(rendered, server)['REDIS_CONF_MAXMEMORY']).toBe(`${maxmemory}mb`);
    expect(podOf(rendered, 'cache-master').terminationGracePeriodSeconds).toBe(grace);
    const snapshots = { persistence: Persistence.rdb() };
    expect(refusal(props(limit, rdb, snapshots))).toBeUndefined();
    for (const refused of [props(limit, aof - 1), props(limit, rdb - 1, snapshots)])
      expect(refusal(refused)?.message).toContain(Risk.SMALL_CLAIM);
  });
});

test('The command that looks for ConfigMaps which nothing names finds those with a hash in their names, and no other.', () => {
  const [, pattern = ''] = /grep -E '(\^cache-[^']+)'/.exec(page) ?? [];
  const metrics = { alerts: Alerts.configMap(), dashboard: Dashboard.configMap() };
  const rendered = allOf(synth({ metrics, proxy: {} }, 'cache', 'shop'), 'ConfigMap').map(
    ({ metadata }) => metadata.name,
  );
  const found = rendered.filter((name) => new RegExp(pattern).test(name));
  expect(found.map((name) => name.replace(/-[0-9a-f]+$/, '')).sort()).toEqual([
    'cache-members',
    'cache-proxy',
    'cache-scripts',
  ]);
  expect(rendered.length).toBe(found.length + 2);
});
