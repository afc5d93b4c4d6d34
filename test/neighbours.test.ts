import { App, Chart } from 'cdk8s';
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

  test('never share the name of a member', () => {
    const [one, two] = pair('shop', 'shop');
    new RedisSentinelCluster(one, 'cache');

    expect(() => new RedisSentinelCluster(two, 'other', { nodes: { master: { name: 'cache-master' } } })).toThrow(
      "nodes.master.name = 'cache-master': is a member of the cluster 'chart-0/cache' in this namespace",
    );
  });
});
