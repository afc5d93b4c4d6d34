import { describe, expect, test } from '@jest/globals';
import { messageOf, problemsOf, refusedWith, synth } from '../support/synth';
import { allOf, container, containersOf, environment, find, podOf } from '../support/manifests';
import { Cpu, k8s } from 'cdk8s-plus-27';
import { Monitor, type RedisSentinelClusterProps, Risk, Spread } from '../../lib';
import { Duration, Size } from 'cdk8s';

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

describe('A strategy', () => {
  const rolling = (maxSurge?: k8s.IntOrString) => ({
    type: 'RollingUpdate',
    rollingUpdate: { ...(maxSurge !== undefined && { maxSurge }), maxUnavailable: k8s.IntOrString.fromNumber(1) },
  });
  const withStrategy = (strategy: k8s.DeploymentStrategy): RedisSentinelClusterProps => ({
    nodes: { replicaOverrides: { replica1: { deployment: { strategy } } } },
  });
  const problem = (value: string) =>
    `nodes.replicaOverrides.replica1.deployment.strategy = ${value}: starts a second pod beside the first, and that waits for the first to be gone for ever; leave it out, or write rollingUpdate with maxSurge 0 and maxUnavailable 1 [strategy-surge]`;

  test('has no surge.', () => {
    const surge = k8s.IntOrString.fromNumber(1);
    expect(messageOf(withStrategy(rolling(surge)))).toBe(refusedWith(problem("'RollingUpdate'")));
    expect(messageOf(withStrategy(rolling()))).toBe(refusedWith(problem("'RollingUpdate'")));
    expect(messageOf(withStrategy({}))).toBe(refusedWith(problem('undefined')));
  });

  test.each([rolling(k8s.IntOrString.fromNumber(0)), rolling(k8s.IntOrString.fromString('0%')), { type: 'Recreate' }])(
    'may be $type without one.',
    (strategy) => {
      expect(synth(withStrategy(strategy))).not.toEqual([]);
    },
  );
});

describe('The time to stop', () => {
  test('is shorter than the deadline of a rollout.', () => {
    const deployment = { progressDeadline: Duration.seconds(260) };
    expect(messageOf({ sentinels: { overrides: { sentinel2: { deployment } } } })).toBe(
      refusedWith(
        'sentinels.overrides.sentinel2.deployment.progressDeadline = 260 s: is not longer than the grace period (260 s): a rollout would be reported as failed while a pod still stops; write a longer one, or leave it out [grace-within-deadline]',
      ),
    );
    expect(synth({ sentinels: { deployment: { progressDeadline: Duration.seconds(261) } } })).not.toEqual([]);
  });

  const tooShort = (path: string, given: number, what: string, needed: number) =>
    `${path}.deployment.terminationGracePeriod = ${given} s: is shorter than a stop can take when all ${what} are changed at once (${needed} s): the last would be killed while it waits for its turn; write Duration.seconds(${needed}) or more, or leave it out [hook-within-grace]`;

  test('covers the turns of all others, and a hand-over.', () => {
    const deployment = { terminationGracePeriod: Duration.seconds(369) };
    expect(messageOf({ nodes: { master: { deployment } } })).toBe(
      refusedWith(tooShort('nodes.master', 369, 'nodes', 370)),
    );
    expect(synth({ nodes: { deployment: { terminationGracePeriod: Duration.seconds(370) } } })).not.toEqual([]);
  });

  test('grows with the number of members.', () => {
    const deployment = { terminationGracePeriod: Duration.seconds(300) };
    expect(messageOf({ nodes: { replicas: 3, master: { deployment } } })).toBe(
      refusedWith(tooShort('nodes.master', 300, 'nodes', 530)),
    );
    expect(messageOf({ sentinels: { count: 5, overrides: { sentinel5: { deployment } } } })).toBe(
      refusedWith(tooShort('sentinels.overrides.sentinel5', 300, 'sentinels', 500)),
    );
  });

  /** What each container is told: how long it waits for its turn, for another, and when it is killed. */
  const timesOf = (props: RedisSentinelClusterProps, deployment: string, name = 'redis') => {
    const objects = synth(props);
    const { STOP_SECONDS, COMEBACK_SECONDS } = environment(objects, container(objects, deployment, name));
    return [STOP_SECONDS, COMEBACK_SECONDS, podOf(objects, deployment).terminationGracePeriodSeconds];
  };
  const memory = (size: Size) => ({ resources: { memory: { request: size, limit: size } } });
  const sentinel = ['240', '120', 260];

  test('grows with what the largest node may have in memory, for all nodes and for no sentinel.', () => {
    expect(timesOf({}, 'cache-master')).toEqual(['320', '140', 370]);
    const large = { nodes: { replicaOverrides: { replica2: memory(Size.gibibytes(4)) } } };
    for (const name of ['cache-master', 'cache-replica-1', 'cache-replica-2'])
      expect(timesOf(large, name)).toEqual(['560', '200', 640]);
    expect(timesOf(large, 'cache-sentinel-1', 'sentinel')).toEqual(sentinel);
    expect(timesOf({ nodes: { master: memory(Size.mebibytes(1536)) } }, 'cache-replica-1')).toEqual([
      '360',
      '150',
      415,
    ]);
    // Each that has memory of its own has less than the others.
    expect(timesOf({ nodes: { ...memory(Size.gibibytes(2)), master: memory(Size.gibibytes(1)) } }, 'cache-master')).toEqual(['400', '160', 460]); // prettier-ignore
  });

  test('goes by maxmemory where there is no limit, and by nothing where there is neither.', () => {
    const resources = { cpu: { request: Cpu.millis(100) } };
    const settings = { maxmemory: Size.mebibytes(512) };
    expect(timesOf({ nodes: { resources }, settings }, 'cache-master')).toEqual(['280', '130', 325]);
    expect(timesOf({ settings }, 'cache-master')).toEqual(['320', '140', 370]);
    const acceptRisks = [Risk.MEMORY_WITHOUT_HEADROOM];
    expect(timesOf({ nodes: { resources }, acceptRisks }, 'cache-master')).toEqual(['240', '120', 280]);
  });

  test('is what is given, and so is the time for its turn.', () => {
    const deployment = { terminationGracePeriod: Duration.seconds(500) };
    expect(timesOf({ nodes: { deployment } }, 'cache-master')).toEqual(['450', '140', 500]);
    expect(timesOf({ sentinels: { deployment } }, 'cache-sentinel-1', 'sentinel')).toEqual(['480', '120', 500]);
  });
});

describe('A name', () => {
  test('can not be that of another member.', () => {
    const nodes = { replicaOverrides: { replica1: { name: 'cache-sentinel-2' }, replica2: { name: 'cache-master' } } };
    expect(messageOf({ nodes })).toBe(
      refusedWith(
        "nodes.replicaOverrides.replica2.storage = 'cache-master': is the claim of another member, and two servers on one volume destroy its data; give each member a claim of its own [claim-taken]",
        "sentinels.overrides.sentinel2.storage = 'cache-sentinel-2': is the claim of another member, and two servers on one volume destroy its data; give each member a claim of its own [claim-taken]",
        "nodes.replicaOverrides.replica2.name = 'cache-master': is the name of another member; write another one, or leave it out [name-taken]",
        "sentinels.overrides.sentinel2.name = 'cache-sentinel-2': is the name of another member; write another one, or leave it out [name-taken]",
      ),
    );
  });

  test('can not be that of a Service beside the members.', () => {
    const nodes = { master: { name: 'cache-proxy' }, replicaOverrides: { replica1: { name: 'cache-reads' } } };
    const sentinels = { overrides: { sentinel1: { name: 'cache-metrics' } } };
    const metrics = { monitor: Monitor.serviceMonitor() };
    expect(messageOf({ nodes, sentinels, proxy: { reads: {} }, metrics })).toBe(
      refusedWith(
        "sentinels.overrides.sentinel1.name = 'cache-metrics': is the name of the Service for Prometheus; write another one, or leave it out [name-taken]",
        "nodes.master.name = 'cache-proxy': is the name of the proxies, or of their Service for reads; write another one, or leave it out [name-taken]",
        "nodes.replicaOverrides.replica1.name = 'cache-reads': is the name of the proxies, or of their Service for reads; write another one, or leave it out [name-taken]",
      ),
    );
    expect(problemsOf({ nodes, sentinels, metrics: {} })).toEqual([]);
  });

  test('can not be that of a group.', () => {
    expect(messageOf({ nodes: { name: 'node' }, sentinels: { name: 'watcher' } })).toBe(
      refusedWith(
        "nodes.name = 'node': can be the name of one member only; write nodes.master.name, or nodes.replicaOverrides.replica1.name [name-of-group]",
        "sentinels.name = 'watcher': can be the name of one member only; write sentinels.overrides.sentinel1.name [name-of-group]",
      ),
    );
  });
});

describe('An announced address', () => {
  const real = { hostNetwork: true, announceHost: '192.0.2.7' };

  test('is one of a pod on the network of its machine.', () => {
    expect(messageOf({ nodes: { master: { announceHost: '192.0.2.7' } } })).toBe(
      refusedWith(
        "nodes.master.announceHost = '192.0.2.7': is no address of a pod that has a network of its own; write hostNetwork: true, or leave it out [announced-address]",
      ),
    );
    expect(find(synth({ nodes: { master: real } }), 'Deployment', 'cache-master').spec.template.spec).toMatchObject({
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
    });
  });

  test('can not be that of another member.', () => {
    const nodes = { scheduling: { spread: Spread.REQUIRED }, master: real, replicaOverrides: { replica2: real } };
    expect(messageOf({ nodes })).toBe(
      refusedWith(
        "nodes.replicaOverrides.replica2.announceHost = '192.0.2.7:6379': is announced by another member too; write the address of its own machine [announced-address]",
      ),
    );
  });

  test('may be that of a node and of a sentinel, on two ports.', () => {
    expect(synth({ nodes: { master: real }, sentinels: { overrides: { sentinel1: real } } })).not.toEqual([]);
  });

  test('has a dot, for a name without one is that of a Service.', () => {
    expect(messageOf({ nodes: { master: { ...real, announceHost: 'machine-7' } } })).toBe(
      refusedWith(
        "nodes.master.announceHost = 'machine-7': has no dot, and would be taken for a Service of this namespace; write the full host name, or the IPv4 address [announced-address]",
      ),
    );
  });

  test.each(['192.0.2.7:6379', '-a', 'a b', 'fe80::1', ''])('can not be %j', (announceHost) => {
    expect(messageOf({ nodes: { master: { ...real, announceHost } } })).toBe(
      refusedWith(
        `nodes.master.announceHost = '${announceHost}': must be a host name or an IPv4 address; write one [format]`,
      ),
    );
  });
});

describe('The network of the machines', () => {
  const apart = { spread: Spread.REQUIRED };

  test('without a required spread is a risk.', () => {
    const props = { nodes: { hostNetwork: true }, sentinels: { hostNetwork: true } };
    expect(messageOf(props)).toBe(
      refusedWith(
        'nodes.hostNetwork = true: lets two nodes come to one machine, where the second finds its port taken; write nodes.scheduling.spread: Spread.REQUIRED, or accept it: acceptRisks: [Risk.HOST_NETWORK_WITHOUT_SPREAD] [host-network-spread]',
        'sentinels.hostNetwork = true: lets two sentinels come to one machine, where the second finds its port taken; write sentinels.scheduling.spread: Spread.REQUIRED, or accept it: acceptRisks: [Risk.HOST_NETWORK_WITHOUT_SPREAD] [host-network-spread]',
      ),
    );
    expect(synth({ ...props, acceptRisks: [Risk.HOST_NETWORK_WITHOUT_SPREAD] })).not.toEqual([]);
  });

  test('is none for one node alone, or with a required spread.', () => {
    expect(synth({ nodes: { master: { hostNetwork: true } } })).not.toEqual([]);
    expect(synth({ nodes: { hostNetwork: true, scheduling: apart } })).not.toEqual([]);
  });

  test('has each port once.', () => {
    const nodes = { hostNetwork: true, scheduling: apart };
    expect(messageOf({ nodes, sentinels: { port: 6379 } })).toBe(
      refusedWith(
        'sentinels.port = 6379: is the port of the nodes, and members on the network of one machine share its ports; write another port [port-collision]',
      ),
    );
    expect(synth({ sentinels: { port: 6379 } })).not.toEqual([]);
  });
});

test('A zone is said once.', () => {
  const scheduling = { zone: 'z1', nodeSelector: { 'topology.kubernetes.io/zone': 'z2' } };
  expect(messageOf({ nodes: { master: { scheduling } } })).toBe(
    refusedWith(
      "nodes.master.scheduling.zone = 'z1': is said by nodeSelector['topology.kubernetes.io/zone'] too; delete one of them [zone-twice]",
    ),
  );
});

test('Machines of another operating system than Linux are refused.', () => {
  const on = (os: string) => ({ nodeSelector: { 'kubernetes.io/os': os } });
  const problem = (member: string) =>
    `${member}.scheduling.nodeSelector['kubernetes.io/os'] = 'windows': must be 'linux': all pods of a cluster run there; delete it [operating-system]`;
  expect(messageOf({ nodes: { master: { scheduling: on('windows') } } })).toBe(refusedWith(problem('nodes.master')));
  expect(messageOf({ sentinels: { count: 3, scheduling: on('windows') } })).toBe(
    refusedWith(...[1, 2, 3].map((ordinal) => problem(`sentinels.overrides.sentinel${ordinal}`))),
  );
  expect(synth({ nodes: { scheduling: on('linux') } })).toEqual(synth());
});

describe('A keeper', () => {
  const memoryOf = (props: RedisSentinelClusterProps) => {
    const objects = synth(props);
    return ['cache-master', 'cache-sentinel-1'].map((member) => {
      const { requests, limits } = container(objects, member, 'keeper').resources ?? {};
      return [requests?.['memory'], limits?.['memory']];
    });
  };
  const both = (memory: string) => [
    [memory, memory],
    [memory, memory],
  ];

  test.each<[replicas: number, count: number, memory: string]>([
    [0, 1, '32Mi'],
    [2, 3, '32Mi'],
    [3, 3, '38Mi'],
    [2, 5, '44Mi'],
    [4, 5, '44Mi'],
    [9, 9, '74Mi'],
  ])('has memory for all whom it asks at once: %i replicas, %i sentinels.', (replicas, count, memory) => {
    const acceptRisks = count === 1 ? [Risk.NO_REPLICA, Risk.SINGLE_SENTINEL] : [];
    expect(memoryOf({ nodes: { replicas }, sentinels: { count }, acceptRisks })).toEqual(both(memory));
  });

  test('has what is given, however many they are.', () => {
    const memory = Size.mebibytes(40);
    const keeperResources = { memory: { request: memory, limit: memory } };
    const props = { nodes: { replicas: 8, keeperResources }, sentinels: { count: 9, keeperResources } };
    expect(memoryOf(props)).toEqual(both('40Mi'));
  });

  test('has it in the pods of Jobs too, which ask as many.', () => {
    const jobs = allOf(synth({ sentinels: { count: 5 }, healthCheck: {} }), 'Job');
    const containers = jobs.flatMap(({ spec }) => containersOf(spec.template.spec));
    expect(containers).not.toEqual([]);
    for (const { resources } of containers) expect(resources?.limits?.['memory']).toBe('44Mi');
  });
});
