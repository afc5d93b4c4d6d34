import { Duration } from 'cdk8s';
import { SCRIPTS_PATH } from '../config-maps/paths';
import { command } from '../config-maps/scripts';
import { passwordMounts, passwordVolumes } from '../auth/pod';
import { ResolvedAuth } from '../auth/resolve';
import { literal } from '../core/env';
import { k8s } from '../core/kplus';
import { resourceRequirements } from '../core/quantities';
import { KILL_MARGIN, PROXY_LIVENESS, PROXY_READINESS, PROXY_STARTUP } from '../defaults';
import { componentLabels } from '../identity/labels';
import { isScripted } from '../image/resolve';
import {
  HOSTS_MOUNT,
  PodCluster,
  SCRIPT_MOUNTS,
  ownerVariables,
  podTemplate,
  scriptContainer,
  scriptVolumes,
  serverName,
} from '../member/pod';
import { ResolvedMember } from '../member/resolve';
import { spreadConstraints } from '../member/scheduling';
import { METRICS_PORT } from '../metrics/pod';
import { ResolvedMetrics } from '../metrics/resolve';
import { PlannedPod, PodAddition } from '../pod/plan';
import { tlsMounts, tlsVolumes } from '../tls/pod';
import { ResolvedTls } from '../tls/resolve';
import { HARD_STOP, LONGEST_SEARCH } from './haproxy';
import { CONFIG_FILE, ResolvedProxy, ResolvedProxyOptions, TUNNEL_FILE } from './resolve';

/** Where the proxies are in the props, and the name of their pods in errors. */
export const PROXY = 'proxy';

/** All that a check asks. Logging in needs no right. */
const RIGHTS: Readonly<Record<ResolvedMember['component'], string>> = {
  node: '-@all +info',
  sentinel: '-@all +sentinel|get-master-addr-by-name',
};

/** The members know the proxies' user: the server writes it, and the keeper gives it a new password. */
export function proxiedPod({ proxy }: ResolvedProxy, member: ResolvedMember): PodAddition {
  if (proxy === undefined || !isScripted(member)) return {};
  const env = [literal('PROXY_RIGHTS', RIGHTS[member.component])];
  return { containers: [serverName(member), 'keeper'].map((name) => ({ name, env })) };
}

type Cluster = PodCluster & ResolvedAuth & ResolvedTls & ResolvedMetrics & ResolvedProxy;

export function proxyPods(cluster: Cluster): PlannedPod[] {
  const { proxy } = cluster;
  if (proxy === undefined) return [];
  const { as, name } = proxy;
  const labels = { ...cluster.metadata.podLabels, ...componentLabels(cluster.name, PROXY) };
  const namespace: k8s.EnvVar = {
    name: 'POD_NAMESPACE',
    valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } },
  };
  const self = [namespace, { name: 'SELF', value: name }];
  const small = { ...scriptContainer(cluster, as), resources: resourceRequirements(as.keeperResources) };
  const spread = spreadConstraints(cluster.name, { ...as, component: PROXY });
  const template = podTemplate(
    cluster,
    as,
    labels,
    {
      terminationGracePeriodSeconds: proxy.drain.toSeconds() + HARD_STOP.toSeconds() + KILL_MARGIN.toSeconds(),
      ...(as.scheduling.affinity !== undefined && { affinity: as.scheduling.affinity }),
      ...(spread.length > 0 && { topologySpreadConstraints: spread }),
      initContainers: [
        {
          ...small,
          name: 'names',
          command: command('names'),
          env: [...self, ...ownerVariables(name)],
          volumeMounts: [...SCRIPT_MOUNTS, ...tlsMounts(cluster)],
        },
      ],
      containers: [
        {
          ...proxyContainer(cluster, proxy),
          env: [namespace, { name: 'DRAIN_SECONDS', value: String(proxy.drain.toSeconds()) }],
        },
        {
          ...small,
          name: 'keeper',
          command: command('proxy-keeper'),
          env: self,
          volumeMounts: [...SCRIPT_MOUNTS, ...passwordMounts(cluster), ...tlsMounts(cluster)],
        },
      ],
      volumes: [
        ...withOwnFiles(scriptVolumes(cluster), cluster, proxy),
        ...passwordVolumes(cluster),
        ...tlsVolumes(cluster),
      ],
    },
    annotations(cluster, proxy),
  );
  return [
    {
      name: PROXY,
      property: PROXY,
      template,
      resourcesAt: { proxy: 'proxy.resources', keeper: 'nodes.keeperResources', names: 'nodes.keeperResources' },
      imagesAt: { proxy: 'proxy.image.tag' },
    },
  ];
}

function proxyContainer(
  cluster: Cluster,
  { image, pullPolicy, resources, as, port, reads, healthPort, checkInterval }: ResolvedProxyOptions,
): k8s.Container {
  const configs = [CONFIG_FILE, ...(cluster.tls === undefined ? [] : [TUNNEL_FILE])];
  const health = cluster.metrics === undefined ? 'health' : METRICS_PORT;
  const asked = (path: string): Pick<k8s.Probe, 'httpGet'> => ({
    httpGet: { path, port: k8s.IntOrString.fromString(health) },
  });
  return {
    ...scriptContainer(cluster, as),
    name: PROXY,
    image,
    imagePullPolicy: pullPolicy,
    command: [...command('proxy'), ...configs.map((file) => `${SCRIPTS_PATH}/${file}`)],
    ports: [
      { name: WRITES, containerPort: port },
      ...(reads === undefined ? [] : [{ name: READS, containerPort: reads.port }]),
      { name: health, containerPort: healthPort },
    ],
    resources: resourceRequirements(resources),
    startupProbe: { ...asked('/alive'), ...PROXY_STARTUP },
    readinessProbe: {
      ...asked('/ready'),
      ...PROXY_READINESS,
      // One that has found replicas only gets no writes before it had the time to find the master.
      ...(reads !== undefined && { successThreshold: 1 + secondsOf(LONGEST_SEARCH, checkInterval) }),
    },
    livenessProbe: { ...asked('/alive'), ...PROXY_LIVENESS },
    volumeMounts: [...SCRIPT_MOUNTS, HOSTS_MOUNT],
  };
}

/** Of so many intervals, in whole seconds. */
const secondsOf = (intervals: number, interval: Duration): number =>
  Math.ceil((intervals * interval.toMilliseconds()) / 1000);

/** Names of the ports. */
export const WRITES = 'redis';
export const READS = 'reads';

/** The files of the proxies are beside those that all have. */
function withOwnFiles(
  volumes: k8s.Volume[],
  { configMaps }: PodCluster,
  { files }: ResolvedProxyOptions,
): k8s.Volume[] {
  const sources = [configMaps.scripts, files].map(({ name }) => ({ configMap: { name } }));
  return volumes.map((volume) => (volume.name === 'scripts' ? { name: 'scripts', projected: { sources } } : volume));
}

function annotations({ metrics }: ResolvedMetrics, { healthPort }: ResolvedProxyOptions): Record<string, string> {
  return metrics?.monitor.kind === 'annotations'
    ? { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(healthPort) }
    : {};
}
