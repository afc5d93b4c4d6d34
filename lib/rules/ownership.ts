import { DATA_PATH, RUN_PATH } from '../workload/config-maps';
import { checkLabels, memberLabels, podLabels } from '../identity/labels';
import { shown } from '../core/problems';
import { EnvContract } from '../image/props';
import { ResolvedCluster, ResolvedWorkload } from '../resolve';
import { SCRIPTS_PATH } from '../workload/scripts';
import { ownedDirective } from '../settings/props';
import { Finding, Rule, members, repeated } from '../core/rule';

const directivesAreFree: Rule = ({ given }) => [
  ...owned('settings.directives', given.settings?.directives),
  ...owned('sentinels.directives', given.sentinels?.directives),
];

function owned(
  property: 'settings.directives' | 'sentinels.directives',
  directives: Record<string, string> = {},
): Finding[] {
  return Object.entries(directives).flatMap(([directive, value]) => {
    const remedy = ownedDirective(directive, property === 'settings.directives' ? 'node' : 'sentinel');
    if (remedy === undefined) return [];
    const path = `${property}.${directive}`;
    const must = 'is written by this library';
    return [{ rule: 'owned-directive', property: path, value: shown(value, path), must, remedy }];
  });
}

/** Labels that selectors need would be overwritten, so giving them another value would silently do nothing. */
const labelsAreFree: Rule = (cluster) => {
  const { metadata } = cluster;
  return [
    ...overwritten(cluster, 'metadata.labels', metadata.labels),
    ...overwritten(cluster, 'metadata.podLabels', metadata.podLabels),
    ...members(cluster).flatMap(({ property, pod }) => overwritten(cluster, `${property}.pod.labels`, pod.labels)),
  ];
};

function overwritten(cluster: ResolvedCluster, property: string, labels: Record<string, string>): Finding[] {
  const ours = Object.keys(memberLabels(cluster.name, 'node', ''));
  return Object.entries(labels)
    .filter(([label]) => ours.includes(label))
    .map(([label, value]) => ({
      rule: 'owned-label',
      property: `${property}['${label}']`,
      value: shown(value),
      must: 'is a label by which this library selects pods',
      remedy: 'write another label',
    }));
}

/** A Deployment takes every pod that it selects for its own, and a Service sends it connections. */
const selectorsAreUnique: Rule = (cluster) =>
  members(cluster).flatMap(({ property, component, name, deployment }) => {
    const ours = memberLabels(cluster.name, component, name);
    const selector = Object.entries(deployment.selector);
    const also = podsOf(cluster).filter(
      (other) => other.name !== name && selector.every(([label, value]) => other.labels[label] === value),
    );
    const problem = { rule: 'selector', property: `${property}.deployment.selector`, value: text(deployment.selector) };
    return [
      ...(also.length === 0
        ? []
        : [
            {
              ...problem,
              must: `selects the pods of ${also.map((other) => other.name).join(', ')} too`,
              remedy: 'write labels that no other member has, or leave it out',
            },
          ]),
      ...selector
        .filter(([label, value]) => (ours[label] ?? value) !== value)
        .map(([label]) => ({
          ...problem,
          must: `has another ${label} than '${ours[label] ?? ''}', by which policies and budgets know the pods`,
          remedy: 'write another label',
        })),
    ];
  });

function podsOf(cluster: ResolvedCluster): { name: string; labels: Record<string, string> }[] {
  return [
    ...members(cluster).map((member) => ({ name: member.name, labels: podLabels(cluster, member) })),
    ...(cluster.healthCheck === undefined ? [] : [{ name: 'healthCheck', labels: checkLabels(cluster) }]),
  ];
}

function text(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return pairs.join(',') || '{}';
}

const CONTAINERS = ['redis', 'sentinel', 'keeper', 'names'];
const VOLUMES = ['data', 'run', 'scripts'];
const PATHS = [DATA_PATH, RUN_PATH, SCRIPTS_PATH, '/etc/hosts'];
const VARIABLES =
  /^(REDIS_CONF_.*|SENTINEL_CONF_.*|(PREVIOUS_)?(REDIS|SENTINEL)_PASSWORD|REDIS_PORT|SENTINEL_PORT|POD_NAMESPACE|POD_NAME|WORKLOAD|CLUSTER|SELF|NODES|SENTINELS|MASTER_NAME|QUORUM|AOF|COMEBACK_SECONDS|PAUSE_MILLISECONDS|STOP_SECONDS|REPLICA_PRIORITY|DATA_DIR|RUN_DIR)$/;

/** A mount without its volume is refused by Kubernetes, and only then. */
const mountsHaveVolumes: Rule = (cluster) =>
  members(cluster).flatMap(({ property, pod }) => {
    const volumes = [...VOLUMES, ...pod.volumes.map(({ name }) => name)];
    return pod.volumeMounts
      .filter(({ name }) => !volumes.includes(name))
      .map(({ name }) => ({
        rule: 'mount-without-volume',
        property: `${property}.pod.volumeMounts`,
        value: shown(name),
        must: 'is no volume of the pod',
        remedy: `write it in pod.volumes too, or one of: ${volumes.join(', ')}`,
      }));
  });

const podPartsAreFree: Rule = (cluster) => members(cluster).flatMap(takenParts);

function takenParts({ property, pod, envContract }: ResolvedWorkload): Finding[] {
  const found = (what: string, name: string): Finding => ({
    rule: 'owned-in-pod',
    property: `${property}.pod.${what}`,
    value: shown(name),
    must: 'is in the pod already',
    remedy: 'write another one',
  });
  const all = [...pod.initContainers, ...pod.containers];
  const paths = pod.volumeMounts.map(({ mountPath }) => mountPath);
  const variables = pod.env.map(({ name }) => name);
  const ownVariables = envContract === EnvContract.SCRIPTS ? variables.filter((name) => VARIABLES.test(name)) : [];
  const twice = (names: string[]): string[] => repeated(names, (name) => name);
  const containers = all.map(({ name }) => name);
  const volumes = pod.volumes.map(({ name }) => name);
  return [
    ...[...containers.filter((name) => CONTAINERS.includes(name)), ...twice(containers)].map((name) =>
      found('containers', name),
    ),
    ...[...volumes.filter((name) => VOLUMES.includes(name)), ...twice(volumes)].map((name) => found('volumes', name)),
    ...[...paths.filter((path) => PATHS.includes(path.replace(/\/+$/, ''))), ...twice(paths)].map((path) =>
      found('volumeMounts', path),
    ),
    ...[...ownVariables, ...twice(variables)].map((name) => found('env', name)),
  ];
}

export const OWNERSHIP_RULES: Rule[] = [
  directivesAreFree,
  labelsAreFree,
  selectorsAreUnique,
  mountsHaveVolumes,
  podPartsAreFree,
];
