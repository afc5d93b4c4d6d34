import { pathToFileURL } from 'node:url';
import { afterAll, expect } from '@jest/globals';
import { parse } from 'yaml';
import { expectedOf } from '../../scripts/examples';
import { kubectl, until } from '../live/kit/kubectl';
import { apply } from '../live/kit/live-cluster';
import { thorough } from '../live/kit/tier';
import { ArgoCd } from './kit/argo-cd';
import { LONGEST_SYNC, Repository } from './kit/repository';

const repository = new Repository();

/** What is not to be had here: the repository and the image. And every test's namespaces have such names. */
const REPLACED: [string, string][] = [
  ['https://git.example.com/platform/caches.git', pathToFileURL(repository.folder).href],
  ['docker.io/library/redis:8.2.10', 'docker.io/library/redis:8.2.3'],
  ['shop-', 'live-shop-'],
];
const files = Object.entries(expectedOf('gitops'))
  .filter(([name]) => !/\/(External|Sealed)Secret\./.test(name)) // whose operators are not here
  .map(([name, text]) => [name, REPLACED.reduce((all, [from, to]) => all.replaceAll(from, to), text)] as const);

const ROOT = new ArgoCd('caches');
const ENVIRONMENTS: Record<string, ArgoCd> = {
  'live-shop-staging': new ArgoCd('cache-staging'),
  'live-shop-production': new ArgoCd('cache-production'),
};
const namespaces = Object.keys(ENVIRONMENTS);

async function claimsIn(namespace: string): Promise<number> {
  const { stdout } = await kubectl(['-n', namespace, 'get', 'persistentvolumeclaim', '--output=name']);
  return stdout.trim().split('\n').length;
}

afterAll(async () => {
  for (const application of [ROOT, ...Object.values(ENVIRONMENTS)]) await application.withdraw();
  await kubectl(['-n', 'argocd', 'delete', 'appproject', 'caches', '--ignore-not-found']);
  await kubectl(['delete', 'namespace', ...namespaces, '--ignore-not-found', '--wait=false']);
  repository.delete();
});

thorough(
  'examples/gitops: one object applied by hand, and both environments are there; deleted, their claims stay',
  async () => {
    repository.commit('dist', Object.fromEntries(files));
    await kubectl(['delete', 'namespace', ...namespaces, '--ignore-not-found']);
    await apply(files.filter(([name]) => name.startsWith('root/')).map(([, text]): unknown => parse(text)));
    for (const namespace of namespaces) {
      const secret = { apiVersion: 'v1', kind: 'Secret', stringData: { password: 'a password' } };
      await until(60, `${namespace} is made, and its Secret`, async () => {
        await apply([{ ...secret, metadata: { name: 'cache-auth', namespace } }]);
        return true;
      });
    }

    for (const [namespace, application] of Object.entries(ENVIRONMENTS)) {
      await until(LONGEST_SYNC, `${namespace} is healthy, and its check says so`, async () => {
        const { sync, health, operationState } = await application.status();
        const seen = [sync?.status, health?.status, operationState?.phase];
        if (seen.join() === 'Synced,Healthy,Succeeded') return true;
        throw new Error(`${seen.join()}: ${operationState?.message ?? ''}`);
      });
      expect(await application.differences()).toEqual([]);
      const { stdout } = await kubectl(['get', 'namespace', namespace, '--output=jsonpath={.metadata.labels}']);
      expect(JSON.parse(stdout)).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    }

    await ROOT.cascade();

    for (const [namespace, application] of Object.entries(ENVIRONMENTS)) {
      await until(120, `${namespace} is empty`, async () => {
        const gone = await application.status().then(
          () => false,
          () => true,
        );
        return gone ? true : undefined;
      });
      expect(await claimsIn(namespace)).toBe(6);
    }
  },
  900_000,
);
