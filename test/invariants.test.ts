import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { Risk } from '../lib';
import { ofEveryCluster, type Check } from './support/every-cluster';
import { schemaErrors, schemaVersions } from './support/kubernetes-schema';
import {
  allOf,
  container,
  containersOf,
  environment,
  selects,
  type Manifest,
  type Metadata,
  type PodSpec,
} from './support/manifests';
import { scriptsOf, variablesOf } from './support/script-variables';
import { synth } from './support/synth';
import { officialClusters } from './support/valid-props';

const ofEveryOfficialCluster = (check: Check): void => {
  ofEveryCluster(check, officialClusters);
};

const deploymentsOf = (objects: Manifest[]) => allOf(objects, 'Deployment');
/** Whom the sentinels know. */
const memberDeploymentsOf = (objects: Manifest[]) =>
  deploymentsOf(objects).filter(({ metadata }) => !isOfProxy(metadata));
const isOfProxy = ({ labels = {} }: Metadata) => labels['app.kubernetes.io/component'] === 'proxy';
const podsOf = (objects: Manifest[]) =>
  [...deploymentsOf(objects), ...allOf(objects, 'Job')].map(({ metadata, spec }) => ({
    name: metadata.name,
    labels: spec.template.metadata.labels,
    spec: spec.template.spec,
  }));
const membersOf = (objects: Manifest[], component: string) =>
  podsOf(objects).filter(({ labels }) => labels['app.kubernetes.io/component'] === component);

/** Those of members; the one for Prometheus has no member, and those of the proxies have several pods. */
const servicesOf = (objects: Manifest[]) =>
  allOf(objects, 'Service').filter(
    ({ metadata }) => !['metrics', 'proxy'].includes(metadata.labels?.['app.kubernetes.io/component'] ?? ''),
  );

/** Nothing that runs reads what Prometheus and Grafana do, nor asks for the proxies' address. */
const isNeeded = ({ metadata }: Manifest): boolean => !/-(metrics|alerts|dashboard|proxy|reads)$/.test(metadata.name);

/** What is neither a user's nor an exporter, which runs no script and has no part in its member. */
const isScripted = ({ name }: { readonly name: string }): boolean => !/^((own|group)-|exporter$)/.test(name);

/** What the first server of a kind is told. */
function variables(objects: Manifest[], what: 'nodes' | 'sentinels'): Record<string, string> {
  const server = membersOf(objects, what.slice(0, -1))[0]?.spec.containers[0];
  if (server === undefined) throw new Error(`no server of the ${what}`);
  return environment(objects, server);
}

const wordsOf = (list: string | undefined) => (list ?? '').split(' ');

/** Bytes of a quantity of Kubernetes, or of a size of redis.conf. */
function bytes(size: string): number {
  const [, amount = '', unit = ''] = /^(\d+)(\w*)$/.exec(size) ?? [];
  const exponent = ['', 'Ki', 'Mi', 'Gi'].indexOf(unit.replace('kb', 'Ki').replace('mb', 'Mi'));
  if (amount === '' || exponent < 0) throw new Error(`no size: ${size}`);
  return Number(amount) * 1024 ** exponent;
}

describe('In every cluster', () => {
  test('a Deployment selects its own pod and no other.', () => {
    ofEveryCluster((objects) => {
      for (const { metadata, spec } of deploymentsOf(objects)) {
        const selected = podsOf(objects).filter(({ labels }) => selects(spec.selector.matchLabels, labels));
        expect(selected.map(({ name }) => name)).toEqual([metadata.name]);
      }
    });
  });

  test('a Service selects the pod of its name and no other, at a port that is there.', () => {
    ofEveryCluster((objects) => {
      expect(servicesOf(objects).map(({ metadata }) => metadata.name)).toEqual(
        memberDeploymentsOf(objects).map(({ metadata }) => metadata.name),
      );
      for (const { metadata, spec } of servicesOf(objects)) {
        const [selected, ...others] = podsOf(objects).filter(({ labels }) => selects(spec.selector, labels));
        expect([selected?.name, ...others]).toEqual([metadata.name]);
        const ports = selected?.spec.containers.flatMap((one) => one.ports ?? []);
        const wanted = spec.ports.map(({ port, targetPort }) => ({ name: targetPort, containerPort: port }));
        expect(ports).toEqual(expect.arrayContaining(wanted));
      }
    });
  });

  test('every pod runs on Linux, and says so.', () => {
    ofEveryCluster((objects) => {
      for (const { spec } of podsOf(objects)) {
        expect(spec).toMatchObject({ os: { name: 'linux' }, nodeSelector: { 'kubernetes.io/os': 'linux' } });
      }
    });
  });

  test('a pod is kept apart from another of its own Deployment, wherever either may be.', () => {
    ofEveryOfficialCluster((objects) => {
      for (const { spec } of memberDeploymentsOf(objects)) {
        const { affinity, nodeSelector } = spec.template.spec;
        const apart = affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.find(
          ({ labelSelector }) => isDeepStrictEqual(labelSelector, spec.selector),
        );
        // The label has one value where these pods may be: all machines are one domain.
        expect(Object.keys(nodeSelector ?? {})).toContain(apart?.topologyKey);
      }
    });
  });

  test('every host in a configuration is a Service, or an address that a member announces.', () => {
    ofEveryOfficialCluster((objects) => {
      const ports = new Map(
        servicesOf(objects).map(({ metadata, spec }) => [metadata.name, String(spec.ports[0]?.port)]),
      );
      for (const what of ['nodes', 'sentinels'] as const) {
        const { NODES, SENTINELS, REDIS_PORT, SENTINEL_PORT } = variables(objects, what);
        const hosts = [
          ...wordsOf(NODES).map((host) => [host, REDIS_PORT] as const),
          ...wordsOf(SENTINELS).map((host) => [host, SENTINEL_PORT] as const),
        ];
        expect(hosts).toHaveLength(ports.size);
        const announced = hosts.filter(([host]) => host.endsWith('.example.com'));
        expect(hosts.filter(([host, port]) => ports.get(host) === port).length + announced.length).toBe(ports.size);
      }
    });
  });

  test('a member knows itself by the name that the others have for it.', () => {
    ofEveryOfficialCluster((objects) => {
      for (const [component, list] of [
        ['node', 'NODES'],
        ['sentinel', 'SENTINELS'],
      ] as const) {
        const own = membersOf(objects, component).map(({ spec }) =>
          containersOf(spec).flatMap((one) =>
            (one.env ?? []).flatMap(({ name, value }) => (name === 'SELF' ? [value] : [])),
          ),
        );
        expect(own.map(([self]) => self).join(' ')).toBe(variables(objects, 'nodes')[list]);
        for (const selves of own) expect(new Set(selves).size).toBe(1);
      }
    });
  });

  test('every mount has its volume, every volume its ConfigMap or claim, and no claim two pods.', () => {
    ofEveryCluster((objects) => {
      const namesOf = (kind: 'ConfigMap' | 'PersistentVolumeClaim') =>
        allOf(objects, kind).map(({ metadata }) => metadata.name);
      const used = podsOf(objects).flatMap(({ spec }) => claimsOf(spec));
      expect(new Set(used).size).toBe(used.length);
      const missing = used.filter((name) => !namesOf('PersistentVolumeClaim').includes(name));
      expect(missing.filter((name) => !name.startsWith('claim-'))).toEqual([]);
      expect(namesOf('PersistentVolumeClaim').filter((name) => !used.includes(name))).toEqual([]);
      const configMaps = new Set(namesOf('ConfigMap'));
      for (const { name: pod, spec } of podsOf(objects)) {
        const volumes = (spec.volumes ?? []).map(({ name }) => name);
        const containers = containersOf(spec);
        const mounts = containers.map(({ volumeMounts = [] }) => volumeMounts);
        const paths = mounts.map((ofOne) => ofOne.map(({ mountPath }) => mountPath));
        const read = [
          ...containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef?.name)),
          ...(spec.volumes ?? []).map(({ configMap }) => configMap?.name),
        ];
        expect({
          pod,
          twice: [volumes, ...paths].flatMap(repeated),
          withoutVolume: mounts.flat().filter(({ name }) => !volumes.includes(name)),
          withoutConfigMap: read.filter((name) => name !== undefined && !configMaps.has(name)),
        }).toEqual({ pod, twice: [], withoutVolume: [], withoutConfigMap: [] });
      }
    });
  });

  test('no two objects have one name, and each name is a DNS label that begins with a letter.', () => {
    ofEveryCluster((objects) => {
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(repeated(names)).toEqual([]);
      expect(names.filter((name) => !/ [a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))).toEqual([]);
      expect(podsOf(objects).flatMap(({ spec }) => repeated(containersOf(spec).map(({ name }) => name)))).toEqual([]);
    });
  });

  test('all labels are such as Kubernetes takes.', () => {
    const key = /^([a-z0-9][-.a-z0-9]*\/)?[a-zA-Z0-9]([-_.a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
    const value = /^([a-zA-Z0-9]([-_.a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)?$/;
    ofEveryCluster((objects) => {
      const labels = [
        ...objects.map(({ metadata }) => metadata.labels ?? {}),
        ...podsOf(objects).map((pod) => pod.labels),
      ];
      const pairs = labels.flatMap((one) => Object.entries(one));
      expect(pairs.filter((pair) => !key.test(pair[0]) || !value.test(pair[1]))).toEqual([]);
    });
  });

  test('what an older revision of a Deployment needs is deleted by no delivery tool.', () => {
    ofEveryOfficialCluster((objects) => {
      const pruned = (['ConfigMap', 'Service', 'PersistentVolumeClaim'] as const)
        .flatMap((kind) => allOf(objects, kind).filter(isNeeded))
        .filter(
          ({ metadata: { annotations = {} } }) =>
            !/^Prune=false\b/.test(annotations['argocd.argoproj.io/sync-options'] ?? '') ||
            annotations['kustomize.toolkit.fluxcd.io/prune'] !== 'disabled',
        );
      expect(pruned.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
    });
  });

  test('every container that stays has a probe.', () => {
    ofEveryOfficialCluster((objects) => {
      const containers = memberDeploymentsOf(objects).flatMap(({ spec }) => spec.template.spec.containers);
      for (const one of containers.filter(isScripted)) {
        expect([one.name, one.livenessProbe ?? one.readinessProbe]).toEqual([one.name, expect.anything()]);
      }
    });
  });

  test('the quorum can be reached, and a drain leaves one node, the quorum and a majority of the sentinels.', () => {
    ofEveryOfficialCluster((objects, { props }) => {
      const { QUORUM, SENTINELS } = variables(objects, 'sentinels');
      const count = wordsOf(SENTINELS).length;
      const needed = Math.max(Number(QUORUM), Math.floor(count / 2) + 1);
      expect(Number(QUORUM)).toBeGreaterThan(0);
      expect(needed).toBeLessThanOrEqual(count);
      const budgets = allOf(objects, 'PodDisruptionBudget').filter(
        ({ spec }) => spec.selector.matchLabels['app.kubernetes.io/component'] !== 'proxy',
      );
      for (const { spec } of budgets) {
        const selected = podsOf(objects).filter(({ labels }) => selects(spec.selector.matchLabels, labels));
        const [nodes, sentinels] = [membersOf(objects, 'node'), membersOf(objects, 'sentinel')];
        const ofNodes = selected[0]?.labels['app.kubernetes.io/component'] === 'node';
        expect(selected).toEqual(ofNodes ? nodes : sentinels);
        expect(spec.minAvailable).toBeLessThan(selected.length);
        expect(spec.minAvailable).toBeGreaterThanOrEqual(ofNodes ? selected.length - 1 : needed);
      }
      const expected = Number(membersOf(objects, 'node').length > 1) + Number(needed < count);
      expect(budgets).toHaveLength(props.disruptionBudgets === false ? 0 : expected);
    });
  });

  test('a script finds every variable that it needs, and every variable is for a script.', () => {
    ofEveryOfficialCluster((objects) => {
      const used = new Set<string>();
      const checked = podsOf(objects).flatMap(({ spec }) => containersOf(spec));
      for (const one of checked.filter(isScripted)) {
        const set = environment(objects, one);
        const scripts = scriptsOf(one);
        expect(scripts).not.toEqual([]);
        const named = new Set(scripts.flatMap((script) => [...variablesOf(script).named]));
        for (const script of scripts) {
          expect([...variablesOf(script).needed].filter((name) => !(name in set))).toEqual([]);
        }
        // What all containers of a pod know, and rclone by itself, is more than a script needs that brings a backup.
        const others = one.name === 'restore-fetch' ? /^(POD_NAMESPACE|SELF|RCLONE_CONFIG_.*)$/ : /^(OWN|GROUP)_ZONE$/;
        const own = (one.env ?? []).map(({ name }) => name).filter((name) => !others.test(name));
        // A setting is read by what its name begins with, and only where it is read it may stand.
        const begin = (name: string) => /^(REDIS|SENTINEL)_CONF/.exec(name)?.[0] ?? name;
        expect(own.filter((name) => !named.has(begin(name)))).toEqual([]);
        for (const name of Object.keys(set)) if (named.has(begin(name))) used.add(name);
      }
      const shared = allOf(objects, 'ConfigMap').filter(({ metadata }) => metadata.name.includes('-members-'));
      expect(shared).toHaveLength(1);
      expect(Object.keys(shared[0]?.data ?? {}).filter((name) => !used.has(name))).toEqual([]);
    });
  });

  test('memory and claims hold the data, unless the risk is accepted.', () => {
    ofEveryOfficialCluster((objects, cluster) => {
      const risks = cluster.props.acceptRisks ?? [];
      const conf = variables(objects, 'nodes');
      const of = (directive: string) => conf[`REDIS_CONF_${directive}`] ?? '';
      const maxmemory = bytes(of('MAXMEMORY'));
      const buffer = bytes(of('CLIENT_OUTPUT_BUFFER_LIMIT').split(' ')[1] ?? '');
      const beside = Math.max(bytes(of('REPL_BACKLOG_SIZE')), buffer);
      const persisted = { aof: conf['AOF'] === 'yes', rdb: of('SAVE') !== '""' };
      const factor = (persisted.aof ? 3 : persisted.rdb ? 2 : 0) + Number(persisted.aof && persisted.rdb);
      if (!risks.includes(Risk.MEMORY_WITHOUT_HEADROOM)) expect(maxmemory).toBeGreaterThan(0);
      for (const { name, spec } of membersOf(objects, 'node')) {
        const { memory } = container(objects, name, 'redis').resources?.limits ?? {};
        if (memory !== undefined && !risks.includes(Risk.MEMORY_WITHOUT_HEADROOM)) {
          expect(bytes(memory)).toBeGreaterThanOrEqual(maxmemory * 1.5 + beside);
        }
        const [claim] = claimsOf(spec).flatMap((used) =>
          allOf(objects, 'PersistentVolumeClaim').filter(({ metadata }) => metadata.name === used),
        );
        if (claim !== undefined && !risks.includes(Risk.SMALL_CLAIM)) {
          expect(bytes(claim.spec.resources.requests.storage)).toBeGreaterThanOrEqual(maxmemory * factor);
        }
      }
    });
  });

  test('a pod that stops has the time for it, and a rollout more.', () => {
    ofEveryOfficialCluster((objects) => {
      for (const { metadata, spec } of deploymentsOf(objects)) {
        const { terminationGracePeriodSeconds: grace = 30, containers } = spec.template.spec;
        expect(spec.progressDeadlineSeconds).toBeGreaterThan(grace);
        if (isOfProxy(metadata)) continue;
        const isNode = containers[0]?.name === 'redis';
        const set = environment(objects, container(objects, metadata.name, isNode ? 'redis' : 'sentinel'));
        const turns = wordsOf(set[isNode ? 'NODES' : 'SENTINELS']).length - 1;
        const stop = Number(set['STOP_SECONDS']);
        expect(stop).toBeLessThan(grace);
        expect(stop).toBeGreaterThanOrEqual(turns * Number(set['COMEBACK_SECONDS']));
      }
    });
  });

  test('two syntheses are equal, byte for byte.', () => {
    ofEveryCluster((objects, { props, id, namespace }) => {
      expect(JSON.stringify(synth(props, id, namespace)) === JSON.stringify(objects)).toBe(true);
    });
  });

  test('the order in which keys were written changes nothing.', () => {
    ofEveryCluster((objects, { props, id, namespace }) => {
      expect(JSON.stringify(synth(reversed(props), id, namespace)) === JSON.stringify(objects)).toBe(true);
    });
  });

  test.each(schemaVersions)('all objects are valid in Kubernetes %s, without one field too much.', (version) => {
    ofEveryCluster((objects) => {
      expect(objects.flatMap((object) => schemaErrors(version, object))).toEqual([]);
    });
  });
});

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) < index);
}

function claimsOf({ volumes = [] }: PodSpec): string[] {
  return volumes.flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim === undefined ? [] : [persistentVolumeClaim.claimName],
  );
}

/** The same, with the keys of every object in it from last to first. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([key, member]: [string, unknown]) => [key, reversed(member)]);
  return Object.fromEntries(entries.reverse()) as T;
}
