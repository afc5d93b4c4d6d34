/**
 * What `CONFIG GET` says of a server that was told nothing, where this library leaves the choice to it. The same in Redis
 * 7.0.15, 8.0.2 and 8.2.3 and in Valkey 8.1.1 and 9.1.2; what differs between them (`lazyfree-lazy-…`) is not here.
 */
export const SERVER_DEFAULTS: Readonly<Record<string, string>> = {
  'maxmemory-policy': 'noeviction',
  maxclients: '10000',
  timeout: '0',
  'tcp-keepalive': '300',
  'tcp-backlog': '511',
  databases: '16',
  'io-threads': '1',
  hz: '10',
  activedefrag: 'no',
  'notify-keyspace-events': '""',
  'slowlog-log-slower-than': '10000',
  'slowlog-max-len': '128',
  'latency-monitor-threshold': '0',
  loglevel: 'notice',
};
