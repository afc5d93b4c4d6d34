import { YamlOutputType } from 'cdk8s';
import { type IConstruct } from 'constructs';
import { Problem, shown } from './core/problems';
import { ResolvedCluster } from './features';
import { proxyNames } from './proxy/resolve';

/** What the clusters of each program have taken, by kind, place and name, and the cluster that has it. */
const TAKEN = new WeakMap<IConstruct, Map<string, string>>();

/** A name that a cluster wants for itself. */
interface Wanted {
  readonly kind: 'cluster' | 'Service' | 'claim';
  readonly property: string;
  readonly name: string;
}

/** Where a name must be the only one of its kind, and what happens where it is not. */
interface Place {
  readonly name: string;
  readonly has: (wanted: Wanted) => boolean;
  readonly rule: string;
  readonly must: (wanted: Wanted, owner: string) => string;
  readonly remedy: string;
}

/** cdk8s would render both, and the cluster would get a mixture of the two. */
function namespaceOf(cluster: ResolvedCluster): Place {
  return {
    name: `namespace ${cluster.namespace ?? ''}`,
    has: () => true,
    rule: 'taken-by-neighbour',
    must: ({ kind }, owner) => `is a ${kind === 'cluster' ? 'name' : kind} of the cluster '${owner}' in this namespace`,
    remedy: 'write another one, or another namespace',
  };
}

/** cdk8s writes all charts into one folder then, and a file for each kind and name: the last chart's stays. */
const FOLDER: Place = {
  name: 'folder',
  has: ({ kind }) => kind !== 'claim',
  rule: 'file-taken',
  must: (_, owner) =>
    `names the files of the cluster '${owner}' too, in another namespace: YamlOutputType.FILE_PER_RESOURCE would write these over those`,
  remedy: 'write another one, or YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE',
};

/** Problems between this cluster and those made before it in the same program; where there are none, takes its names. */
export function problemsWithNeighbours(scope: IConstruct, cluster: ResolvedCluster): Problem[] {
  const { root } = scope.node;
  const taken = TAKEN.get(root) ?? new Map<string, string>();
  TAKEN.set(root, taken);
  // By its value and not by `instanceof`, for a second copy of cdk8s is not a mistake.
  const oneFolder = Reflect.get(root, 'yamlOutputType') === YamlOutputType.FILE_PER_RESOURCE;
  const places = [namespaceOf(cluster), ...(oneFolder ? [FOLDER] : [])];
  const key = (place: Place, { kind, name }: Wanted): string => [place.name, kind, name].join('/');
  const wanted = wantedBy(cluster);
  const problems = wanted.flatMap((one) => {
    const place = places.find((each) => each.has(one) && taken.has(key(each, one)));
    if (place === undefined) return [];
    const must = place.must(one, taken.get(key(place, one)) ?? '');
    return [{ rule: place.rule, property: one.property, value: shown(one.name), must, remedy: place.remedy }];
  });
  // Of two clusters with one name everything collides; the name says it all.
  const [first] = problems;
  if (first?.property === 'name') return [first];
  if (first === undefined) {
    for (const one of wanted) for (const place of places) taken.set(key(place, one), scope.node.path);
  }
  return problems;
}

function wantedBy(cluster: ResolvedCluster): Wanted[] {
  return [
    { kind: 'cluster', property: 'name', name: cluster.name },
    ...cluster.members.map(({ name, property }): Wanted => ({ kind: 'Service', property: `${property}.name`, name })),
    ...proxyNames(cluster).map((name): Wanted => ({ kind: 'Service', property: 'proxy', name })),
    ...cluster.members
      .filter(({ storage }) => storage.kind !== 'ephemeral')
      .map(({ storage, property }): Wanted => ({
        kind: 'claim',
        property: `${property}.storage`,
        name: storage.claimName,
      })),
  ];
}
