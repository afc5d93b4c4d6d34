/** A directive of redis.conf, or a setting of a monitored master, as a variable of the container. */
export function variableOf(directive: string, prefix: 'REDIS_CONF' | 'SENTINEL_CONF' = 'REDIS_CONF'): string {
  return `${prefix}_${directive.toUpperCase().replaceAll('-', '_')}`;
}
