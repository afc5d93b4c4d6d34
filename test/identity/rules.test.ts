import { describe, expect, test } from '@jest/globals';
import { messageOf, refusedWith, synth } from '../support/synth';

describe('The name of a cluster', () => {
  const long = 'a'.repeat(41);
  const problem = (property: string, value: string) =>
    `${property} = '${value}': must be a DNS label of at most 40 characters, for the name of every object begins with it; write a letter, then lower case letters, digits and '-'; without a name it is the construct's id [cluster-name]`;

  test.each([long, 'Cache', 'cache_1', '-cache', 'cache-', '1cache', 'ca.che'])('can not be the id %s', (id) => {
    expect(messageOf({}, id)).toBe(refusedWith(problem('name', id)).replace("'test/cache'", `'test/${id}'`));
  });

  test('can not be longer than the names of its objects may be.', () => {
    expect(messageOf({ name: long })).toBe(refusedWith(problem('name', long)));
    expect(synth({ name: 'a'.repeat(40) })).not.toEqual([]);
  });

  test('must be a name of Services, so it begins with a letter.', () => {
    expect(messageOf({ name: '1cache' })).toBe(
      refusedWith(
        "name = '1cache': must be a DNS label that begins with a letter; write 1 to 63 lower case letters, digits and '-' [format]",
      ),
    );
  });
});

test('Lists of annotations are joined with those that this library needs.', () => {
  const [sync, compare] = ['argocd.argoproj.io/sync-options', 'argocd.argoproj.io/compare-options'];
  const annotations = { [sync]: 'ServerSideApply=true, Prune=false', [compare]: 'ServerSideDiff=true' };
  const objects = synth({ metadata: { annotations }, proxy: {} });
  const written = (annotation: string) =>
    objects.map(({ kind, metadata }) => `${kind}: ${metadata.annotations?.[annotation] ?? ''}`);
  expect([...new Set(written(sync))].sort()).toEqual([
    'ConfigMap: Prune=false,ServerSideApply=true',
    'Deployment: PruneLast=true,ServerSideApply=true,Prune=false',
    'Deployment: ServerSideApply=true, Prune=false',
    'NetworkPolicy: ServerSideApply=true, Prune=false',
    'PersistentVolumeClaim: Prune=false,Delete=false,ServerSideApply=true',
    'PodDisruptionBudget: ServerSideApply=true, Prune=false',
    'Service: Prune=false,ServerSideApply=true',
    'Service: ServerSideApply=true, Prune=false',
  ]);
  expect(written(compare)).toContain('ConfigMap: IgnoreExtraneous,ServerSideDiff=true');
  expect(written(compare)).toContain('NetworkPolicy: ServerSideDiff=true');
});
