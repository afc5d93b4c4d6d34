import { Duration } from 'cdk8s';
import { Members, flag, integer, list, made, matching, notEmpty, oneOf, struct, text } from '../core/checks';
import { between, port, resources, strings } from '../core/values';
import { IMAGE_FIELD_CHECKS } from '../image/check';
import { scheduling } from '../member/check';
import {
  ProxyImageOptions,
  ProxyLoadBalancerOptions,
  ProxyNodePortOptions,
  ProxyOptions,
  ProxyOutsideOptions,
  ProxyReadsOptions,
  TrafficPolicy,
  WhenSentinelsAreAway,
} from './props';

/** Ports that need no right of their own. */
const unprivileged = integer(1024, 65_535);

const network = matching(
  /^(\d{1,3}(\.\d{1,3}){3}\/([0-9]|[12]\d|3[0-2])|[0-9a-fA-F:]*:[0-9a-fA-F:]*\/\d{1,3})$/,
  'must be a network',
  "write an address and its length, as '203.0.113.0/24'",
);

const OUTSIDE: Members<ProxyOutsideOptions> = {
  sourceRanges: notEmpty(list(network), 'lets in nobody', "write ['203.0.113.0/24'], or leave it out"),
  annotations: strings,
  trafficPolicy: oneOf(TrafficPolicy),
};

const SERVICES = {
  ClusterIP: struct({}),
  LoadBalancer: struct<ProxyLoadBalancerOptions>({ ...OUTSIDE, loadBalancerClass: text }),
  NodePort: struct<ProxyNodePortOptions>({ ...OUTSIDE, port, readsPort: port }),
};

export const PROXY_CHECKS = {
  proxy: struct<ProxyOptions>({
    replicas: integer(1, 9),
    port: unprivileged,
    reads: struct<ProxyReadsOptions>({
      port: unprivileged,
      maxLag: between(Duration.seconds(1), Duration.minutes(1), 'seconds'),
      fallBackToMaster: flag,
    }),
    whenSentinelsAreAway: oneOf(WhenSentinelsAreAway),
    checkInterval: between(Duration.millis(50), Duration.seconds(5), 'milliseconds'),
    maxConnections: integer(10, 1_000_000),
    service: made(SERVICES, 'a ProxyService', 'write ProxyService.loadBalancer({ … })'),
    drain: between(Duration.seconds(5), Duration.minutes(10), 'seconds'),
    healthPort: unprivileged,
    image: struct<ProxyImageOptions>({ ...IMAGE_FIELD_CHECKS }),
    resources,
    scheduling,
  }),
};
