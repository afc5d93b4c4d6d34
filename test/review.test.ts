import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { App, Chart, Duration, Size, YamlOutputType } from 'cdk8s';
import { MaxmemoryPolicy, RedisSentinelCluster, type RedisSentinelClusterProps } from '../lib';
import { allOf } from './support/manifests';
import { synth } from './support/synth';

/** What a reviewer sees of a change: the hunks of a diff, in a repository with a file for each object. */
describe('A pull request', () => {
  const folder = mkdtempSync(join(tmpdir(), 'review-'));
  const rendered = (name: string, props: RedisSentinelClusterProps): string => {
    const outdir = join(folder, name);
    const app = new App({ outdir, yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
    new RedisSentinelCluster(new Chart(app, 'shop', { namespace: 'shop' }), 'cache', props);
    app.synth();
    return outdir;
  };
  const before = rendered('before', {});
  const hunksOf = (name: string, props: RedisSentinelClusterProps) => {
    const { stdout } = spawnSync('git', ['diff', '--no-index', before, rendered(name, props)], { encoding: 'utf8' });
    const lines = stdout.split('\n');
    return {
      hunks: lines.filter((line) => line.startsWith('@@ ')).length,
      added: lines.filter((line) => /^\+(?!\+\+)/.test(line)).map((line) => line.slice(1).trim()),
    };
  };

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each<[string, RedisSentinelClusterProps, string]>([
    ['maxmemory', { settings: { maxmemory: Size.mebibytes(300) } }, 'value: 300mb'],
    ['replTimeout', { settings: { replTimeout: Duration.seconds(20) } }, 'value: "20"'],
    ['maxmemoryPolicy', { settings: { maxmemoryPolicy: MaxmemoryPolicy.ALLKEYS_LRU } }, 'value: allkeys-lru'],
    ['failoverTimeout', { sentinels: { failoverTimeout: Duration.seconds(20) } }, 'value: "20000"'],
  ])('shows a changed setting once for each server that reads it: %s.', (name, props, line) => {
    const { hunks, added } = hunksOf(name, props);
    expect(hunks).toBe(3);
    expect(added.filter((one) => !one.startsWith('- name: '))).toEqual([line, line, line]);
  });

  test('shows a new image once for each container that runs it, and nothing else.', () => {
    const { hunks, added } = hunksOf('image', { image: { tag: '8.2.11' } });
    expect(new Set(added)).toEqual(new Set(['image: docker.io/library/redis:8.2.11']));
    expect(hunks).toBe(added.length);
    expect(hunks).toBe(3 * 6); // three containers in each of six pods
  });

  test('says why, where an object would make a reviewer ask.', () => {
    const objects = synth();
    for (const kind of ['Deployment', 'Service', 'ConfigMap'] as const) {
      for (const { metadata } of allOf(objects, kind)) {
        expect(metadata.annotations?.['kubernetes.io/description']).toMatch(/^[A-Z][^]{20,300}\.$/);
      }
    }
    const own = synth({ metadata: { annotations: { 'kubernetes.io/description': 'Ours.' } } });
    expect(allOf(own, 'Service')[0]?.metadata.annotations?.['kubernetes.io/description']).toBe('Ours.');
  });
});
