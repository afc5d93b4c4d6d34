import { Size, SizeRoundingBehavior } from 'cdk8s';
import * as defaults from '../defaults';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { ImageOptions } from '../image/props';
import { GivenCounts, Group, ResolvedMember, keeperResourcesFor, ordinals, resolveMember } from '../member/resolve';
import { MemberOptions } from '../member/props';
import { NodesOptions, ReplicaOverrides } from './props';

export interface ResolvedNodes {
  /** The first master, then the replicas in order. */
  readonly nodes: ResolvedMember[];
  readonly redisPort: number;
  /** Replicas that were given something of their own, whether there are as many or not. */
  readonly overriddenReplicas: string[];
}

/** What the nodes are made from. */
export interface GivenNodes extends GivenCounts {
  readonly image?: ImageOptions;
  readonly nodes?: NodesOptions;
  readonly settings?: { readonly maxmemory?: Size };
}

export function resolveNodes(props: GivenNodes, cluster: ResolvedIdentity): ResolvedNodes {
  const options = props.nodes ?? {};
  const replicas = options.replicas ?? defaults.REPLICAS;
  const overrides = options.replicaOverrides ?? {};
  const group: Group = {
    component: 'node',
    property: 'nodes',
    image: props.image,
    options,
    port: options.port ?? defaults.REDIS_PORT,
    resources: defaults.NODE_RESOURCES,
    keeperResources: keeperResourcesFor(props),
    claimSize: defaults.NODE_CLAIM_SIZE,
    count: 1 + replicas,
    memory: largestMemory(props),
  };
  const master = resolveMember(cluster, group, {
    role: 'master',
    defaultName: naming.master(cluster.name),
    property: 'nodes.master',
    options: options.master,
  });
  const others = ordinals(replicas).map((ordinal) =>
    resolveMember(cluster, group, {
      role: 'replica',
      defaultName: naming.replica(cluster.name, ordinal),
      property: `nodes.replicaOverrides.replica${ordinal}`,
      options: overrides[`replica${ordinal}` as keyof ReplicaOverrides],
    }),
  );
  return { nodes: [master, ...others], redisPort: group.port, overriddenReplicas: Object.keys(overrides) };
}

/** What the pod of a Job has in common with those of the nodes: all that is said for each of them, and nothing of a single one. */
export function anyNode(props: GivenNodes, cluster: ResolvedIdentity): ResolvedMember | undefined {
  const pod = { ...props.nodes?.pod, annotations: {} };
  const [any] = resolveNodes(
    { ...props, nodes: { ...props.nodes, master: {}, replicaOverrides: {}, pod } },
    cluster,
  ).nodes;
  return any;
}

/** What the largest of them may have: its limit, or what it is told to keep below where it has none. */
function largestMemory({ nodes: options = {}, settings }: GivenNodes): Size {
  const all: (MemberOptions | undefined)[] = [{}, options.master, ...Object.values({ ...options.replicaOverrides })];
  const kibibytes = all.map((own) => {
    const { memory } = own?.resources ?? options.resources ?? defaults.NODE_RESOURCES;
    return (memory?.limit ?? settings?.maxmemory)?.toKibibytes({ rounding: SizeRoundingBehavior.FLOOR }) ?? 0;
  });
  return Size.kibibytes(Math.max(...kibibytes));
}
