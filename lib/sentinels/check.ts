import { Duration } from 'cdk8s';
import { integer, struct } from '../core/checks';
import { between, directives, port, resources } from '../core/values';
import { MEMBER_CHECKS, groupChecks } from '../member/check';
import { SentinelOverrides, SentinelsOptions } from './props';

const sentinel = struct(MEMBER_CHECKS);

export const SENTINELS_CHECKS = {
  sentinels: struct<SentinelsOptions>({
    ...groupChecks('sentinels.overrides.sentinel1.name'),
    count: integer(1, 9),
    port,
    quorum: integer(1, 9),
    downAfter: between(Duration.millis(100), Duration.hours(1), 'milliseconds'),
    failoverTimeout: between(Duration.seconds(1), Duration.hours(1), 'milliseconds'),
    parallelSyncs: integer(1, 9),
    directives,
    overrides: struct<SentinelOverrides>({
      sentinel1: sentinel,
      sentinel2: sentinel,
      sentinel3: sentinel,
      sentinel4: sentinel,
      sentinel5: sentinel,
      sentinel6: sentinel,
      sentinel7: sentinel,
      sentinel8: sentinel,
      sentinel9: sentinel,
    }),
    keeperResources: resources,
  }),
};
