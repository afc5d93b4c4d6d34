import { SETTINGS } from './table';

/**
 * Directives that this library writes itself: from other props, or because its safety rests on them. A remedy says which
 * prop to write, why the directive is to be left, or that there is nothing yet: never what would be refused in turn.
 */
export const OWNED: Record<string, string> = {
  appendonly: 'write persistence',
  appendfsync: 'write persistence',
  save: 'write persistence',
  appendfilename: 'leave it: the start rule looks for this file',
  appenddirname: 'leave it: the start rule looks for this folder',
  dbfilename: 'leave it: the start rule looks for this file',
  dir: 'leave it: the volume is mounted there',
  port: 'write nodes.port or sentinels.port',
  'tls-port': 'write tls',
  'tls-cert-file': 'write tls',
  'tls-key-file': 'write tls',
  'tls-key-file-pass': 'leave it: a key in a Secret has no passphrase',
  'tls-client-cert-file': 'leave it: a member has one certificate, for servers and clients',
  'tls-client-key-file': 'leave it: a member has one certificate, for servers and clients',
  'tls-client-key-file-pass': 'leave it: a key in a Secret has no passphrase',
  'tls-ca-cert-file': 'write tls',
  'tls-ca-cert-dir': 'write tls',
  'tls-auth-clients': 'write tls',
  'tls-replication': 'write tls',
  'tls-protocols': 'write tls',
  'tls-ciphers': 'write tls',
  'tls-ciphersuites': 'write tls',
  'tls-auto-reload-interval': 'leave it: the keeper loads a new certificate when it has been tried',
  bind: 'leave it: a pod listens on its only address',
  'protected-mode': 'leave it: auth and networkPolicy say who gets in',
  requirepass: 'write auth',
  user: 'write users',
  aclfile: 'write users',
  masterauth: 'write auth',
  masteruser: 'leave it: replicas copy as a user of their own',
  primaryauth: 'write auth',
  primaryuser: 'leave it: replicas copy as a user of their own',
  replicaof: 'leave it: the keeper gives a node its role',
  slaveof: 'leave it: the keeper gives a node its role',
  'replica-priority': 'leave it: the keeper sets it when a node is in sync',
  'slave-priority': 'leave it: the keeper sets it when a node is in sync',
  'replica-serve-stale-data': 'leave it: a node without a role must refuse reads',
  'slave-serve-stale-data': 'leave it: a node without a role must refuse reads',
  'replica-read-only': 'leave it: a write on a replica is lost',
  'slave-read-only': 'leave it: a write on a replica is lost',
  'replica-announce-ip': 'leave it: a node is known by the name of its Service',
  'replica-announce-port': 'write nodes.port',
  'slave-announce-ip': 'leave it: a node is known by the name of its Service',
  'slave-announce-port': 'write nodes.port',
  'min-slaves-to-write': 'write settings.minReplicasToWrite',
  'min-slaves-max-lag': 'write settings.minReplicasMaxLag',
  'syslog-ident': 'leave it: a node shows its mark there',
  'syslog-enabled': 'leave it: a container logs to its standard output',
  logfile: 'leave it: a container logs to its standard output',
  daemonize: 'leave it: the server is the process of its container',
  supervised: 'leave it: the server is the process of its container',
  pidfile: 'leave it: the server is the process of its container',
  'shutdown-on-sigterm': 'leave it: a replica in its first sync would ignore the signal',
  include: 'write settings.directives or sentinels.directives',
  'cluster-enabled': 'leave it: Sentinel and Redis Cluster exclude one another',
  'repl-rdb-channel':
    'leave it: its second connection announces a pod address, and that ends in a master that follows itself',
  'dual-channel-replication-enabled':
    'leave it: its second connection announces a pod address, and that ends in a master that follows itself',
  'rename-command':
    'leave it: the keeper and the sentinels need every command under its name, and users says who may use it',
  sentinel: 'write sentinels',
};

/** Directives of the nodes that have a prop. The sentinels have no such props. */
const TYPED: Record<string, string> = Object.fromEntries(
  Object.entries(SETTINGS).flatMap(([property, { directives }]) =>
    directives.map((directive) => [directive, `write settings.${property}`]),
  ),
);

/** Why a raw directive is refused and what to write instead; undefined where it is not. */
export function ownedDirective(directive: string, component: 'node' | 'sentinel'): string | undefined {
  const owned = component === 'node' ? { ...OWNED, ...TYPED } : OWNED;
  return Object.hasOwn(owned, directive) ? owned[directive] : undefined;
}
