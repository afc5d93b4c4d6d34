import { createHash } from 'node:crypto';
import { sortedEntries } from '../core/sorted';

/** The one place where names of objects are made. A changed name is a new object, and for a claim lost data. */
export const naming = {
  master: (cluster: string): string => `${cluster}-master`,
  replica: (cluster: string, ordinal: number): string => `${cluster}-replica-${ordinal}`,
  sentinel: (cluster: string, ordinal: number): string => `${cluster}-sentinel-${ordinal}`,
  nodes: (cluster: string): string => `${cluster}-nodes`,
  sentinels: (cluster: string): string => `${cluster}-sentinels`,
  authSecret: (cluster: string): string => `${cluster}-auth`,
  users: (cluster: string): string => `${cluster}-users`,
  usersSecret: (cluster: string): string => `${cluster}-users`,
  tlsSecret: (cluster: string): string => `${cluster}-tls`,
  metrics: (cluster: string): string => `${cluster}-metrics`,
  alerts: (cluster: string): string => `${cluster}-alerts`,
  dashboard: (cluster: string): string => `${cluster}-dashboard`,
  backup: (cluster: string): string => `${cluster}-backup`,
  restore: (cluster: string): string => `${cluster}-restore`,
  source: (cluster: string): string => `${cluster}-source`,
  cutOver: (cluster: string): string => `${cluster}-cut-over`,
  proxy: (cluster: string): string => `${cluster}-proxy`,
  reads: (cluster: string): string => `${cluster}-reads`,
  check: (cluster: string): string => `${cluster}-check`,
  /** An object that can't be changed has its content in its name: a changed one is a new one. */
  hashed: (name: string, content: unknown): string => naming.withHash(name, hashOf(content)),
  withHash: (name: string, hash: string): string => `${name}-${hash}`,
};

export function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content, sorted)).digest('hex').slice(0, 8);
}

/** In which order keys were written is no content: a manifest has them sorted, and so has every map that Go hands on. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(sortedEntries(value as Record<string, unknown>));
}

/** Host of a Service as clients write it: with its namespace where the program knows one. */
export function serviceHost(service: string, namespace: string | undefined): string {
  return namespace === undefined ? service : `${service}.${namespace}.svc`;
}
