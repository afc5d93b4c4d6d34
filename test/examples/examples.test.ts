import { describe, expect, test } from '@jest/globals';
import { App, type Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { ArticleChart } from '../../examples/article/chart';
import { BackupChart, DrillChart } from '../../examples/backup/chart';
import { ShopChart } from '../../examples/client-app/chart';
import { connect } from '../../examples/client-app/client';
import { client, minimal, production } from '../../examples/languages/chart';
import { TEAMS, TeamChart } from '../../examples/many-clusters/chart';
import { MinimalChart } from '../../examples/minimal/chart';
import { ProductionChart } from '../../examples/production/chart';
import { exampleNames, expectedOf, filesOf } from '../../scripts/golden';
import { schemaErrors, schemaVersions } from '../support/kubernetes-schema';
import { allOf, containersOf, isManifest, selects, valueOf, type Manifest } from '../support/manifests';

/** The charts of each example, by the files they are expected in. */
const EXAMPLES: Record<string, Record<string, (app: App) => Chart>> = {
  backup: {
    'drill.k8s.yaml': (app) => new DrillChart(app, 'drill'),
    'shop.k8s.yaml': (app) => new BackupChart(app, 'shop'),
  },
  article: { 'expected.yaml': (app) => new ArticleChart(app, 'redis-sentinel') },
  'client-app': { 'expected.yaml': (app) => new ShopChart(app, 'shop') },
  languages: { 'client.k8s.yaml': client, 'minimal.k8s.yaml': minimal, 'production.k8s.yaml': production },
  'many-clusters': Object.fromEntries(
    Object.entries(TEAMS).map(([team, options]) => [
      `${team}.k8s.yaml`,
      (app: App) => new TeamChart(app, team, options),
    ]),
  ),
  minimal: { 'expected.yaml': (app) => new MinimalChart(app, 'minimal') },
  production: { 'expected.yaml': (app) => new ProductionChart(app, 'production') },
};

function rendered(make: (app: App) => Chart): string {
  const app = new App();
  make(app);
  return app.synthYaml();
}

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

test('Every example is looked at here; one has a file for each object, and a test of its own.', () => {
  expect([...Object.keys(EXAMPLES), 'gitops'].sort()).toEqual(exampleNames());
});

describe.each(Object.entries(EXAMPLES))('The example %s', (example, charts) => {
  test('renders the files that are expected, and no other.', () => {
    expect(Object.keys(expectedOf(example))).toEqual(Object.keys(charts));
  });

  test.each(Object.entries(charts))('renders %s byte for byte.', (file, make) => {
    expect(rendered(make)).toBe(expectedOf(example)[file]);
  });

  test('writes the same when its program is run.', async () => {
    const written = await filesOf(`examples/${example}/main.ts`);
    expect(Object.values(written)).toEqual(Object.values(expectedOf(example)));
  }, 30_000);

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
