import { Duration } from 'cdk8s';
import { struct } from '../core/checks';
import { between } from '../core/values';
import { HealthCheckOptions } from './props';

export const HEALTH_CHECK_CHECKS = {
  healthCheck: struct<HealthCheckOptions>({ timeout: between(Duration.seconds(1), Duration.days(1), 'seconds') }),
};
