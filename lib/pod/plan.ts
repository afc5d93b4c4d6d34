import { k8s } from '../core/kplus';
import { repeated } from '../core/rule';

/** A container, or what a feature adds to one of that name. */
export type PartOfContainer = Partial<k8s.Container> & Pick<k8s.Container, 'name'>;

/** What a feature adds to a pod. Containers of one name become one: their lists are joined, as `kubectl apply` joins them. */
export interface PodAddition {
  readonly initContainers?: readonly PartOfContainer[];
  readonly containers?: readonly PartOfContainer[];
  /** Containers that get nothing of what all have: no data, no scripts, no variables. */
  readonly sidecars?: readonly k8s.Container[];
  readonly volumes?: readonly k8s.Volume[];
  /** Annotations of the pod. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What each of these containers gets, before its own. */
  readonly everywhere?: Pick<k8s.Container, 'env' | 'volumeMounts'>;
  /** Where in the props the resources of a container are said. */
  readonly resourcesAt?: Readonly<Record<string, string>>;
  /** Where the image of a container is said, if it is not the members' own. */
  readonly imagesAt?: Readonly<Record<string, string>>;
}

/** The containers and volumes of a pod. */
export interface PodParts {
  readonly initContainers: k8s.Container[];
  readonly containers: k8s.Container[];
  readonly volumes: k8s.Volume[];
}

/** A pod as it will be rendered: what rules about pods judge, so that none needs a list of what features add. */
export interface PlannedPod {
  readonly name: string;
  /** Where its own options are in the props. */
  readonly property: string;
  readonly template: k8s.PodTemplateSpec;
  /** Where the resources of its containers are said; one that is not in it is the user's own. */
  readonly resourcesAt: Readonly<Record<string, string>>;
  /** Where the image of a container is said, if it is not the members' own. */
  readonly imagesAt?: Readonly<Record<string, string>>;
}

/** All that features add, as one. */
export function joined(additions: readonly PodAddition[]): PodParts {
  const { env = [], volumeMounts = [] } = joinedContainer({ name: '' }, additions.map(everywhereOf));
  const complete = (part: PartOfContainer): k8s.Container =>
    joinedContainer({ name: part.name, ...(env.length > 0 && { env }), volumeMounts }, [part]);
  return {
    initContainers: byName(additions.flatMap(({ initContainers = [] }) => initContainers)).map(complete),
    containers: [
      ...byName(additions.flatMap(({ containers = [] }) => containers)).map(complete),
      ...additions.flatMap(({ sidecars = [] }) => sidecars),
    ],
    volumes: additions.flatMap(({ volumes = [] }) => volumes),
  };
}

function everywhereOf({ everywhere }: PodAddition): PartOfContainer {
  return { name: '', ...everywhere };
}

function byName(parts: readonly PartOfContainer[]): PartOfContainer[] {
  const names = [...new Set(parts.map(({ name }) => name))];
  return names.map((name) =>
    joinedContainer(
      { name },
      parts.filter((part) => part.name === name),
    ),
  );
}

const LISTS = ['env', 'envFrom', 'ports', 'volumeMounts'] as const;

function joinedContainer(first: PartOfContainer, others: readonly PartOfContainer[]): k8s.Container {
  const all = [first, ...others];
  const lists = LISTS.map((key) => [key, all.flatMap((part): unknown[] => [...(part[key] ?? [])])] as const);
  const filled = lists.filter(([, items]) => items.length > 0);
  const fields = all.flatMap((part) => Object.keys(part)).filter((key) => ![...LISTS, 'name'].includes(key));
  const [twice] = repeated(fields, (key) => key);
  if (twice !== undefined) throw new Error(`two features say ${twice} of the container ${first.name}`);
  return Object.assign({}, ...all, Object.fromEntries(filled)) as k8s.Container;
}

/** A container of a planned pod, and where in the props it is said. */
export interface PlannedContainer {
  readonly container: k8s.Container;
  /** The property of the list that it is in, where it is the user's own. */
  readonly property: string;
  /** That of what a user adds to its variables and mounts. */
  readonly listsAt: string;
  /** That of its resources. */
  readonly resourcesAt: string;
  /** That of its image. */
  readonly imageAt: string;
}

export function containersOf({ template, property, resourcesAt, imagesAt = {} }: PlannedPod): PlannedContainer[] {
  const { initContainers = [], containers } = template.spec ?? { containers: [] };
  const planned =
    (list: string) =>
    (container: k8s.Container): PlannedContainer => {
      const ours = resourcesAt[container.name];
      const own = `${property}.pod.${list}`;
      return {
        container,
        property: own,
        listsAt: ours === undefined ? `${own}[${container.name}]` : `${property}.pod`,
        resourcesAt: ours ?? `${own}[${container.name}].resources`,
        imageAt: imagesAt[container.name] ?? (ours === undefined ? own : 'image.tag'),
      };
    };
  return [...initContainers.map(planned('initContainers')), ...containers.map(planned('containers'))];
}
