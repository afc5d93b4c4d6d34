import { DATA_PATH, RUN_PATH } from '../configuration';
import { memberLabels } from '../labels';
import { shown } from '../problems';
import { EnvContract } from '../image-options';
import { ResolvedCluster, ResolvedWorkload } from '../resolve';
import { SCRIPTS_PATH } from '../scripts';
import { ownedDirective } from '../settings';
import { Finding, Rule, members, repeated } from './rule';

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

const CONTAINERS = ['redis', 'sentinel', 'keeper', 'names'];
const VOLUMES = ['data', 'run', 'scripts'];
const PATHS = [DATA_PATH, RUN_PATH, SCRIPTS_PATH, '/etc/hosts'];
const VARIABLES =
  /^(REDIS_CONF_.*|SENTINEL_CONF_.*|(PREVIOUS_)?(REDIS|SENTINEL)_PASSWORD|REDIS_PORT|SENTINEL_PORT|POD_NAMESPACE|SELF|NODES|SENTINELS|MASTER_NAME|QUORUM|AOF|COMEBACK_SECONDS|PAUSE_MILLISECONDS|STOP_SECONDS|REPLICA_PRIORITY|DATA_DIR|RUN_DIR)$/;

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

export const OWNERSHIP_RULES: Rule[] = [directivesAreFree, labelsAreFree, podPartsAreFree];
