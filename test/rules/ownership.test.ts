import { describe, expect, test } from '@jest/globals';
import { type PodOptions } from '../../lib';
import { container, environment, find } from '../support/manifests';
import { messageOf, problemsOf, refusedWith, synth } from '../support/synth';

test('A directive of this library is refused.', () => {
  const settings = { directives: { hz: '20', appendonly: 'no', 'lua-time-limit': '100' } };
  expect(messageOf({ settings, sentinels: { directives: { port: '1' } } })).toBe(
    refusedWith(
      "settings.directives.hz = '20': is written by this library; write settings.hz [owned-directive]",
      "settings.directives.appendonly = 'no': is written by this library; write persistence [owned-directive]",
      "sentinels.directives.port = '1': is written by this library; write nodes.port or sentinels.port [owned-directive]",
    ),
  );
});

describe('A label', () => {
  const ours = (property: string, label: string, value: string) =>
    `${property}['${label}'] = '${value}': is a label by which this library selects pods; write another label [owned-label]`;

  test('by which pods are selected is refused, wherever it is given.', () => {
    const instance = 'app.kubernetes.io/instance';
    const component = 'app.kubernetes.io/component';
    const member = 'redis-sentinel-cluster/member';
    const name = 'app.kubernetes.io/name';
    const props = {
      metadata: { labels: { [instance]: 'a', team: 'data' }, podLabels: { [component]: 'b' } },
      nodes: { replicaOverrides: { replica2: { pod: { labels: { [member]: 'c' } } } } },
      sentinels: { overrides: { sentinel1: { pod: { labels: { [name]: 'd' } } } } },
    };
    expect(messageOf(props)).toBe(
      refusedWith(
        ours('metadata.labels', instance, 'a'),
        ours('metadata.podLabels', component, 'b'),
        ours('nodes.replicaOverrides.replica2.pod.labels', member, 'c'),
        ours('sentinels.overrides.sentinel1.pod.labels', name, 'd'),
      ),
    );
  });
});

describe('A selector', () => {
  test('may be of the own labels of the member, and its pod keeps ours.', () => {
    const selector = { service_name: 'redis-master1' };
    const objects = synth({ nodes: { master: { deployment: { selector } } } });
    const { spec } = find(objects, 'Deployment', 'cache-master');
    expect(spec.selector).toEqual({ matchLabels: selector });
    expect(find(objects, 'Service', 'cache-master').spec.selector).toEqual(selector);
    expect(spec.template.metadata.labels).toEqual({
      ...selector,
      'app.kubernetes.io/name': 'redis-sentinel-cluster',
      'app.kubernetes.io/instance': 'cache',
      'app.kubernetes.io/component': 'node',
    });
  });

  const selected = (property: string, value: string, others: string) =>
    `${property}.deployment.selector = ${value}: selects the pods of ${others} too; write labels that no other member has, or leave it out [selector]`;

  test('of a group would be that of all its members.', () => {
    expect(messageOf({ sentinels: { deployment: { selector: { app: 'x' } } } })).toBe(
      refusedWith(
        selected('sentinels.overrides.sentinel1', 'app=x', 'cache-sentinel-2, cache-sentinel-3'),
        selected('sentinels.overrides.sentinel2', 'app=x', 'cache-sentinel-1, cache-sentinel-3'),
        selected('sentinels.overrides.sentinel3', 'app=x', 'cache-sentinel-1, cache-sentinel-2'),
      ),
    );
  });

  test('is not a label that another pod has too.', () => {
    const props = {
      metadata: { podLabels: { team: 'data' } },
      nodes: { replicas: 1, master: { deployment: { selector: { team: 'data' } } } },
    };
    expect(messageOf(props)).toBe(
      refusedWith(
        selected('nodes.master', 'team=data', 'cache-replica-1, cache-sentinel-1, cache-sentinel-2, cache-sentinel-3'),
      ),
    );
  });

  test('is not empty.', () => {
    const master = { deployment: { selector: {} } };
    expect(messageOf({ nodes: { replicas: 1, master } })).toBe(
      refusedWith(
        selected('nodes.master', '{}', 'cache-replica-1, cache-sentinel-1, cache-sentinel-2, cache-sentinel-3'),
      ),
    );
  });

  test('has no other value for a label by which policies and budgets know the pods.', () => {
    const selector = { 'app.kubernetes.io/component': 'cache', app: 'x' };
    expect(messageOf({ nodes: { master: { deployment: { selector } } } })).toBe(
      refusedWith(
        "nodes.master.deployment.selector = app.kubernetes.io/component=cache,app=x: has another app.kubernetes.io/component than 'node', by which policies and budgets know the pods; write another label [selector]",
      ),
    );
  });
});

describe('In a pod', () => {
  const image = 'tool:1.0.0';
  const taken = (what: string, value: string) =>
    `nodes.master.pod.${what} = '${value}': is in the pod already; write another one [owned-in-pod]`;
  const messageWith = (pod: PodOptions) => messageOf({ nodes: { master: { pod } } });

  test.each(['redis', 'keeper', 'names'])('no container of the user is called %s.', (name) => {
    expect(messageWith({ containers: [{ name, image }] })).toBe(refusedWith(taken('containers', name)));
    expect(messageWith({ initContainers: [{ name, image }] })).toBe(refusedWith(taken('containers', name)));
  });

  test.each(['data', 'run', 'scripts'])('no volume of the user is called %s.', (name) => {
    expect(messageWith({ volumes: [{ name, emptyDir: {} }] })).toBe(refusedWith(taken('volumes', name)));
  });

  test.each(['/data', '/run/redis', '/scripts', '/etc/hosts', '/data/', '/scripts//'])(
    'nothing of the user is mounted at %s.',
    (mountPath) => {
      expect(messageWith({ volumeMounts: [{ name: 'run', mountPath }] })).toBe(
        refusedWith(taken('volumeMounts', mountPath)),
      );
    },
  );

  test('nothing is there twice, whether it comes from the group or from the member.', () => {
    const group: PodOptions = {
      containers: [{ name: 'helper', image }],
      volumes: [{ name: 'extra', emptyDir: {} }],
      volumeMounts: [{ name: 'extra', mountPath: '/extra' }],
      env: [{ name: 'TZ', value: 'UTC' }],
    };
    const own: PodOptions = { ...group, containers: [], initContainers: [{ name: 'helper', image }] };
    expect(messageOf({ nodes: { pod: group, master: { pod: own } } })).toBe(
      refusedWith(
        taken('containers', 'helper'),
        taken('volumes', 'extra'),
        taken('volumeMounts', '/extra'),
        taken('env', 'TZ'),
      ),
    );
  });

  const objects = synth({ nodes: { replicas: 1 } });
  const variables = ['redis', 'keeper'].flatMap((name) =>
    Object.keys(environment(objects, container(objects, 'cache-master', name))),
  );
  const rotated = ['PREVIOUS_REDIS_PASSWORD', 'PREVIOUS_SENTINEL_PASSWORD'];

  test.each([...new Set([...variables, ...rotated])])(
    'no variable of the user is called as one of ours: %s',
    (name) => {
      expect(messageWith({ env: [{ name, value: 'hunter2' }] })).toBe(refusedWith(taken('env', name)));
    },
  );

  test('the problem of a sentinel has its path.', () => {
    const sentinels = { pod: { volumes: [{ name: 'run', emptyDir: {} }] } };
    expect(problemsOf({ sentinels }).map(({ property }) => property)).toEqual([
      'sentinels.overrides.sentinel1.pod.volumes',
      'sentinels.overrides.sentinel2.pod.volumes',
      'sentinels.overrides.sentinel3.pod.volumes',
    ]);
  });

  test('a mount has a volume.', () => {
    const pod = { volumeMounts: [{ name: 'certificates', mountPath: '/certificates' }] };
    expect(messageOf({ nodes: { master: { pod } } })).toBe(
      refusedWith(
        "nodes.master.pod.volumeMounts = 'certificates': is no volume of the pod; write it in pod.volumes too, or one of: data, run, scripts [mount-without-volume]",
      ),
    );
  });
});
