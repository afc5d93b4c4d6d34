import { Duration } from 'cdk8s';

/** A password, and whose it is. */
export interface SourceAuth {
  /** Name of the Secret, in the cluster's namespace. It is needed until the cut-over only. */
  readonly secretName: string;

  /** Key of the password in it. @default 'password' */
  readonly key?: string;

  /**
   * User of the source. It must be allowed what a replica needs (`PSYNC`, `REPLCONF`, `PING`), `INFO`, and for the cut-over
   * `CONFIG GET` and `CONFIG SET`.
   *
   * @default - the default user
   */
  readonly user?: string;
}

/** What holds for every source. */
export interface SourceOptions {
  /** With which password it is asked. @default - it has none */
  readonly auth?: SourceAuth;

  /**
   * Whether it speaks TLS. Then the cluster must too, with a CA bundle that has the CA of the source.
   *
   * @default false
   */
  readonly tls?: boolean;
}

/** A source without sentinels, or whose master always has one address. */
export interface ServerSourceOptions extends SourceOptions {
  /** Host of the master, as pods of the cluster's namespace call it: `redis-master.shop.svc`. */
  readonly host: string;

  /** Its port. @default 6379 */
  readonly port?: number;
}

/** A source with sentinels, which say who is master. */
export interface SentinelSourceOptions extends SourceOptions {
  /** Hosts of its sentinels, as pods of the cluster's namespace call them. The first that answers is believed. */
  readonly hosts: string[];

  /** Their port. @default 26379 */
  readonly port?: number;

  /** Port of its servers: where the network policy lets the first node out to. @default 6379 */
  readonly redisPort?: number;

  /** How they call the master. */
  readonly masterName: string;

  /** Secret and key of the password of the sentinels. @default - they have none */
  readonly sentinelAuth?: SourceAuth;
}

/** The server that a new cluster follows. */
export class MigrationSource {
  /**
   * A master at one address: a server without sentinels, or a Service that always leads to the master.
   *
   * @param options where it is, and how it is asked
   */
  public static server(options: ServerSourceOptions): MigrationSource {
    return new MigrationSource('server', options);
  }

  /**
   * A master that sentinels know. Where they make another one master, that is followed.
   *
   * @param options where they are, and how all are asked
   */
  public static sentinels(options: SentinelSourceOptions): MigrationSource {
    return new MigrationSource('sentinels', options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'server' | 'sentinels',
    /** @internal */
    public readonly _options: Partial<ServerSourceOptions & SentinelSourceOptions>,
  ) {}
}

/** How far a migration is. */
export enum MigrationPhase {
  /** The cluster copies the source and goes on copying. It takes no writes, and no sentinel knows a master. */
  FOLLOW = 'follow',
  /** A Job has the source take no more writes, and makes this cluster one of its own. There is no way back from it. */
  CUT_OVER = 'cut-over',
}

/**
 * A new cluster that takes the place of another Redis or Valkey, which lives on until it is cut over.
 *
 * It takes two commits: one that follows, and one that cuts over. In between, the applications' own configuration is made ready;
 * from the cut-over on the source answers every write with `NOREPLICAS`, and the cluster takes them. Later `migrateFrom` may be
 * deleted. A cluster that has ever had a master of its own ignores it.
 *
 * @see docs/migration.md
 *
 * @example
 * {
 *   migrateFrom: {
 *     source: MigrationSource.server({ host: 'redis-master.shop.svc', auth: { secretName: 'old-redis' } }),
 *     phase: MigrationPhase.FOLLOW, // in the next commit MigrationPhase.CUT_OVER
 *   },
 * }
 */
export interface MigrationOptions {
  /** Whom the cluster follows. */
  readonly source: MigrationSource;

  /** How far it is. @default MigrationPhase.FOLLOW */
  readonly phase?: MigrationPhase;

  /**
   * How long the Job of the cut-over waits until all nodes have everything, whole seconds, 1 second to 1 day. The source takes
   * writes meanwhile. When the time is up the Job fails, and nothing has changed.
   *
   * @default Duration.hours(1)
   */
  readonly timeout?: Duration;
}
