import { ResolvedMember } from '../member/resolve';

/** What a pod's labels become in Prometheus, by a monitor and by annotations alike. */
export const INSTANCE = 'app_kubernetes_io_instance';
export const COMPONENT = 'app_kubernetes_io_component';
export const MEMBER = 'redis_sentinel_cluster_member';
/** What Prometheus is told of any pod. */
export const POD = 'pod';

/** A metric of a cluster, of its nodes, sentinels or proxies, and of those only that also have further labels. */
export interface Selectors {
  readonly all: (metric: string) => string;
  readonly nodes: (metric: string, ...further: string[]) => string;
  readonly sentinels: (metric: string, ...further: string[]) => string;
  readonly proxies: (metric: string, ...further: string[]) => string;
}

export function selectorsOf(name: string, namespace: string): Selectors {
  const own = [`namespace="${namespace}"`, `${INSTANCE}="${name}"`];
  const select = (metric: string, matchers: string[]): string => `${metric}{${[...own, ...matchers].join(',')}}`;
  return {
    // Proxies are no members, and have numbers of their own.
    all: (metric) => select(metric, [`${MEMBER}!=""`]),
    nodes: (metric, ...further) => select(metric, [`${COMPONENT}="node"`, ...further]),
    sentinels: (metric, ...further) => select(metric, [`${COMPONENT}="sentinel"`, ...further]),
    proxies: (metric, ...further) => select(metric, [`${COMPONENT}="proxy"`, ...further]),
  };
}

/**
 * One series a member. Labels of the exporter name the master, so a failover begins new series: what is to last over one must not
 * have them.
 */
export function each(expression: string): string {
  return `max by (${MEMBER}) (${expression})`;
}

/** Which nodes are master: the label of a series that is 1. */
export const masters = (of: Selectors): string => each(of.nodes('redis_instance_info', 'role="master"'));

/** How many there are, and nought where there are none. */
export function number(expression: string): string {
  return `(count(${expression}) or vector(0))`;
}

/**
 * Those of the manifest that do not answer, or have no pod. Who is out of sight is not among them: the exporter of a member that
 * waits for its turn to stop has stopped at once.
 */
export function known(members: readonly ResolvedMember[], answering: string, unseen: string): string {
  const all = members.map(({ name }) => `label_replace(vector(1), "${MEMBER}", "${name}", "", "")`).join(' or ');
  return `(${all}) unless on (${MEMBER}) ${answering} == 1 unless on (${MEMBER}) ${unseen} == 0`;
}

/** As Prometheus writes a time. */
export function seconds(value: number): string {
  if (value % 3600 === 0) return `${value / 3600}h`;
  return value % 60 === 0 ? `${value / 60}m` : `${value}s`;
}
