import { Given } from '../core/given';
import { k8s } from '../core/kplus';
import { shown } from '../core/problems';
import { amountOf } from '../core/quantities';
import { Finding, Rule, repeated } from '../core/rule';
import { PlannedPod, containersOf } from './plan';

/** What these rules look at. */
export interface Judged {
  readonly pods: readonly PlannedPod[];
  readonly given: Given;
}

type PodRule = (pod: PlannedPod) => Finding[];

/** Holds for every pod, whoever added what to it. */
function ofEach(rule: PodRule): Rule<Judged> {
  return ({ pods }) => pods.flatMap(rule);
}

/** Props as people write them, and not as a manifest has them. */
const RESOURCES: Record<string, string> = { 'ephemeral-storage': 'ephemeralStorage' };

const requestsFitLimits = ofEach((pod) =>
  containersOf(pod).flatMap(({ container: { resources }, resourcesAt }) =>
    Object.entries(resources?.requests ?? {}).flatMap(([name, request]) => {
      const limit = resources?.limits?.[name];
      if ((amountOf(request) ?? 0) <= (amountOf(limit) ?? Infinity)) return [];
      return [
        {
          rule: 'request-within-limit',
          property: `${resourcesAt}.${RESOURCES[name] ?? name}.request`,
          value: String(request.value),
          must: `is more than its limit of ${String(limit?.value)}`,
          remedy: 'write at most the limit',
        },
      ];
    }),
  ),
);

/** What has a name in a pod: another of that name would be refused by Kubernetes, or take the place of the first. */
const namesAreFree = ofEach((pod) => {
  const containers = containersOf(pod);
  const volumes = pod.template.spec?.volumes ?? [];
  const taken = (property: string, names: string[], key = (name: string): string => name): Finding[] =>
    repeated(names, key).map((name) => ({
      rule: 'owned-in-pod',
      property,
      value: shown(name),
      must: 'is in the pod already',
      remedy: 'write another one',
    }));
  return [
    ...taken(
      `${pod.property}.pod.containers`,
      containers.map(({ container }) => container.name),
    ),
    ...taken(
      `${pod.property}.pod.volumes`,
      volumes.map(({ name }) => name),
    ),
    ...containers.flatMap(({ container: { volumeMounts = [], env = [] }, listsAt }) => [
      ...taken(
        `${listsAt}.volumeMounts`,
        volumeMounts.map(({ mountPath }) => mountPath),
        (path) => path.replace(/\/+$/, ''),
      ),
      ...taken(
        `${listsAt}.env`,
        env.map(({ name }) => name),
      ),
    ]),
  ];
});

/** All containers of a pod have one address. */
const portsAreFree = ofEach((pod) => {
  const ports = containersOf(pod)
    .filter(({ container }) => pod.template.spec?.containers.includes(container))
    .flatMap(({ container: { ports: own = [], name } }) => own.map((port) => ({ ...port, container: name })));
  const number = ({ containerPort, protocol = 'TCP' }: k8s.ContainerPort): string => `${containerPort}/${protocol}`;
  const problem = (value: string, must: string): Finding => ({
    rule: 'port-collision',
    property: `${pod.property}.pod.containers`,
    value: shown(value),
    must,
    remedy: 'write another port',
  });
  return [
    ...repeated(ports, number).map((port) => problem(number(port), 'is the port of another container of the pod')),
    ...repeated(
      ports.filter(({ name }) => name !== undefined),
      ({ name }) => name ?? '',
    ).map(({ name = '' }) => problem(name, 'is the name of another port of the pod')),
  ];
});

/** A mount without its volume is refused by Kubernetes, and only then. */
const mountsHaveVolumes = ofEach((pod) => {
  const volumes = (pod.template.spec?.volumes ?? []).map(({ name }) => name).sort();
  return containersOf(pod).flatMap(({ container: { volumeMounts = [] }, listsAt }) =>
    volumeMounts
      .filter(({ name }) => !volumes.includes(name))
      .map(({ name }) => ({
        rule: 'mount-without-volume',
        property: `${listsAt}.volumeMounts`,
        value: shown(name),
        must: 'is no volume of the pod',
        remedy: `write it in pod.volumes too, or one of: ${volumes.join(', ')}`,
      })),
  );
});

/** What Pod Security `restricted` refuses: the API server would take the Deployment, and no pod would ever come. */
const podsAreRestricted = ofEach((pod) =>
  // The pod itself says whether it is meant to be.
  pod.template.spec?.securityContext?.runAsNonRoot === true
    ? containersOf(pod).flatMap(({ container, property }) =>
        unrestricted(container).map(({ field, must }) => ({
          rule: 'pod-security',
          property: `${property}[${container.name}].securityContext.${field}`,
          value: shown(fieldOf(container.securityContext, field)),
          must: `${must}, while security.restricted is true`,
          remedy: 'leave its securityContext out and it is made as it must be, or write security.restricted: false',
        })),
      )
    : [],
);

function fieldOf(context: object | undefined, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => Reflect.get(Object(value) as object, name), context);
}

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
function unrestricted({ securityContext }: k8s.Container): { field: string; must: string }[] {
  const { privileged, allowPrivilegeEscalation, runAsNonRoot, runAsUser, capabilities } = securityContext ?? {};
  const added = (capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  return [
    ...(privileged === true ? [{ field: 'privileged', must: 'is root on the machine' }] : []),
    ...(allowPrivilegeEscalation === false ? [] : [{ field: 'allowPrivilegeEscalation', must: 'must be false' }]),
    ...(runAsNonRoot === false ? [{ field: 'runAsNonRoot', must: 'must not be false' }] : []),
    ...(runAsUser === 0 ? [{ field: 'runAsUser', must: 'is root' }] : []),
    ...(capabilities?.drop?.includes('ALL') === true ? [] : [{ field: 'capabilities.drop', must: "must be ['ALL']" }]),
    ...(added.length > 0 ? [{ field: 'capabilities.add', must: 'is more than NET_BIND_SERVICE' }] : []),
  ];
}

/** A struct whose members were lost, as those of a dict in a list of a Python program, would silently be something else. */
const nothingIsEmpty = ofEach((pod) => {
  const lost = (property: string, name: string, must: string, remedy: string): Finding => ({
    rule: 'empty',
    property,
    value: shown(name),
    must,
    remedy,
  });
  return [
    ...(pod.template.spec?.volumes ?? [])
      .filter((volume) => Object.keys(volume).length === 1)
      .map(({ name }) =>
        lost(`${pod.property}.pod.volumes`, name, 'has no source', 'write where it is: emptyDir: {}, or another'),
      ),
    ...containersOf(pod).flatMap(({ container: { env = [] }, listsAt }) =>
      env
        .filter(({ value, valueFrom }) => value === undefined && Object.keys(valueFrom ?? {}).length === 0)
        .map(({ name }) => lost(`${listsAt}.env`, name, 'has no value', "write value: '' or valueFrom")),
    ),
  ];
});

/** Fields of a later Kubernetes than cdk8s-plus knows are left out when a manifest is written, without a word. */
const knownFieldsOf = ofEach(({ property, template: { spec } }) =>
  lost(spec, k8s.toJson_PodSpec(spec)).map((path) => ({
    rule: 'unknown-field',
    property: `${property}.${/^(affinity|tolerations)/.test(path) ? 'scheduling' : 'pod'}.${path}`,
    value: '(not shown)',
    must: 'is no field that this version of cdk8s-plus writes: it would silently be left out',
    remedy: 'leave it out, and add it to the rendered manifest, by kustomize for example',
  })),
);

/** What stands in the shape of Kubernetes itself; looking at every value of every pod is slow, so without it nothing is. */
const fieldsAreWritten: Rule<Judged> = (cluster) =>
  [...cluster.given.keys()].some((path) => /\.(pod|scheduling)$/.test(path)) ? knownFieldsOf(cluster) : [];

/** Paths of what stands in one and not in the other, which has every value in its final form. */
function lost(given: unknown, written: unknown): string[] {
  if (given === undefined || (written !== undefined && (typeof written !== 'object' || written === null))) return [];
  if (written === undefined) return [''];
  // This sees each value of each pod, and nearly always finds nothing: paths are made on the way back.
  return Object.entries(given as object).flatMap(([key, value]: [string, unknown]) =>
    lost(value, (written as Record<string, unknown>)[key]).map((below) => {
      const own = Array.isArray(given) ? `[${nameOf(value) ?? key}]` : key;
      return `${own}${below === '' || below.startsWith('[') ? '' : '.'}${below}`;
    }),
  );
}

function nameOf(item: unknown): string | undefined {
  return typeof item === 'object' && item !== null && 'name' in item ? String(item.name) : undefined;
}

export const POD_RULES = [
  requestsFitLimits,
  namesAreFree,
  portsAreFree,
  mountsHaveVolumes,
  podsAreRestricted,
  nothingIsEmpty,
  fieldsAreWritten,
];
