import { Duration } from 'cdk8s';
import { PlainTextAuthOptions, SecretAuthOptions } from './auth/props';
import { ImagePullPolicy, PersistentVolumeAccessMode } from './core/kplus';
import { DNS_LABEL } from './identity/naming';
import { Problem } from './core/problems';
import { EnvContract, ImageOptions, Product } from './image/props';
import {
  ClientOptions,
  HealthCheckOptions,
  MetadataOptions,
  NetworkPolicyOptions,
  NodesOptions,
  RedisSentinelClusterProps,
  SentinelsOptions,
} from './props';
import { DeploymentOptions, PodOptions, SchedulingOptions, Spread, WorkloadOptions } from './workload/props';
import { Risk } from './risks';
import { Ids, SecurityOptions } from './security/props';
import {
  AofAndRdbOptions,
  AofOptions,
  ClaimOptions,
  EphemeralOptions,
  FsyncPolicy,
  RdbOptions,
  SavePoint,
} from './storage/props';
import { RedisSettings, SETTINGS, Setting, TypedSetting, measureOf } from './settings/props';
import {
  Check,
  Members,
  flag,
  guard,
  having,
  integer,
  list,
  made,
  map,
  matching,
  notEmpty,
  object,
  oneOf,
  struct,
  text,
} from './core/checks';

/** What each prop must be by itself; how they fit together is the business of the rules. */
export function checkProps(props: RedisSentinelClusterProps): Problem[] {
  const problems: Problem[] = [];
  cluster(props, '', problems);
  return problems;
}

const size: Check = (value, property, problems) => {
  const before = problems.length;
  having('toKibibytes', 'a Size', 'write Size.mebibytes(…) or Size.gibibytes(…)')(value, property, problems);
  if (problems.length > before || Number.isInteger((measureOf('bytes', value) ?? 0) / 1024)) return;
  const must = 'must be whole KiB';
  problems.push({ rule: 'range', property, value: 'a fraction', must, remedy: 'write Size.kibibytes(…)' });
};
const cpu = guard(
  'type',
  (value) =>
    typeof value === 'object' && value !== null && /^\d+(\.\d+)?m?$/.test(String(Reflect.get(value, 'amount'))),
  'must be a Cpu',
  'write Cpu.millis(…)',
);
const duration = having('toMilliseconds', 'a Duration', 'write Duration.seconds(…)');
const dnsLabel = matching(
  DNS_LABEL,
  'must be a DNS label that begins with a letter',
  "write 1 to 63 lower case letters, digits and '-'",
);
const objectName = matching(
  /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/,
  'must be the name of an object',
  "write lower case letters, digits, '-' and '.'",
);
const secretKey = matching(/^[-._a-zA-Z0-9]+$/, 'must be a key of a Secret', "write letters, digits, '.', '_' and '-'");
const port = integer(1, 65_535);
/** Kubernetes takes no larger one. */
const LARGEST_ID = 2 ** 31 - 1;
const strings = map(text);
const directives = map(matching(/^[^\n\r]+$/, 'must be one line', 'write the value as in redis.conf'), {
  pattern: /^[a-z][a-z0-9-]*$/,
  must: "must be a directive in lower case letters, digits and '-'",
});

const resources = struct({
  cpu: struct({
    request: cpu,
    limit: cpu,
  }),
  memory: struct({ request: size, limit: size }),
  ephemeralStorage: struct({ request: size, limit: size }),
});

const image = struct<ImageOptions>({
  product: oneOf(Product),
  repository: matching(
    /^[a-z0-9][a-zA-Z0-9._:/-]*$/,
    'must be a repository',
    "write 'registry.example.com/path/name', without a tag",
  ),
  tag: matching(/^\w[\w.-]{0,127}$/, 'must be a tag', "write a tag such as '8.0.2'"),
  digest: matching(/^sha256:[0-9a-f]{64}$/, 'must be a digest', "write 'sha256:' and 64 hexadecimal digits"),
  pullPolicy: oneOf(ImagePullPolicy),
  pullSecrets: list(text),
  envContract: oneOf(EnvContract),
});

const scheduling = struct<SchedulingOptions>({
  nodeSelector: strings,
  zone: text,
  affinity: object,
  tolerations: list(object),
  priorityClassName: text,
  spread: oneOf(Spread),
});

const pod = struct<PodOptions>({
  labels: strings,
  annotations: strings,
  env: list(object),
  volumes: list(object),
  volumeMounts: list(object),
  initContainers: list(object),
  containers: list(object),
  serviceAccountName: text,
});

const deployment = struct<DeploymentOptions>({
  labels: strings,
  annotations: strings,
  selector: strings,
  strategy: object,
  revisionHistoryLimit: integer(0, 100),
  terminationGracePeriod: between(Duration.seconds(1), Duration.days(1), 'seconds'),
  progressDeadline: between(Duration.seconds(1), Duration.days(7), 'seconds'),
});

const storage = made(
  {
    claim: struct<ClaimOptions>({ size, storageClassName: text, accessMode: oneOf(PersistentVolumeAccessMode) }),
    existing: struct({ claimName: objectName }),
    ephemeral: struct<EphemeralOptions>({ sizeLimit: size }),
  },
  'a Storage',
  'write Storage.claim({ … })',
);

const count = integer(1, Number.MAX_SAFE_INTEGER);
const fsync = oneOf(FsyncPolicy);
const savePoints = list(struct<SavePoint>({ seconds: count, changes: count }));
const persistence = made(
  {
    aof: struct<AofOptions>({ fsync }),
    rdb: struct<RdbOptions>({ savePoints }),
    'aof-and-rdb': struct<AofAndRdbOptions>({ fsync, savePoints }),
    nothing: struct({}),
  },
  'a Persistence',
  'write Persistence.aof()',
);

const auth = made(
  {
    secret: struct<SecretAuthOptions>({
      secretName: objectName,
      passwordKey: secretKey,
      sentinelPasswordKey: secretKey,
      previousPasswordKey: secretKey,
      previousSentinelPasswordKey: secretKey,
    }),
    none: struct({}),
    plain: struct<PlainTextAuthOptions>({ password: text, sentinelPassword: text }),
  },
  'an Auth',
  "write Auth.secret({ secretName: '…' })",
);

const WORKLOAD: Members<WorkloadOptions> = {
  name: dnsLabel,
  image,
  resources,
  storage,
  scheduling,
  pod,
  deployment,
  announceHost: matching(
    /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/,
    'must be a host name or an IPv4 address',
    'write one',
  ),
  hostNetwork: flag,
};

/** A duration of a range, in whole units: what a second's directive gets can't have half of one. */
function between(min: Duration, max: Duration, unit: 'seconds' | 'milliseconds'): Check {
  return measured(duration, (value) => measureOf(unit, value), measureOf(unit, min), measureOf(unit, max), unit);
}

/** A value with a unit: of the right class, a whole number of that unit, and in range. */
function measured(
  type: Check,
  measure: (value: unknown) => number | undefined,
  min: number | undefined,
  max: number | undefined,
  unit: string,
): Check {
  return (value, property, problems) => {
    const before = problems.length;
    type(value, property, problems);
    if (problems.length > before) return;
    const amount = measure(value) ?? 0;
    if (Number.isInteger(amount) && amount >= (min ?? 0) && amount <= (max ?? Infinity)) return;
    const range = `${min ?? 0}${max === undefined ? ' or more' : ` to ${max}`} ${unit}`;
    problems.push({
      rule: 'range',
      property,
      value: `${amount} ${unit}`,
      must: `must be whole ${unit}, ${range}`,
      remedy: `write ${range}`,
    });
  };
}

/** The check of a setting follows from its line in the table. */
function settingCheck({ kind, min, max, choices }: Setting): Check {
  if (choices !== undefined) return oneOf(choices);
  if (kind === 'integer') return integer(min ?? 0, max ?? Number.MAX_SAFE_INTEGER);
  if (kind === 'flag') return flag;
  if (kind === 'text') return matching(/^[A-Za-z$]*$/, 'must be letters', "write for example 'Ex'");
  const isSize = kind === 'bytes' || kind === 'clientBuffer';
  return measured(isSize ? size : duration, (value) => measureOf(kind, value), min, max, isSize ? 'bytes' : kind);
}

const SETTING_CHECKS = Object.fromEntries(
  Object.entries(SETTINGS).map(([property, setting]) => [property, settingCheck(setting)]),
) as Record<TypedSetting, Check>;

const ordinal = { pattern: /^[1-9]$/, must: 'must be the number of a member, 1 to 9' };

const cluster = struct<RedisSentinelClusterProps>({
  name: dnsLabel,
  masterName: matching(/^[A-Za-z0-9._-]+$/, "must be letters, digits, '.', '_' and '-'", 'write such a name'),
  metadata: struct<MetadataOptions>({
    labels: strings,
    annotations: strings,
    podLabels: strings,
    podAnnotations: strings,
  }),
  image,
  nodes: struct<NodesOptions>({
    ...WORKLOAD,
    replicas: integer(0, 9),
    port,
    master: struct(WORKLOAD),
    replicaOverrides: map(struct(WORKLOAD), ordinal),
    keeperResources: resources,
  }),
  sentinels: struct<SentinelsOptions>({
    ...WORKLOAD,
    count: integer(1, 9),
    port,
    quorum: integer(1, 9),
    downAfter: between(Duration.millis(100), Duration.hours(1), 'milliseconds'),
    failoverTimeout: between(Duration.seconds(1), Duration.hours(1), 'milliseconds'),
    parallelSyncs: integer(1, 9),
    directives,
    overrides: map(struct(WORKLOAD), ordinal),
    keeperResources: resources,
  }),
  persistence,
  settings: struct<RedisSettings>({ ...SETTING_CHECKS, directives }),
  auth,
  security: struct<SecurityOptions>({
    ids: oneOf(Ids),
    user: integer(1, LARGEST_ID),
    group: integer(0, LARGEST_ID),
    fsGroup: integer(0, LARGEST_ID),
    restricted: flag,
  }),
  networkPolicy: struct<NetworkPolicyOptions>({
    enabled: flag,
    clients: list(struct<ClientOptions>({ podLabels: strings, namespaceLabels: strings })),
    dnsPorts: notEmpty(list(port), 'leaves no way to look up a name', 'write [53], or leave it out'),
  }),
  disruptionBudgets: flag,
  healthCheck: struct<HealthCheckOptions>({ timeout: between(Duration.seconds(1), Duration.days(1), 'seconds') }),
  acceptRisks: list(oneOf(Risk)),
});
