import { type IConstruct } from 'constructs';
import { Problem, shown } from './problems';
import { ResolvedCluster } from './resolve';
import { members } from './rules/rule';

/** Objects that the clusters of each program have taken, by kind, namespace and name. cdk8s would render both. */
const TAKEN = new WeakMap<IConstruct, Map<string, string>>();

/** Problems between this cluster and those made before it in the same program; where there are none, takes its names. */
export function problemsWithNeighbours(scope: IConstruct, cluster: ResolvedCluster): Problem[] {
  const taken = TAKEN.get(scope.node.root) ?? new Map<string, string>();
  TAKEN.set(scope.node.root, taken);
  const key = (kind: string, name: string): string => [kind, cluster.namespace ?? '', name].join('/');
  const wanted = [
    { key: key('cluster', cluster.name), property: 'name', name: cluster.name, what: 'name' },
    ...members(cluster).map(({ name, property }) => ({
      key: key('member', name),
      property: `${property}.name`,
      name,
      what: 'member',
    })),
    ...members(cluster)
      .filter(({ storage }) => storage.kind !== 'ephemeral')
      .map(({ storage, property }) => ({
        key: key('claim', storage.claimName),
        property: `${property}.storage`,
        name: storage.claimName,
        what: 'claim',
      })),
  ];
  const problems = wanted.flatMap(({ key: wantedKey, property, name, what }) => {
    const owner = taken.get(wantedKey);
    if (owner === undefined) return [];
    const must = `is a ${what} of the cluster '${owner}' in this namespace`;
    return [
      {
        rule: 'taken-by-neighbour',
        property,
        value: shown(name),
        must,
        remedy: 'write another one, or another namespace',
      },
    ];
  });
  // Of two clusters with one name everything collides; the name says it all.
  const [first] = problems;
  if (first?.property === 'name') return [first];
  if (first === undefined) for (const { key: wantedKey } of wanted) taken.set(wantedKey, scope.node.path);
  return problems;
}
