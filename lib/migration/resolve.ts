import { Duration } from 'cdk8s';
import * as defaults from '../defaults';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedMember } from '../member/resolve';
import { GivenNodes, anyNode } from '../nodes/resolve';
import { MigrationOptions, MigrationPhase, MigrationSource, SourceAuth } from './props';

export interface ResolvedMigration {
  /** Undefined where a new cluster is empty. */
  readonly migration:
    | {
        readonly kind: MigrationSource['_kind'];
        /** One master, or the sentinels. */
        readonly hosts: readonly string[];
        readonly port: number;
        /** Where the cluster must be let out to. */
        readonly ports: readonly number[];
        readonly masterName: string;
        readonly auth: Required<Omit<SourceAuth, 'user'>> | undefined;
        readonly sentinelAuth: Required<Omit<SourceAuth, 'user'>> | undefined;
        readonly user: string | undefined;
        readonly sentinelUser: string | undefined;
        readonly tls: boolean;
        readonly phase: MigrationPhase;
        readonly timeout: Duration;
        /** What the pod of the cut-over has in common with those of the nodes. */
        readonly as: ResolvedMember;
      }
    | undefined;
}

interface Given extends GivenNodes {
  readonly migrateFrom?: MigrationOptions;
}

export function resolveMigration(props: Given, cluster: ResolvedIdentity): ResolvedMigration {
  const { migrateFrom } = props;
  const as = anyNode(props, cluster);
  if (migrateFrom === undefined || as === undefined) return { migration: undefined };
  const { _kind: kind, _options: options } = migrateFrom.source;
  const { host = '', hosts = [host], masterName = '', auth, sentinelAuth, tls = false } = options;
  const port = options.port ?? (kind === 'server' ? defaults.REDIS_PORT : defaults.SENTINEL_PORT);
  return {
    migration: {
      kind,
      hosts,
      port,
      ports: kind === 'server' ? [port] : [port, options.redisPort ?? defaults.REDIS_PORT],
      masterName,
      auth: secretOf(auth),
      sentinelAuth: secretOf(sentinelAuth),
      user: auth?.user,
      sentinelUser: sentinelAuth?.user,
      tls,
      phase: migrateFrom.phase ?? MigrationPhase.FOLLOW,
      timeout: migrateFrom.timeout ?? defaults.CUT_OVER_TIMEOUT,
      as,
    },
  };
}

function secretOf(auth: SourceAuth | undefined): { secretName: string; key: string } | undefined {
  return auth && { secretName: auth.secretName, key: auth.key ?? defaults.PASSWORD_KEY };
}
