import { describe, expect, test } from '@jest/globals';
import {
  Client,
  RedisSentinelCluster,
  Spread,
  type ClientOptions,
  type RedisSentinelClusterProps,
} from '../../lib/index';
import { ofEveryCluster } from '../support/every-cluster';
import { allOf, find, type Deployment, type Manifest, type NetworkPolicy } from '../support/manifests';
import { enters, isAllowed, leaves, type Pod, type Target } from '../support/network';
import { newChart, objectsOf, synth } from '../support/synth';

const own = { name: 'caches', labels: { 'kubernetes.io/metadata.name': 'caches' } };
const other = { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop', team: 'shop' } };
const system = { name: 'kube-system', labels: { 'kubernetes.io/metadata.name': 'kube-system' } };

const tcp = (port: number): Target => ({ port, protocol: 'TCP' });
const pod = (labels: Record<string, string>, namespace: Pod['namespace'] = own): Pod => ({ labels, namespace });

interface Member extends Pod {
  readonly name: string;
  readonly port: number;
}

/** Proxies are none: policies of their own say who reaches them, and they every member. */
const isMember = ({ spec: { template } }: Deployment): boolean =>
  template.metadata.labels['app.kubernetes.io/component'] !== 'proxy';

/** The pods of the cluster's Deployments with the port of each. */
function membersOf(objects: Manifest[]): Member[] {
  const deployments = allOf(objects, 'Deployment').filter(isMember);
  return deployments.map(({ metadata, spec: { template } }) => ({
    name: metadata.name,
    port: template.spec.containers[0]?.ports?.[0]?.containerPort ?? 0,
    labels: template.metadata.labels,
    namespace: own,
    hostNetwork: template.spec.hostNetwork ?? false,
  }));
}

/** Pods that ask the members: proxies, and those of Jobs. */
function othersOf(objects: Manifest[]): Pod[] {
  const templates = [
    ...allOf(objects, 'Deployment').filter((one) => !isMember(one)),
    ...allOf(objects, 'Job'),
    ...allOf(objects, 'CronJob').map(({ spec }) => spec.jobTemplate),
  ].map(({ spec }) => spec.template);
  return templates.map(({ metadata }) => pod(metadata.labels));
}

/** Of a namespace where nobody may go out, or be reached, but who is let. */
const NOBODY: NetworkPolicy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'default-deny' },
  spec: { podSelector: { matchLabels: {} }, policyTypes: ['Ingress', 'Egress'] },
};

/** The members that a pod reaches at their ports. */
function reachedBy(client: Pod, objects: Manifest[]): string[] {
  const policies = allOf(objects, 'NetworkPolicy');
  return membersOf(objects)
    .filter((member) => isAllowed(policies, own.name, client, member, tcp(member.port)))
    .map(({ name }) => name);
}

const namesOf = (objects: Manifest[]) => membersOf(objects).map(({ name }) => name);

describe('The network policies of every cluster', () => {
  test('let each member reach every other.', () => {
    ofEveryCluster((objects) => {
      for (const member of membersOf(objects)) expect(reachedBy(member, objects)).toEqual(namesOf(objects));
    });
  });

  test('let proxies, checks, backups and a cut-over reach every member.', () => {
    ofEveryCluster((objects) => {
      for (const other of othersOf(objects)) expect(reachedBy(other, objects)).toEqual(namesOf(objects));
    });
  });

  test('are enough where a namespace lets nobody in or out.', () => {
    ofEveryCluster((objects, { props: { networkPolicy = {} } }) => {
      if (networkPolicy.enabled === false) return;
      const strict = [...objects, NOBODY];
      for (const one of [...membersOf(objects), ...othersOf(objects)])
        expect(reachedBy(one, strict)).toEqual(namesOf(objects));
    });
  });

  test('let a member look up names, and connect to nobody else.', () => {
    ofEveryCluster((objects, { props: { networkPolicy = {} } }) => {
      const policies = allOf(objects, 'NetworkPolicy');
      const { enabled = true, dnsPorts = [53, 5353] } = networkPolicy;
      const resolver = pod({ 'k8s-app': 'dns' }, system);
      // One that a store of backups has may be open: a first master that begins with one fetches it.
      const open = [...dnsPorts, ...membersOf(objects).map(({ port }) => port)];
      const closed = [8080, 81, 82, 83, 84].find((port) => !open.includes(port)) ?? 1;
      // Policies say nothing of what is on the network of its machine.
      for (const member of membersOf(objects).filter(({ hostNetwork }) => hostNetwork !== true)) {
        for (const port of dnsPorts) {
          expect(leaves(policies, own.name, member, resolver, { port, protocol: 'UDP' })).toBe(true);
          expect(leaves(policies, own.name, member, resolver, tcp(port))).toBe(true);
        }
        for (const target of [resolver, pod({ app: 'shop' }), pod({ app: 'shop' }, other)]) {
          expect(leaves(policies, own.name, member, target, tcp(closed))).toBe(!enabled);
        }
      }
    });
  });

  test('let nobody in but members and clients, and those at no other port.', () => {
    ofEveryCluster((objects, { props: { networkPolicy = {} } }) => {
      const { enabled = true, clients = [Client.pods({ podLabels: { none: 'here' } })] } = networkPolicy;
      const policies = allOf(objects, 'NetworkPolicy');
      const [first] = membersOf(objects);
      // Where one member comes from the address of its machine, nobody is known by being a pod.
      const onMachines = membersOf(objects).some(({ hostNetwork }) => hostNetwork);
      for (const member of membersOf(objects)) {
        const strangers = [pod({ app: 'stranger' }), pod({ app: 'stranger' }, { name: 'far', labels: {} })];
        for (const stranger of strangers) {
          const known = clients.some(({ _options }) => isClient(_options, stranger));
          expect(enters(policies, own.name, stranger, member, tcp(member.port))).toBe(!enabled || known || onMachines);
        }
        if (first !== undefined && member.hostNetwork !== true)
          expect(enters(policies, own.name, first, member, tcp(22))).toBe(!enabled || member.port === 22);
      }
    });
  });

  test('have no list without anybody, for Kubernetes takes that for everybody.', () => {
    ofEveryCluster((objects) => {
      for (const { metadata, spec } of allOf(objects, 'NetworkPolicy')) {
        const lists = [...(spec.ingress ?? []).map(({ from }) => from), ...(spec.egress ?? []).map(({ to }) => to)];
        expect([metadata.name, lists.filter((list) => list?.length === 0)]).toEqual([metadata.name, []]);
      }
    });
  });

  test('let every client in that is named.', () => {
    ofEveryCluster((objects, { props: { networkPolicy = {} } }) => {
      for (const { _options } of networkPolicy.clients ?? []) {
        const { podLabels = {}, namespaceLabels } = _options;
        const namespace = namespaceLabels === undefined ? own : { name: 'client', labels: namespaceLabels };
        expect(reachedBy(pod({ ...podLabels, more: 'labels' }, namespace), objects)).toEqual(namesOf(objects));
      }
    });
  });
});

function isClient({ podLabels = {}, namespaceLabels }: ClientOptions, { labels, namespace }: Pod): boolean {
  const has = (wanted: Record<string, string>, given: Record<string, string>) =>
    Object.entries(wanted).every(([key, value]) => given[key] === value);
  const inNamespace = namespaceLabels === undefined ? namespace === own : has(namespaceLabels, namespace.labels);
  return inNamespace && has(podLabels, labels);
}

describe('A client', () => {
  const chart = newChart('caches');
  const { connection } = new RedisSentinelCluster(chart, 'cache');
  const objects = objectsOf(chart);

  test('with the labels of the connection reaches nodes and sentinels.', () => {
    expect(reachedBy(pod({ app: 'shop', ...connection.clientLabels }), objects)).toEqual(namesOf(objects));
  });

  test('without them reaches nobody.', () => {
    expect(reachedBy(pod({ app: 'shop' }), objects)).toEqual([]);
  });

  test('of another namespace reaches nobody, whatever its labels.', () => {
    expect(reachedBy(pod(connection.clientLabels, other), objects)).toEqual([]);
    expect(reachedBy(pod(membersOf(objects)[0]?.labels ?? {}, other), objects)).toEqual([]);
  });

  test('of another cluster reaches nobody.', () => {
    const sessions = synth({}, 'sessions', 'caches');
    for (const member of membersOf(sessions)) expect(reachedBy(member, objects)).toEqual([]);
  });

  const admits = (clients: ClientOptions[], client: Pod) =>
    reachedBy(client, synth({ networkPolicy: { clients: clients.map((one) => Client.pods(one)) } }, 'cache', 'caches'))
      .length > 0;

  test('without any label given is every pod of the namespace.', () => {
    expect(admits([{}], pod({}))).toBe(true);
    expect(admits([{}], pod({}, other))).toBe(false);
  });

  test('is known by its labels, and those of its namespace.', () => {
    const clients = [{ podLabels: { app: 'shop' }, namespaceLabels: { team: 'shop' } }];
    expect(admits(clients, pod({ app: 'shop' }, other))).toBe(true);
    expect(admits(clients, pod({ app: 'blog' }, other))).toBe(false);
    expect(admits(clients, pod({ app: 'shop' }))).toBe(false);
    expect(admits([{ namespaceLabels: { team: 'shop' } }], pod({ app: 'blog' }, other))).toBe(true);
    expect(admits([], pod(connection.clientLabels))).toBe(false);
  });
});

test('A list of nobody lets in nobody: to members, proxies or exporters.', () => {
  const objects = synth({ networkPolicy: { clients: [] }, metrics: { scrapers: [] }, proxy: { reads: {} } });
  const policies = allOf(objects, 'NetworkPolicy');
  const prometheus = pod({ 'app.kubernetes.io/name': 'prometheus' });
  const entered = allOf(objects, 'Deployment').flatMap(({ metadata, spec: { template } }) =>
    [6379, 6380, 8404, 9121, 9122, 26_379]
      .filter((port) => enters(policies, own.name, prometheus, pod(template.metadata.labels), tcp(port)))
      .map((port) => [metadata.name, port]),
  );
  expect(entered).toEqual([]);
});

test('Without policies everybody reaches the cluster.', () => {
  const objects = synth({ networkPolicy: { enabled: false } }, 'cache', 'caches');
  expect(allOf(objects, 'NetworkPolicy')).toEqual([]);
  expect(reachedBy(pod({}, other), objects)).toEqual(namesOf(objects));
});

describe('Of members on the network of their machines', () => {
  const apart = { hostNetwork: true, scheduling: { spread: Spread.REQUIRED } };
  const rendered = (props: RedisSentinelClusterProps) => synth({ ...props, proxy: {}, healthCheck: {} });
  const policyOf = (props: RedisSentinelClusterProps, name: string) =>
    find(rendered(props), 'NetworkPolicy', name).spec;
  const port = (number: number) => ({ ports: [{ protocol: 'TCP', port: number }] });

  test.each(['cache-nodes', 'cache-sentinels', 'cache-proxy', 'cache-check'])(
    'pods of %s are let out to the ports of those, wherever they are, and to no other.',
    (name) => {
      const anywhere = (props: RedisSentinelClusterProps) =>
        policyOf(props, name).egress?.filter(({ to, ports }) => to === undefined && ports?.[0]?.protocol === 'TCP');
      expect(anywhere({ nodes: apart })).toEqual([port(6379)]);
      expect(anywhere({ sentinels: { overrides: { sentinel2: { hostNetwork: true } } } })).toEqual([port(26_379)]);
      expect(anywhere({})).toEqual([]);
    },
  );

  test('the others let everybody in, for machines are no pods.', () => {
    expect(policyOf({ nodes: apart }, 'cache-sentinels').ingress).toEqual([port(26_379)]);
    expect(policyOf({ sentinels: apart }, 'cache-nodes').ingress).toEqual([port(6379)]);
    expect(policyOf({}, 'cache-nodes').ingress).toEqual([{ from: expect.anything(), ...port(6379) }]);
  });
});

test('The check reaches members and a resolver, and nobody reaches it.', () => {
  const { podSelector, policyTypes, ingress, egress } = find(
    synth({ healthCheck: {} }),
    'NetworkPolicy',
    'cache-check',
  ).spec;
  expect(podSelector.matchLabels).toMatchObject({ 'app.kubernetes.io/component': 'check' });
  expect([policyTypes, ingress]).toEqual([['Ingress', 'Egress'], undefined]);
  expect(egress).toHaveLength(2);
});
