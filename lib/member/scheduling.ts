import { k8s } from '../core/kplus';
import { Component, componentLabels } from '../identity/labels';
import { isScripted } from '../image/resolve';
import { SchedulingOptions, Spread } from './props';
import { ResolvedMember } from './resolve';

/** The label that the kubelet of every machine writes, and the only system that our images and scripts run on. */
export const OS_LABEL = 'kubernetes.io/os';
export const LINUX = 'linux';

export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** On which machines a pod may run. */
export function placement({
  nodeSelector,
  zone,
  tolerations,
  priorityClassName,
  runtimeClassName,
}: SchedulingOptions): Partial<k8s.PodSpec> {
  return {
    nodeSelector: {
      ...nodeSelector,
      ...(zone !== undefined && { [ZONE_LABEL]: zone }),
      [OS_LABEL]: LINUX,
    },
    ...(tolerations !== undefined && { tolerations }),
    ...(priorityClassName !== undefined && { priorityClassName }),
    ...(runtimeClassName !== undefined && { runtimeClassName }),
  };
}

/** How far a member's pod is kept from others: this library's own wishes and the user's. */
export function distance(cluster: string, member: ResolvedMember): Partial<k8s.PodSpec> {
  const spread = spreadConstraints(cluster, member);
  return { affinity: affinity(member), ...(spread.length > 0 && { topologySpreadConstraints: spread }) };
}

function affinity(member: ResolvedMember): k8s.Affinity {
  const given = member.scheduling.affinity ?? {};
  if (!isScripted(member)) return given;
  return {
    ...given,
    podAntiAffinity: {
      ...given.podAntiAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: [
        ...(given.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
        // Never two pods of this Deployment, anywhere: while an old one still stops, a new one would take half of its
        // connections, for both are behind one name. A topology of one domain: whatever else the cluster has, all machines
        // where these pods may be are those of the node selector, and have one value of this label.
        { labelSelector: { matchLabels: member.deployment.selector }, topologyKey: OS_LABEL },
      ],
    },
  };
}

export function spreadConstraints(
  cluster: string,
  { scheduling, component }: Pick<ResolvedMember, 'scheduling'> & { readonly component: Component },
): k8s.TopologySpreadConstraint[] {
  const { spread } = scheduling;
  if (spread === Spread.NONE) return [];
  const apart = (topologyKey: string, whenUnsatisfiable: string): k8s.TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    labelSelector: { matchLabels: componentLabels(cluster, component) },
  });
  return [
    apart('kubernetes.io/hostname', spread === Spread.REQUIRED ? 'DoNotSchedule' : 'ScheduleAnyway'),
    apart(ZONE_LABEL, 'ScheduleAnyway'),
  ];
}
