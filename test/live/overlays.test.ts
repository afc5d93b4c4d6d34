import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { RedisSentinelCluster } from '../../lib';
import { explained, healthy, started } from './kit/health';
import { runnable } from './kit/images';
import { kubectl } from './kit/kubectl';
import { LiveCluster } from './kit/live-cluster';
import { survives } from './kit/observed';
import { thorough } from './kit/tier';

// What renames objects, and what moves them by kustomize, is in identity.test.ts.

const IMAGE = 'docker.io/library/redis';
const PROPS = { networkPolicy: { enabled: false } };

/** A kustomization over these manifests, in a folder that is deleted at the end. */
class Overlay {
  private readonly folder = mkdtempSync(join(tmpdir(), 'overlay-'));

  public constructor(manifest: string) {
    writeFileSync(join(this.folder, 'cache.yaml'), manifest);
  }

  public with(...lines: string[]): string {
    writeFileSync(join(this.folder, 'kustomization.yaml'), ['resources: [cache.yaml]', ...lines].join('\n'));
    return this.folder;
  }

  public delete(): void {
    rmSync(this.folder, { recursive: true });
  }
}

describe('an overlay of a running cluster', () => {
  let cluster: LiveCluster;
  let overlay: Overlay;

  beforeAll(async () => {
    cluster = await started('overlay');
    overlay = new Overlay(cluster.manifest);
  });
  afterAll(async () => {
    overlay.delete();
    await cluster.destroy();
  });

  test('with labels and annotations of everything, and with another image: a rollout like any other', async () => {
    const folder = overlay.with(
      'labels: [{ pairs: { team: shop }, includeTemplates: true }]',
      'commonAnnotations: { cost: shop }',
      `images: [{ name: ${IMAGE}, newTag: 8.0.2 }]`,
    );

    await survives(cluster, {
      name: 'an overlay with labels, annotations and another image',
      happens: async () => {
        await kubectl(['apply', '--kustomize', folder]);
        await cluster.kubectl('rollout', 'status', 'deployment', '--timeout=300s');
      },
      limit: 120,
    });

    expect(await cluster.podOf('cache-master', '.spec.containers[0].image')).toBe(`${IMAGE}:8.0.2`);
    expect(await cluster.podOf('cache-master', '.metadata.labels.team')).toBe('shop');
    expect(await cluster.podOf('cache-master', '.metadata.annotations.cost')).toBe('shop');
  });

  test('with labels in selectors: refused by Kubernetes, and by all who ask it before they apply anything', async () => {
    const folder = overlay.with('labels: [{ pairs: { team: shop }, includeSelectors: true }]');

    const applied = kubectl(['apply', '--dry-run=server', '--kustomize', folder]);

    const refusal = await applied.then(() => 'nothing was refused', String);
    expect(refusal).toMatch(/Deployment.* "cache-master" is invalid: spec\.selector: .*field is immutable/);
    expect(refusal).toContain('service/cache-master configured'); // which is why nobody should apply it without asking
    await healthy(cluster);
  });

  test('applied with -n OTHER: refused by kubectl, for a namespace is in the manifests', async () => {
    const applied = kubectl(['apply', '--namespace', 'default', '--kustomize', overlay.with()]);

    await expect(applied).rejects.toThrow(
      `the namespace from the provided object "${cluster.namespace}" does not match`,
    );
    const path = ['-n', 'default', 'get', 'deployment', '--output=name'];
    expect((await kubectl(path)).stdout).toBe('');
  });
});

thorough('an overlay with labels in selectors, of a cluster that is new: it starts', async () => {
  const cluster = await LiveCluster.prepare('selected', PROPS);
  const overlay = new Overlay(cluster.manifest);
  const labels = 'labels: [{ pairs: { team: shop }, includeSelectors: true }]';
  await kubectl(['apply', '--kustomize', overlay.with(labels)]);

  await explained(cluster, 'boot', () => healthy(cluster));
  overlay.delete();
  await cluster.destroy();
});

thorough(
  'what a chart without a namespace renders, applied to two: two clusters that know nothing of each other',
  async () => {
    const app = new App();
    new RedisSentinelCluster(new Chart(app, 'anywhere'), 'cache', runnable(PROPS));
    const manifest = app.synthYaml();
    const clusters: LiveCluster[] = [];
    for (const name of ['here', 'there']) clusters.push(await LiveCluster.prepare(name, PROPS));
    const [here, there] = clusters as [LiveCluster, LiveCluster];
    for (const { namespace } of clusters)
      await kubectl(['apply', '--namespace', namespace, '--filename', '-'], manifest);

    for (const cluster of clusters) await explained(cluster, 'boot', () => healthy(cluster));
    await here.direct('cache-master').set('of', 'here');
    await here.direct('cache-master').wait(2, 5000);
    for (const node of there.nodes) expect(await there.direct(node).get('of')).toBeNull();
    for (const cluster of clusters) await cluster.destroy();
  },
);
