import { describe, expect, test } from '@jest/globals';
import { Size } from 'cdk8s';
import { Cpu, k8s } from 'cdk8s-plus-27';
import { messageOf, problemsOf, refusedWith, synth } from '../support/synth';
import { type PodOptions } from '../../lib';
import { container, environment } from '../support/manifests';

const memoryOf = (mebibytes: number) => ({
  memory: { request: Size.mebibytes(mebibytes), limit: Size.mebibytes(mebibytes) },
});

describe('A request', () => {
  test('is at most its limit: memory.', () => {
    const resources = { memory: { request: Size.mebibytes(1025), limit: Size.gibibytes(1) } };
    expect(messageOf({ nodes: { master: { resources } } })).toBe(
      refusedWith(
        'nodes.master.resources.memory.request = 1025Mi: is more than its limit of 1Gi; write at most the limit [request-within-limit]',
      ),
    );
  });

  test('is at most its limit: CPU, in millicores or units.', () => {
    const resources = { cpu: { request: Cpu.units(1.5), limit: Cpu.millis(1400) } };
    expect(messageOf({ sentinels: { overrides: { sentinel3: { resources } } } })).toBe(
      refusedWith(
        'sentinels.overrides.sentinel3.resources.cpu.request = 1.5: is more than its limit of 1400m; write at most the limit [request-within-limit]',
      ),
    );
  });

  test('is at most its limit: ephemeral storage, and in a keeper.', () => {
    const keeperResources = { ephemeralStorage: { request: Size.mebibytes(2), limit: Size.mebibytes(1) } };
    expect(messageOf({ nodes: { keeperResources }, sentinels: { keeperResources } })).toBe(
      refusedWith(
        'nodes.keeperResources.ephemeralStorage.request = 2Mi: is more than its limit of 1Mi; write at most the limit [request-within-limit]',
        'sentinels.keeperResources.ephemeralStorage.request = 2Mi: is more than its limit of 1Mi; write at most the limit [request-within-limit]',
      ),
    );
  });

  test('may be its limit, or have none.', () => {
    const resources = { cpu: { request: Cpu.units(1), limit: Cpu.millis(1000) }, ...memoryOf(1024) };
    expect(synth({ nodes: { resources } })).not.toEqual([]);
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
  // The user's are the server's alone: the keeper has none of them.
  const variables = Object.keys(environment(objects, container(objects, 'cache-master', 'redis')));

  test.each(variables)('no variable of the user is called as one of ours: %s', (name) => {
    expect(messageWith({ env: [{ name, value: 'hunter2' }] })).toBe(refusedWith(taken('env', name)));
  });

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
        "nodes.master.pod.volumeMounts = 'certificates': is no volume of the pod; write it in pod.volumes too, or one of: data, passwords, run, scripts [mount-without-volume]",
      ),
    );
  });
});

describe('A container of the user', () => {
  const helper = { name: 'helper', image: 'tool:1.0.0' };
  const refused = (own: object) =>
    problemsOf({ nodes: { master: { pod: { containers: [{ ...helper, ...own }] } } } }).map(
      ({ rule, property, value }) => `${rule} ${property} ${value}`,
    );
  const at = 'nodes.master.pod.containers';

  test('is as Pod Security wants it, where it says nothing itself.', () => {
    const pod = { containers: [helper], initContainers: [{ ...helper, name: 'first' }] };
    for (const name of ['helper', 'first']) {
      expect(container(synth({ nodes: { pod } }), 'cache-replica-1', name).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
      const open = synth({ nodes: { pod }, security: { restricted: false } });
      expect(container(open, 'cache-replica-1', name)).not.toHaveProperty('securityContext');
    }
  });

  const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

  test.each([
    ['privileged', { ...restricted, privileged: true }, 'true'],
    ['allowPrivilegeEscalation', { capabilities: { drop: ['ALL'] } }, 'undefined'],
    ['runAsNonRoot', { ...restricted, runAsNonRoot: false }, 'false'],
    ['runAsUser', { ...restricted, runAsUser: 0 }, '0'],
    ['capabilities.drop', { allowPrivilegeEscalation: false }, 'undefined'],
    ['capabilities.add', { ...restricted, capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } }, 'a list'],
  ])('is refused where Pod Security would refuse its pod: %s.', (field, securityContext, value) => {
    expect(refused({ securityContext })).toEqual([`pod-security ${at}[helper].securityContext.${field} ${value}`]);
    const pod = { containers: [{ ...helper, securityContext }] };
    expect(problemsOf({ nodes: { master: { pod } }, security: { restricted: false } })).toEqual([]);
  });

  test('may be restricted by itself.', () => {
    const capabilities = { drop: ['ALL'], add: ['NET_BIND_SERVICE'] };
    expect(refused({ securityContext: { ...restricted, capabilities, runAsUser: 7 } })).toEqual([]);
  });

  test('has ports of its own.', () => {
    expect(refused({ ports: [{ containerPort: 6379 }] })).toEqual([`port-collision ${at} '6379/TCP'`]);
    expect(refused({ ports: [{ containerPort: 80, name: 'redis' }] })).toEqual([`port-collision ${at} 'redis'`]);
    expect(refused({ ports: [{ containerPort: 6379, protocol: 'UDP' }] })).toEqual([]);
  });

  test('is held to its limits and to the tags of its image as ours are.', () => {
    const quantity = (text: string) => k8s.Quantity.fromString(text);
    const resources = { requests: { cpu: quantity('2'), memory: quantity('1e9') }, limits: { cpu: quantity('1500m') } };
    expect(refused({ resources })).toEqual([`request-within-limit ${at}[helper].resources.cpu.request 2`]);
    expect(refused({ image: 'tool:latest' })).toEqual([`moving-tag ${at} 'tool:latest'`]);
    expect(refused({ image: 'registry:5000/tool' })).toEqual([`moving-tag ${at} 'registry:5000/tool'`]);
  });

  test('mounts what is there.', () => {
    const volumeMounts = [{ name: 'nowhere', mountPath: '/nowhere' }];
    expect(refused({ volumeMounts })).toEqual([`mount-without-volume ${at}[helper].volumeMounts 'nowhere'`]);
  });

  test('has no field that would be left out without a word.', () => {
    const restartPolicy = 'Always'; // of an init container, since Kubernetes 1.28
    expect(refused({ restartPolicy })).toEqual([`unknown-field ${at}[helper].restartPolicy (not shown)`]);
    const scheduling = { affinity: { nodeAffinity: { soon: [] } as object } };
    expect(problemsOf({ sentinels: { overrides: { sentinel2: { scheduling } } } })).toMatchObject([
      { rule: 'unknown-field', property: 'sentinels.overrides.sentinel2.scheduling.affinity.nodeAffinity.soon' },
    ]);
  });
});

/** As a dict in a list of a Python program arrives: only the members whose names are the same in both languages. */
describe('What lost its members on the way', () => {
  test.each([
    ['env', [{ name: 'ZONE' }]],
    ['env', [{ name: 'ZONE', valueFrom: {} }]],
    ['volumes', [{ name: 'extra' }]],
    ['env', [{}]],
    ['volumes', [{}]],
    ['volumeMounts', [{}]],
    ['containers', [{}]],
    ['initContainers', [{}]],
  ])('is refused in pod.%s: %j', (what, list) => {
    expect(problemsOf({ nodes: { pod: { [what]: list } } })).toContainEqual(
      expect.objectContaining({ rule: 'empty', property: expect.stringContaining(`pod.${what}`) as unknown }),
    );
  });

  test('is refused among tolerations, where it would tolerate all.', () => {
    expect(problemsOf({ nodes: { scheduling: { tolerations: [{}] } } })).toMatchObject([
      { rule: 'empty', property: 'nodes.scheduling.tolerations[0]' },
    ]);
  });

  test('is a variable with an empty value where it says so.', () => {
    expect(problemsOf({ nodes: { pod: { env: [{ name: 'ZONE', value: '' }] } } })).toEqual([]);
  });
});
