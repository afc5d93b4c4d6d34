import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { allOf, containersOf, podOf, type Container, type Kind } from '../support/manifests';
import { synth } from '../support/synth';

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
    expect(page).toContain(`asks for ${smallest('cpu')}m and ${smallest('memory')} MiB`);
    expect(page).toContain(`the request of a node's server, ${Math.max(...containers.map(of('requests', 'cpu')))}m`);
    expect(containers.filter(({ resources }) => resources?.limits?.['cpu'] !== undefined)).toEqual([]);
    expect(containers.map(of('limits', 'memory'))).toEqual(containers.map(of('requests', 'memory')));
  });
});
