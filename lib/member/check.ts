import { Duration } from 'cdk8s';
import {
  Members,
  flag,
  guard,
  inTurn,
  integer,
  list,
  matching,
  object,
  oneOf,
  something,
  struct,
  text,
} from '../core/checks';
import { between, dnsLabel, resources, strings } from '../core/values';
import { IMAGE_CHECKS } from '../image/check';
import { storage } from '../storage/check';
import { DeploymentOptions, MemberOptions, PodOptions, SchedulingOptions, Spread } from './props';

export const scheduling = struct<SchedulingOptions>({
  nodeSelector: strings,
  zone: text,
  affinity: object,
  tolerations: list(something),
  priorityClassName: text,
  runtimeClassName: text,
  spread: oneOf(Spread),
});

const pod = struct<PodOptions>({
  labels: strings,
  annotations: strings,
  env: list(something),
  volumes: list(something),
  volumeMounts: list(something),
  initContainers: list(something),
  containers: list(something),
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

/** What each member may have of its own. */
export const MEMBER_CHECKS: Members<MemberOptions> = {
  name: dnsLabel,
  image: IMAGE_CHECKS.image,
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

/** What all of a kind may have: a name of the group would be that of several objects. */
export function groupChecks(whereNamesAre: string): Members<MemberOptions> {
  const refused = guard('name-of-group', () => false, 'can be the name of one member only', `write ${whereNamesAre}`);
  return { ...MEMBER_CHECKS, name: inTurn(dnsLabel, refused) };
}
