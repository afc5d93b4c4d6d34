import { Duration, Size } from 'cdk8s';
import { Cpu, ImagePullPolicy, PersistentVolumeAccessMode, type ContainerResources } from 'cdk8s-plus-27';
import fc, { type Arbitrary } from 'fast-check';
import {
  Product,
  Spread,
  Storage,
  type DeploymentOptions,
  type ImageOptions,
  type PodOptions,
  type SchedulingOptions,
  type MemberOptions,
} from '../../lib';
import { EXPORTER_PORT, SENTINEL_EXPORTER_PORT } from '../../lib/defaults';

/** A record of which any member may be missing. */
export function some<T extends object>(members: {
  [K in keyof T]-?: Arbitrary<Exclude<T[K], undefined>>;
}): Arbitrary<T> {
  return fc.record<T>(members, { requiredKeys: [] });
}

const letters = ['a', 'b', 'c', 'x', 'y', 'z'];
export const dnsLabel = (maxLength: number): Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...letters),
      fc.string({ unit: fc.constantFrom(...letters, '0', '9', '-'), maxLength: maxLength - 1 }),
    )
    .map(([first, rest]) => `${first}${rest}`.replace(/-+$/, ''));
export const labels = fc.dictionary(
  fc.constantFrom('team', 'tier', 'example.com/owner', 'app.kubernetes.io/part-of'),
  fc.constantFrom('', 'data', 'Shop_1', '7'),
);
export const annotations = fc.dictionary(fc.constantFrom('note', 'example.com/note'), fc.string());
/** Of exporters, which share a pod, or a machine, with a node or sentinel. */
export const exporterPorts = { port: 9200, sentinelPort: 9300 };
const taken = [...Object.values(exporterPorts), EXPORTER_PORT, SENTINEL_EXPORTER_PORT];
export const port = fc.integer({ min: 1, max: 65_535 }).filter((number) => !taken.includes(number));

export const image: Arbitrary<ImageOptions> = some<Omit<ImageOptions, 'envContract'>>({
  product: fc.constantFrom(...Object.values(Product)),
  repository: fc.constantFrom('registry.example.com:5000/redis', 'docker.io/library/redis'),
  tag: fc.constantFrom('8.2.10', '8.2.10-alpine', '8.0.2', 'latest'),
  digest: fc.constant(`sha256:${'0a'.repeat(32)}`),
  pullPolicy: fc.constantFrom(...Object.values(ImagePullPolicy)),
  pullSecrets: fc.subarray(['registry', 'mirror']),
});

export const mebibytes = (min: number, max: number): Arbitrary<Size> =>
  fc.integer({ min, max }).map((amount) => Size.mebibytes(amount));
const atMost = <T>(amounts: Arbitrary<number>, make: (amount: number) => T) =>
  fc.tuple(amounts, amounts).map(([one, other]) => ({
    request: make(Math.min(one, other)),
    limit: make(Math.max(one, other)),
  }));
export const resources: Arbitrary<ContainerResources> = some<ContainerResources>({
  cpu: fc.oneof(
    fc.constant({ request: Cpu.units(0.5) }),
    atMost(fc.integer({ min: 1, max: 4000 }), (amount) => Cpu.millis(amount)),
  ),
  memory: atMost(fc.integer({ min: 64, max: 4096 }), (amount) => Size.mebibytes(amount)),
  ephemeralStorage: atMost(fc.integer({ min: 1, max: 4096 }), (amount) => Size.mebibytes(amount)),
});

const storage: Arbitrary<Storage> = fc.oneof(
  some<{ size: Size; storageClassName: string; accessMode: PersistentVolumeAccessMode }>({
    size: fc.oneof(
      mebibytes(1, 20_000),
      fc.integer({ min: 1, max: 9e6 }).map((amount) => Size.kibibytes(amount)),
    ),
    storageClassName: fc.constantFrom('', 'fast'),
    accessMode: fc.constantFrom(
      PersistentVolumeAccessMode.READ_WRITE_ONCE,
      PersistentVolumeAccessMode.READ_WRITE_ONCE_POD,
    ),
  }).map((options) => Storage.claim(options)),
  some<{ sizeLimit: Size }>({ sizeLimit: mebibytes(1, 20_000) }).map((options) => Storage.ephemeral(options)),
);

const scheduling: Arbitrary<SchedulingOptions> = some<SchedulingOptions>({
  nodeSelector: fc.constantFrom({ disk: 'fast' }, { disk: 'fast', 'kubernetes.io/os': 'linux' }),
  zone: fc.constantFrom('z1', 'z2'),
  affinity: fc.constant({
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'noisy' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  }),
  tolerations: fc.constant([{ key: 'redis', operator: 'Exists' }]),
  priorityClassName: fc.constant('high'),
  runtimeClassName: fc.constant('gvisor'),
  spread: fc.constantFrom(...Object.values(Spread)),
});

/** What is in a pod has other names for a group and for a member, for both are in it. */
const pod = (whose: string): Arbitrary<PodOptions> =>
  some<PodOptions>({
    labels,
    annotations,
    env: fc.constant([{ name: `${whose.toUpperCase()}_ZONE`, value: 'a' }]),
    volumes: fc.constant([{ name: `${whose}-extra`, emptyDir: {} }]),
    volumeMounts: fc.constant([{ name: `${whose}-extra`, mountPath: `/${whose}` }]),
    initContainers: fc.constant([{ name: `${whose}-prepare`, image: 'tool:1.0.0' }]),
    containers: fc.constant([{ name: `${whose}-helper`, image: 'tool:1.0.0' }]),
    serviceAccountName: fc.constant('redis'),
  }).map(({ volumeMounts, ...options }) =>
    // A mount needs its volume.
    options.volumes === undefined || volumeMounts === undefined ? options : { ...options, volumeMounts },
  );

const deployment: Arbitrary<DeploymentOptions> = some<Omit<DeploymentOptions, 'selector' | 'strategy'>>({
  labels,
  annotations,
  revisionHistoryLimit: fc.integer({ min: 0, max: 100 }),
  // Ten nodes with 4 GiB need so long.
  terminationGracePeriod: fc.integer({ min: 2600, max: 3600 }).map((amount) => Duration.seconds(amount)),
  progressDeadline: fc.integer({ min: 3601, max: 7200 }).map((amount) => Duration.seconds(amount)),
}).map((options) => ({
  ...options,
  ...(options.terminationGracePeriod !== undefined && { progressDeadline: Duration.hours(2) }),
}));

export const group = {
  image,
  resources,
  storage,
  scheduling,
  pod: pod('group'),
  deployment,
  hostNetwork: fc.boolean(),
};

/** What one member has of its own; `unique` makes names that no other member has. */
export const member = (unique: string): Arbitrary<MemberOptions> =>
  fc
    .tuple(
      some<Omit<MemberOptions, 'announceHost'>>({
        ...group,
        name: fc.constantFrom(`own-${unique}`, `a${'b'.repeat(54)}-${unique}`),
        storage: fc.oneof(storage, fc.constant(Storage.existingClaim(`claim-${unique}`))),
        pod: pod('own'),
        deployment: fc
          .tuple(deployment, fc.boolean())
          .map(([options, own]) => ({ ...options, ...(own && { selector: { 'own-label': unique } }) })),
      }),
      fc.boolean(),
    )
    .map(([options, announced]) => ({
      ...options,
      ...(announced && { hostNetwork: true, announceHost: `${unique}.example.com` }),
    }));

/** What some of the members of a kind have of their own: `replica2`, or `sentinel2`. */
export const overrides = (kind: 'replica' | 'sentinel', count: number): Arbitrary<Record<string, MemberOptions>> =>
  fc
    .subarray(
      Array.from({ length: count }, (_, index) => String(index + 1)),
      { maxLength: Math.min(2, count) },
    )
    .chain((ordinals) =>
      fc
        .tuple(...ordinals.map((ordinal) => member(`${kind.slice(0, 1)}${ordinal}`)))
        .map((options) => Object.fromEntries(options.map((own, index) => [`${kind}${ordinals[index] ?? ''}`, own]))),
    );
