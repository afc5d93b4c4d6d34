import { describe, expect, test } from '@jest/globals';
import { ApiObject, JsonPatch } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { Ids, RedisSentinelCluster, Risk, Storage, type RedisSentinelClusterProps } from '../lib';
import { allOf, configMap, container, containersOf, find, podOf } from './support/manifests';
import { newChart, objectsOf, synth } from './support/synth';

const objects = synth({}, 'cache', 'caches');
const nodes = ['cache-master', 'cache-replica-1', 'cache-replica-2'];
const sentinels = ['cache-sentinel-1', 'cache-sentinel-2', 'cache-sentinel-3'];
const members = [...nodes, ...sentinels];

const namesOf = (kind: Parameters<typeof allOf>[1]) => allOf(objects, kind).map(({ metadata }) => metadata.name);

describe('A cluster without props', () => {
  test('is as in the snapshot, but for the text of the scripts.', () => {
    const scripts = configMap(objects, 'cache-scripts');
    const shown = objects.map((object) =>
      object === scripts
        ? { ...scripts, data: Object.fromEntries(Object.keys(scripts.data).map((file) => [file, '(a script)'])) }
        : object,
    );
    // The hash is that of the text.
    expect(
      JSON.parse(JSON.stringify(shown).replaceAll(scripts.metadata.name, 'cache-scripts-(hash)')),
    ).toMatchSnapshot();
  });

  test('has a Deployment, a claim and a Service of one name for each member.', () => {
    expect(namesOf('Deployment')).toEqual(members);
    expect(namesOf('PersistentVolumeClaim')).toEqual(members);
    expect(namesOf('Service')).toEqual(members);
  });

  test('has budgets and network policies for nodes and sentinels, two ConfigMaps, and no Secret.', () => {
    expect(namesOf('PodDisruptionBudget')).toEqual(['cache-nodes', 'cache-sentinels']);
    expect(namesOf('NetworkPolicy')).toEqual(['cache-nodes', 'cache-sentinels']);
    expect(namesOf('ConfigMap')).toEqual([
      expect.stringMatching(/^cache-scripts-[0-9a-f]{8}$/),
      expect.stringMatching(/^cache-members-[0-9a-f]{8}$/),
    ]);
    expect(objects).toHaveLength(3 * members.length + 2 + 2 + 2);
  });

  test('takes its passwords from the Secret <cluster>-auth.', () => {
    expect(JSON.stringify(objects)).not.toMatch('secretKeyRef'); // a variable would stay what it was at the start
    const one = container(objects, 'cache-master', 'redis');
    expect(one.volumeMounts).toContainEqual({ name: 'passwords', mountPath: '/passwords', readOnly: true });
  });

  test('is in the namespace of its chart, or in none.', () => {
    expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['caches']));
    expect(new Set(synth().map(({ metadata }) => metadata.namespace))).toEqual(new Set([undefined]));
  });

  test('names all its objects after the prop, and after the id where there is none.', () => {
    expect(synth({}, 'sessions').every(({ metadata }) => metadata.name.startsWith('sessions-'))).toBe(true);
    expect(synth({ name: 'orders' }, 'sessions').every(({ metadata }) => metadata.name.startsWith('orders-'))).toBe(
      true,
    );
  });
});

describe.each(members)('The member %s', (name) => {
  const { spec, metadata } = find(objects, 'Deployment', name);
  const component = name.includes('sentinel') ? 'sentinel' : 'node';
  const selector = {
    'app.kubernetes.io/name': 'redis-sentinel-cluster',
    'app.kubernetes.io/instance': 'cache',
    'app.kubernetes.io/component': component,
    'redis-sentinel-cluster/member': name,
  };

  test('is one pod that is recreated, and that its Deployment knows by labels without a version.', () => {
    expect(spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' }, revisionHistoryLimit: 3 });
    expect(spec.selector).toEqual({ matchLabels: selector });
    expect(spec.template.metadata).toEqual({ labels: selector });
    expect(metadata.labels).toEqual(selector);
  });

  test('never has a second pod on any machine while the first still stops.', () => {
    expect(podOf(objects, name).affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: selector }, topologyKey: 'kubernetes.io/os' },
        ],
      },
    });
  });

  test('is kept on other machines and zones than its kind, where there are enough.', () => {
    const labelSelector = {
      matchLabels: {
        'app.kubernetes.io/name': 'redis-sentinel-cluster',
        'app.kubernetes.io/instance': 'cache',
        'app.kubernetes.io/component': component,
      },
    };
    expect(podOf(objects, name).topologySpreadConstraints).toEqual([
      { labelSelector, maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
      { labelSelector, maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
    ]);
  });

  test('is reached by its name while it starts and stops.', () => {
    expect(find(objects, 'Service', name).spec).toEqual({
      type: 'ClusterIP',
      selector,
      publishNotReadyAddresses: true,
      ports: [
        component === 'node'
          ? { name: 'redis', port: 6379, targetPort: 'redis' }
          : { name: 'sentinel', port: 26379, targetPort: 'sentinel' },
      ],
    });
  });

  test('has a claim that no delivery tool deletes.', () => {
    const claim = find(objects, 'PersistentVolumeClaim', name);
    expect(claim.metadata.annotations).toEqual({
      'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
      'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    });
    expect(claim.spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: component === 'node' ? '2Gi' : '1Gi' } },
    });
  });

  test('runs under Pod Security restricted, without a token.', () => {
    const pod = podOf(objects, name);
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    expect(pod.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      fsGroup: 10001,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const contexts = [...(pod.initContainers ?? []), ...pod.containers].map(({ securityContext }) => securityContext);
    expect(contexts).toEqual(
      contexts.map(() => ({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
      })),
    );
  });

  test('has no CPU limit, so that it never looks dead because it is throttled.', () => {
    const limits = podOf(objects, name).containers.map(({ resources }) => Object.keys(resources?.limits ?? {}));
    expect(limits).toEqual([['memory'], ['memory']]);
  });

  test('keeps what it writes at run time in memory, and its data on the claim.', () => {
    const passwords = ['redis', 'sentinel'].map((path) => ({ key: 'password', path }));
    expect(podOf(objects, name).volumes).toEqual([
      { name: 'passwords', secret: { secretName: 'cache-auth', defaultMode: 0o440, items: passwords } },
      { name: 'scripts', configMap: { name: configMap(objects, 'cache-scripts').metadata.name } },
      { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
      { name: 'data', persistentVolumeClaim: { claimName: name } },
    ]);
  });
});

describe('Ids that the platform says', () => {
  const restrictedButIds = { security: { ids: Ids.PLATFORM }, healthCheck: {} };
  const podsOf = (props: RedisSentinelClusterProps) => {
    const rendered = synth(props);
    return [...allOf(rendered, 'Deployment'), ...allOf(rendered, 'Job')].map(({ spec }) => spec.template.spec);
  };

  test('are in no pod, the pod of the check among them.', () => {
    const pods = podsOf(restrictedButIds);
    expect(pods).toHaveLength(members.length + 1);
    for (const { securityContext } of pods) {
      expect(securityContext).toEqual({
        runAsNonRoot: true,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  });

  test('leave all else of the restricted profile as it is.', () => {
    const contexts = (props: RedisSentinelClusterProps) =>
      podsOf(props).map((pod) => containersOf(pod).map(({ securityContext }) => securityContext));
    expect(contexts(restrictedButIds)).toEqual(contexts({ healthCheck: {} }));
  });
});

test('A claim may allow one pod only, where the storage can say so.', () => {
  const accessMode = PersistentVolumeAccessMode.READ_WRITE_ONCE_POD;
  const rendered = synth({ nodes: { storage: Storage.claim({ accessMode }) } });
  expect(nodes.map((name) => find(rendered, 'PersistentVolumeClaim', name).spec.accessModes)).toEqual([
    ['ReadWriteOncePod'],
    ['ReadWriteOncePod'],
    ['ReadWriteOncePod'],
  ]);
});

test('A ConfigMap can never be changed: another content is another name.', () => {
  const others = synth({ nodes: { port: 7000 } }, 'cache', 'caches');
  expect(allOf(objects, 'ConfigMap').map(({ immutable }) => immutable)).toEqual([true, true]);
  expect(configMap(others, 'cache-members').metadata.name).not.toBe(configMap(objects, 'cache-members').metadata.name);
  expect(configMap(others, 'cache-scripts')).toEqual(configMap(objects, 'cache-scripts'));
});

describe('The public parts of a cluster', () => {
  const props = {
    sentinels: { storage: Storage.ephemeral() },
    nodes: { master: { storage: Storage.existingClaim('old-data') } },
    acceptRisks: [Risk.EPHEMERAL_STORAGE],
  };

  test('are its nodes and sentinels in order, with the names of their objects.', () => {
    const { master, replicas, sentinels: watchers } = new RedisSentinelCluster(newChart(), 'cache', props);
    expect([master, ...replicas, ...watchers].map(({ name }) => name)).toEqual(members);
  });

  test('have no claim where there is none of their own.', () => {
    const { master, replicas, sentinels: watchers } = new RedisSentinelCluster(newChart(), 'cache', props);
    expect([master, ...replicas, ...watchers].map(({ claim }) => claim?.name)).toEqual([
      undefined,
      'cache-replica-1',
      'cache-replica-2',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('can be patched where there is no prop.', () => {
    const chart = newChart();
    const {
      master,
      sentinels: watchers,
      configMaps,
      networkPolicies,
      disruptionBudgets,
    } = new RedisSentinelCluster(chart, 'cache');
    ApiObject.of(master.deployment).addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 7));
    master.service.addJsonPatch(JsonPatch.add('/spec/internalTrafficPolicy', 'Cluster'));
    master.claim?.addJsonPatch(JsonPatch.add('/spec/volumeMode', 'Filesystem'));
    watchers[2]?.deployment.metadata.addAnnotation('example.com/note', 'third');
    for (const part of [configMaps, networkPolicies, disruptionBudgets]) {
      for (const child of part.node.children) ApiObject.of(child).metadata.addLabel('patched', 'yes');
    }
    const patched = objectsOf(chart);
    expect(find(patched, 'Deployment', 'cache-master').spec).toHaveProperty('minReadySeconds', 7);
    expect(find(patched, 'Service', 'cache-master').spec).toHaveProperty('internalTrafficPolicy', 'Cluster');
    expect(find(patched, 'PersistentVolumeClaim', 'cache-master').spec).toHaveProperty('volumeMode', 'Filesystem');
    expect(find(patched, 'Deployment', 'cache-sentinel-3').metadata.annotations).toEqual({
      'argocd.argoproj.io/sync-options': 'PruneLast=true',
      'kubernetes.io/description': expect.any(String),
      'example.com/note': 'third',
    });
    expect(patched.filter(({ metadata }) => metadata.labels?.['patched'] === 'yes').map(({ kind }) => kind)).toEqual([
      'ConfigMap',
      'ConfigMap',
      'PodDisruptionBudget',
      'PodDisruptionBudget',
      'NetworkPolicy',
      'NetworkPolicy',
    ]);
  });

  test('fit into one chart with those of another cluster.', () => {
    const chart = newChart();
    new RedisSentinelCluster(chart, 'cache');
    new RedisSentinelCluster(chart, 'sessions');
    expect(objectsOf(chart)).toEqual([...synth({}, 'cache'), ...synth({}, 'sessions')]);
  });
});
