import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import { type RedisSentinelClusterProps, type MemberOptions } from '../../lib/index';
import * as all from '../support/all-props';
import { allOf, podOf, type PodSpec } from '../support/manifests';
import { messageOf, refusedWith, synth } from '../support/synth';

function jobOf(props: RedisSentinelClusterProps) {
  const [job, ...others] = allOf(synth({ healthCheck: {}, ...props }), 'Job');
  if (job === undefined || others.length > 0) throw new Error('one Job');
  return job;
}

const podOfCheck = (props: RedisSentinelClusterProps) => jobOf(props).spec.template;

/** What a member's pod has for itself. */
const MEMBERS_OWN = ['affinity', 'topologySpreadConstraints', 'terminationGracePeriodSeconds', 'initContainers'];
/** What runs in a pod is another matter for each. */
const CONTENT = ['containers', 'volumes', 'restartPolicy'];

const shared = (pod: PodSpec) =>
  Object.fromEntries(Object.entries(pod).filter(([key]) => ![...MEMBERS_OWN, ...CONTENT].includes(key)));

describe('The pod of the check', () => {
  const options: MemberOptions = {
    scheduling: all.scheduling,
    pod: all.pod,
    image: { tag: '7.2.16', pullSecrets: ['registry'] },
  };

  test.each<[string, RedisSentinelClusterProps]>([
    ['without props', {}],
    ['with everything that nodes may have', { nodes: options, security: { user: 20001 } }],
    ['with nothing restricted', { nodes: options, security: { restricted: false } }],
  ])('has all that the pod of a node has, %s.', (_, props) => {
    expect(shared(podOfCheck(props).spec)).toEqual(shared(podOf(synth(props), 'cache-replica-1')));
    const [check] = podOfCheck(props).spec.containers;
    const [node] = podOf(synth(props), 'cache-replica-1').containers;
    expect(check).toMatchObject({
      image: node?.image,
      imagePullPolicy: node?.imagePullPolicy,
      ...(node?.securityContext !== undefined && { securityContext: node.securityContext }),
    });
  });

  test('has nothing that is said of a single node.', () => {
    expect(podOfCheck({ nodes: { master: options, replicaOverrides: { replica1: options } } })).toEqual(podOfCheck({}));
  });

  test('may run beside any other pod, on the machines of the nodes.', () => {
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [] };
    const podAntiAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [] };
    const { spec } = podOfCheck({ nodes: { scheduling: { affinity: { nodeAffinity, podAntiAffinity } } } });
    expect(spec.affinity).toEqual({ nodeAffinity });
    expect(podOfCheck({ nodes: { scheduling: { affinity: { podAntiAffinity } } } }).spec).not.toHaveProperty(
      'affinity',
    );
    expect(spec).not.toHaveProperty('topologySpreadConstraints');
  });

  test('has the labels and annotations of every pod, and not those of the nodes.', () => {
    const pod = { ...all.pod, annotations: { 'example.com/node': 'yes' } };
    expect(podOfCheck({ metadata: all.metadata, nodes: { pod } }).metadata).toEqual({
      labels: {
        ...all.metadata.podLabels,
        'app.kubernetes.io/name': 'redis-sentinel-cluster',
        'app.kubernetes.io/instance': 'cache',
        'app.kubernetes.io/component': 'check',
      },
      annotations: all.metadata.podAnnotations,
    });
  });

  test('has no container beside its own, for then it would never end.', () => {
    const { spec } = podOfCheck({ nodes: { pod: all.pod } });
    expect(spec.containers.map(({ name }) => name)).toEqual(['check']);
    expect(spec).not.toHaveProperty('initContainers');
  });

  test('is not one that the Service of a member would send clients to.', () => {
    const props = {
      metadata: { podLabels: { team: 'data' } },
      nodes: { replicas: 0, deployment: { selector: { team: 'data', 'app.kubernetes.io/instance': 'cache' } } },
      acceptRisks: ['NO_REPLICA'],
    };
    const problem = (pods: string) =>
      `nodes.master.deployment.selector = team=data,app.kubernetes.io/instance=cache: selects the pods of ${pods} too; write labels that no other member has, or leave it out [selector]`;
    const sentinels = 'cache-sentinel-1, cache-sentinel-2, cache-sentinel-3';
    expect(messageOf(props)).toBe(refusedWith(problem(sentinels)));
    expect(messageOf({ ...props, healthCheck: {} })).toBe(refusedWith(problem(`${sentinels}, healthCheck`)));
  });
});

test('The check waits until all may have stopped one after another, and longer for one with more memory.', () => {
  const waits = (props: RedisSentinelClusterProps) => {
    const { spec } = jobOf(props);
    return [spec.template.spec.containers[0]?.command?.at(-1), spec.activeDeadlineSeconds];
  };
  const size = Size.gibibytes(4);
  const replica2 = { resources: { memory: { request: size, limit: size } } };
  expect(waits({})).toEqual(['430', 550]);
  expect(waits({ nodes: { replicas: 3 } })).toEqual(['590', 710]);
  expect(waits({ nodes: { replicaOverrides: { replica2 } } })).toEqual(['700', 820]);
  expect(waits({ healthCheck: { timeout: Duration.seconds(30) } })).toEqual(['30', 150]);
});
