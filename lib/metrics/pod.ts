import { TLS_PATH } from '../config-maps/paths';
import { literal } from '../core/env';
import { k8s } from '../core/kplus';
import { resourceRequirements, sizeQuantity } from '../core/quantities';
import { PASSWORD_VOLUME } from '../defaults';
import { ResolvedIdentity } from '../identity/resolve';
import { isScripted } from '../image/resolve';
import { serverName } from '../member/pod';
import { ResolvedMember } from '../member/resolve';
import { PodAddition } from '../pod/plan';
import { containerSecurity } from '../security/pod';
import { ResolvedSecurity } from '../security/resolve';
import { CA_FILE, CERTIFICATE_FILE, PRIVATE_KEY_FILE, tlsMounts } from '../tls/pod';
import { ResolvedTls } from '../tls/resolve';
import { ResolvedMetrics } from './resolve';

/** Name of the exporters' port. */
export const METRICS_PORT = 'metrics';

/**
 * All that an exporter asks for, but for two: CONFIG GET would tell it the passwords, and SLOWLOG GET what clients wrote. A sentinel
 * knows neither SLOWLOG nor LATENCY, and would refuse to start with a user that may ask for them.
 *
 * @see https://github.com/oliver006/redis_exporter#authenticating-with-redis
 */
const RIGHTS: Readonly<Record<ResolvedMember['component'], string>> = {
  node: '-@all +ping +info +client|setname +command|info +slowlog|len +latency|latest',
  sentinel:
    '-@all +ping +info +client|setname +command|info +sentinel|masters +sentinel|sentinels +sentinel|slaves +sentinel|ckquorum',
};

/** Where the exporter finds its password, which the init container makes. */
const PASSWORD_PATH = '/exporter';

/** As variables and not as flags, for one that a version does not know does not stop it. */
const SETTINGS: Readonly<Record<string, string>> = {
  /** Not asked for: see the rights. */
  REDIS_EXPORTER_CONFIG_COMMAND: '-',
  /** Twice this time is less than Prometheus waits, so that a server that hangs is one that is down. */
  REDIS_EXPORTER_CONNECTION_TIMEOUT: '3s',
  /** It would send the password to whatever address the one who asks has written. */
  REDIS_EXPORTER_DISABLE_SCRAPE_ENDPOINT: 'true',
  /** A series for each command and bucket. */
  REDIS_EXPORTER_EXCLUDE_LATENCY_HISTOGRAM_METRICS: 'true',
  REDIS_EXPORTER_REDIS_ONLY_METRICS: 'true',
};

type Cluster = ResolvedIdentity & ResolvedSecurity & ResolvedTls & ResolvedMetrics;

/** An exporter beside the server. Nothing asks whether it runs, so that its end is no failure of the member. */
export function metricsPod(cluster: Cluster, member: ResolvedMember): PodAddition {
  if (cluster.metrics === undefined || !isScripted(member)) return {};
  const { exporter, monitor } = cluster.metrics;
  const port = exporter.ports[member.component];
  const server: k8s.EnvVar[] = [
    literal('EXPORTER_RIGHTS', RIGHTS[member.component]),
    literal('EXPORTER_DIR', PASSWORD_PATH),
  ];
  const names: k8s.EnvVar[] = [
    literal('EXPORTER_DIR', PASSWORD_PATH),
    // As the exporter writes the address with its user in it; put together by Kubernetes, as below.
    {
      name: 'EXPORTER_URI',
      value: addressOf(cluster, member, `exporter%40$(POD_NAMESPACE)%2F${cluster.name}@`),
    },
  ];
  const password = { name: 'exporter', mountPath: PASSWORD_PATH };
  return {
    initContainers: [{ name: 'names', env: names, volumeMounts: [password] }],
    containers: [{ name: serverName(member), env: server, volumeMounts: [{ ...password, readOnly: true }] }],
    volumes: [{ name: 'exporter', emptyDir: { medium: 'Memory', sizeLimit: sizeQuantity(PASSWORD_VOLUME) } }],
    sidecars: [exporterContainer(cluster, member, exporter, port)],
    ...(monitor.kind === 'annotations' && {
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(port) },
    }),
    resourcesAt: { exporter: 'metrics.exporter.resources' },
    imagesAt: { exporter: 'metrics.exporter.tag' },
  };
}

function exporterContainer(
  cluster: Cluster,
  member: ResolvedMember,
  { image, pullPolicy, resources }: NonNullable<ResolvedMetrics['metrics']>['exporter'],
  port: number,
): k8s.Container {
  const securityContext = containerSecurity(cluster);
  return {
    name: 'exporter',
    image,
    imagePullPolicy: pullPolicy,
    env: [
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      // Put together by Kubernetes: where a chart has no namespace nobody knows it before.
      { name: 'REDIS_USER', value: `exporter@$(POD_NAMESPACE)/${cluster.name}` },
      literal('REDIS_PASSWORD_FILE', `${PASSWORD_PATH}/passwords.json`),
      literal('REDIS_ADDR', addressOf(cluster, member)),
      ...tlsSettings(cluster),
      literal('REDIS_EXPORTER_WEB_LISTEN_ADDRESS', `:${port}`),
      ...Object.entries(SETTINGS).map(([name, value]) => literal(name, value)),
    ],
    ports: [{ name: METRICS_PORT, containerPort: port }],
    resources: resourceRequirements(resources),
    volumeMounts: [{ name: 'exporter', mountPath: PASSWORD_PATH, readOnly: true }, ...tlsMounts(cluster)],
    ...(securityContext !== undefined && { securityContext }),
  };
}

/** The server beside it; with TLS by a name that is in the certificate. The exporter looks for its password by all of it. */
function addressOf({ tls }: Cluster, { port }: ResolvedMember, user = ''): string {
  return tls === undefined ? `redis://${user}127.0.0.1:${port}` : `rediss://${user}localhost:${port}`;
}

/** The files are read anew for each connection. */
function tlsSettings({ tls }: Cluster): k8s.EnvVar[] {
  if (tls === undefined) return [];
  return [
    literal('REDIS_EXPORTER_TLS_CA_CERT_FILE', `${TLS_PATH}/${CA_FILE}`),
    literal('REDIS_EXPORTER_TLS_CLIENT_CERT_FILE', `${TLS_PATH}/${CERTIFICATE_FILE}`),
    literal('REDIS_EXPORTER_TLS_CLIENT_KEY_FILE', `${TLS_PATH}/${PRIVATE_KEY_FILE}`),
  ];
}
