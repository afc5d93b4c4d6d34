import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, YamlOutputType } from 'cdk8s';
import { describe, expect, test } from '@jest/globals';
import { RedisSentinelCluster, Storage } from '../lib';

describe('two clusters in one program', () => {
  const charts = (...namespaces: string[]): Chart[] => {
    const app = new App();
    return namespaces.map((namespace, index) => new Chart(app, `chart-${index}`, { namespace }));
  };
  const pair = (first: string, second: string): [Chart, Chart] => {
    const [one, two] = charts(first, second);
    if (one === undefined || two === undefined) throw new Error('two charts');
    return [one, two];
  };

  test('of one name in one namespace are refused, for cdk8s would render every object twice', () => {
    const [one, two] = pair('shop', 'shop');
    new RedisSentinelCluster(one, 'cache');

    expect(() => new RedisSentinelCluster(two, 'cache')).toThrow(
      [
        "RedisSentinelCluster 'chart-1/cache' was not rendered: 1 problem",
        "  name = 'cache': is a name of the cluster 'chart-0/cache' in this namespace; write another one, or another namespace [taken-by-neighbour]",
      ].join('\n'),
    );
  });

  test('of one name in two namespaces are two clusters', () => {
    const [one, two] = pair('shop', 'bank');
    new RedisSentinelCluster(one, 'cache');

    expect(() => new RedisSentinelCluster(two, 'cache')).not.toThrow();
  });

  test('never share a claim', () => {
    const [one, two] = pair('shop', 'shop');
    const nodes = { master: { storage: Storage.existingClaim('old') } };
    new RedisSentinelCluster(one, 'cache', { nodes });

    expect(() => new RedisSentinelCluster(two, 'other', { nodes })).toThrow(
      "nodes.master.storage = 'old': is a claim of the cluster 'chart-0/cache' in this namespace",
    );
  });

  test.each(['cache-master', 'cache-proxy', 'cache-reads'])('never share the name of a Service: %s', (name) => {
    const [one, two] = pair('shop', 'shop');
    new RedisSentinelCluster(one, 'cache', { proxy: { reads: {} } });

    expect(() => new RedisSentinelCluster(two, 'other', { nodes: { master: { name } } })).toThrow(
      `nodes.master.name = '${name}': is a Service of the cluster 'chart-0/cache' in this namespace`,
    );
  });
});

describe('Two clusters of one name in two namespaces', () => {
  const { FILE_PER_APP, FILE_PER_CHART, FILE_PER_RESOURCE, FOLDER_PER_CHART_FILE_PER_RESOURCE } = YamlOutputType;
  const program = (yamlOutputType: YamlOutputType, outdir?: string) => {
    const app = new App({ yamlOutputType, ...(outdir !== undefined && { outdir }) });
    const [one, two] = ['shop', 'bank'].map((namespace) => new Chart(app, namespace, { namespace }));
    if (one === undefined || two === undefined) throw new Error('two charts');
    return { app, one, two };
  };

  /** How many objects a program has, and how many of them are in the files that it writes. */
  function written(type: YamlOutputType, second: string): { objects: number; files: number } {
    const folder = mkdtempSync(join(tmpdir(), 'neighbours-'));
    try {
      const { app, one, two } = program(type, folder);
      new RedisSentinelCluster(one, 'cache');
      new RedisSentinelCluster(two, second);
      app.synth();
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
      return { objects: [one, two].flatMap((chart) => chart.toJson() as unknown[]).length, files: files.length };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('are refused where one would be written over the files of the other.', () => {
    const { one, two } = program(FILE_PER_RESOURCE);
    new RedisSentinelCluster(one, 'cache');
    expect(() => new RedisSentinelCluster(two, 'cache')).toThrow(
      [
        "RedisSentinelCluster 'bank/cache' was not rendered: 1 problem",
        "  name = 'cache': names the files of the cluster 'shop/cache' too, in another namespace: YamlOutputType.FILE_PER_RESOURCE would write these over those; write another one, or YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE [file-taken]",
      ].join('\n'),
    );
  });

  test('are refused for the name of one member too.', () => {
    const { one, two } = program(FILE_PER_RESOURCE);
    new RedisSentinelCluster(one, 'cache');
    expect(() => new RedisSentinelCluster(two, 'other', { nodes: { master: { name: 'cache-master' } } })).toThrow(
      "nodes.master.name = 'cache-master': names the files of the cluster 'shop/cache' too",
    );
  });

  test('may each have a claim of one name that existed before, for it has no file.', () => {
    const { one, two } = program(FILE_PER_RESOURCE);
    const nodes = { master: { storage: Storage.existingClaim('old') } };
    new RedisSentinelCluster(one, 'cache', { nodes });
    expect(() => new RedisSentinelCluster(two, 'other', { nodes })).not.toThrow();
  });

  test('of one namespace are refused for that, and once.', () => {
    const { app, one } = program(FILE_PER_RESOURCE);
    new RedisSentinelCluster(one, 'cache');
    const same = new Chart(app, 'same', { namespace: 'shop' });
    expect(() => new RedisSentinelCluster(same, 'cache')).toThrow(
      /1 problem\n.* in this namespace; .*\[taken-by-neighbour]$/,
    );
  });

  test.each([
    ['the same name, in a folder for each chart', FOLDER_PER_CHART_FILE_PER_RESOURCE, 'cache'],
    ['another name, in one folder', FILE_PER_RESOURCE, 'other'],
  ])('lose no object: %s.', (_, type, second) => {
    const { objects, files } = written(type, second);
    expect([objects, files]).toEqual([48, 48]);
  });

  test.each([
    ['for the app', FILE_PER_APP, 1],
    ['for each chart', FILE_PER_CHART, 2],
  ])('may have the same name in a file %s.', (_, type, files) => {
    expect(written(type, 'cache')).toEqual({ objects: 48, files });
  });
});
