import { k8s } from '../core/kplus';
import { Ids } from './props';
import { ResolvedSecurity } from './resolve';

/** Pod Security `restricted`, and the same user for every image or the one that the platform gives. */
export function podSecurity({ security }: ResolvedSecurity): k8s.PodSecurityContext | undefined {
  const { ids, user, group, fsGroup, restricted } = security;
  if (!restricted) return undefined;
  return {
    runAsNonRoot: true,
    ...(ids === Ids.FIXED && { runAsUser: user, runAsGroup: group, fsGroup }),
    // A change of owner on every start would take as long as the volume is large.
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** The same of a container: what Pod Security asks of each, and for ours a file system that nobody changes. */
export function containerSecurity({ security }: ResolvedSecurity): k8s.SecurityContext | undefined {
  return security.restricted ? { ...RESTRICTED, readOnlyRootFilesystem: true, runAsNonRoot: true } : undefined;
}

const RESTRICTED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

/** A container of the user that says nothing of its own would be refused where Pod Security is enforced. */
export function restrictedByDefault({ security }: ResolvedSecurity, container: k8s.Container): k8s.Container {
  return security.restricted && container.securityContext === undefined
    ? { ...container, securityContext: RESTRICTED }
    : container;
}

/** Of a Secret's files: who has no group of the manifest's could not read what only root and that group may. */
export function secretMode({ security }: ResolvedSecurity): number {
  return security.restricted && security.ids === Ids.FIXED ? 0o440 : 0o444;
}
