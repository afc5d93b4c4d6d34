import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { connect } from '../../examples/client-app/client';
import { exampleNames, expectedOf, filesOf } from '../../scripts/examples';
import { schemaErrors, schemaVersions } from '../support/kubernetes-schema';
import { allOf, containersOf, isManifest, selects, valueOf, type Manifest } from '../support/manifests';

/** One has a file for each object, and a test of its own. */
const EXAMPLES = exampleNames().filter((example) => example !== 'gitops');

/** Every object in the expected files of an example; they are long, and read by several tests. */
function expectedObjects(example: string): Manifest[] {
  const objects =
    READ.get(example) ??
    Object.values(expectedOf(example))
      .flatMap((text) => parseAllDocuments(text))
      .map((document) => {
        const object: unknown = document.toJS();
        if (!isManifest(object)) throw new Error(`no kind of this library: ${JSON.stringify(object)}`);
        return object;
      });
  READ.set(example, objects);
  return objects;
}

const READ = new Map<string, Manifest[]>();

describe.each(EXAMPLES)('The example %s', (example) => {
  test('writes what is expected, byte for byte, when its program is run: `npm run golden` writes it anew.', async () => {
    const [expected, written] = [expectedOf(example), await filesOf(`examples/${example}/main.ts`)];
    const [only = '', ...others] = Object.values(written);
    expect(others.length === 0 ? { 'expected.yaml': only } : written).toEqual(expected);
  });

  test.each(schemaVersions)('is valid in Kubernetes %s.', (version) => {
    const objects = expectedObjects(example);
    expect(objects).not.toEqual([]);
    expect(objects.flatMap((object) => schemaErrors(version, object))).toEqual([]);
  });

  if (example === 'article') return; // whose pods are on the network of their machines
  test('has pods as Pod Security `restricted` wants them.', () => {
    const pods = allOf(expectedObjects(example), 'Deployment').map(({ spec }) => spec.template.spec);
    expect(pods).not.toEqual([]);
    for (const pod of pods) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of containersOf(pod)) {
        const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
        expect(container).toMatchObject({ securityContext });
      }
    }
  });
});

test('The clusters of many teams have no object in common, though no App sees two of them.', () => {
  const names = expectedObjects('many-clusters').map(
    ({ kind, metadata: { namespace, name } }) => `${kind} ${namespace ?? ''}/${name}`,
  );
  expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
});

test('The restore drill shares no namespace with the cluster that is backed up, so that one may delete it.', () => {
  const namespaces = Object.values(expectedOf('backup')).map(
    (text) => new Set(parseAllDocuments(text).map((document) => document.getIn(['metadata', 'namespace']))),
  );
  expect(namespaces).toEqual([new Set(['drill']), new Set(['shop'])]);
});

describe('The client', () => {
  const objects = expectedObjects('client-app');
  const shop = allOf(objects, 'Deployment').filter(({ metadata }) => metadata.name === 'shop');
  const env = Object.fromEntries(
    shop.flatMap(({ spec }) =>
      spec.template.spec.containers.flatMap((container) =>
        (container.env ?? []).map((variable): [string, string] => [variable.name, valueOf(variable)]),
      ),
    ),
  );

  test('finds the master by the variables of its container.', () => {
    expect(connect(env).options).toMatchObject({
      sentinels: [
        { host: 'cache-sentinel-1.shop.svc', port: 26379 },
        { host: 'cache-sentinel-2.shop.svc', port: 26379 },
        { host: 'cache-sentinel-3.shop.svc', port: 26379 },
      ],
      name: 'cache',
      role: 'master',
      password: 'secret cache-auth password',
      sentinelPassword: 'secret cache-auth password',
    });
    expect(connect(env, 'slave').options).toMatchObject({ name: 'cache', role: 'slave' });
  });

  test('sends no password where there is none, and does not start without sentinels.', () => {
    const { options } = connect({ REDIS_SENTINELS: '192.0.2.7', REDIS_MASTER_NAME: 'main' });
    expect(options.sentinels).toEqual([{ host: '192.0.2.7', port: 26379 }]);
    expect(options.password).toBeFalsy();
    expect(options.sentinelPassword).toBeFalsy();
    expect(() => connect({})).toThrow('REDIS_SENTINELS and REDIS_MASTER_NAME must be set');
  });

  test('is let in by the network policies.', () => {
    const labels = shop[0]?.spec.template.metadata.labels;
    const letIn = allOf(objects, 'NetworkPolicy').map(({ spec }) =>
      (spec.ingress ?? []).some(({ from = [] }) =>
        from.some(({ podSelector }) => selects(podSelector?.matchLabels ?? {}, labels)),
      ),
    );
    expect(letIn).toEqual([true, true]);
  });
});
