/** On whose servers a user is. */
export enum Servers {
  /** The nodes, where the data are. */
  NODES = 'nodes',
  /** The sentinels, which a client asks who is master. */
  SENTINELS = 'sentinels',
  /** Both. */
  BOTH = 'both',
}

/** A password of a user. A class and not a plain object, so that none is lost on the way from another language. */
export class UserPassword {
  /**
   * A key of a Secret in the cluster's namespace.
   *
   * All of the Secret is mounted where keepers read it, so that a user who is added later needs no restart: keep nothing else in
   * it.
   */
  public static key(key: string, options: UserPasswordOptions = {}): UserPassword {
    return new UserPassword('key', { key, ...options });
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'key',
    /** @internal */
    public readonly _options: UserPasswordOptions & { readonly key: string },
  ) {}
}

/** Where the password of a user is. */
export interface UserPasswordOptions {
  /** Name of the Secret. @default - `<cluster>-users` */
  readonly secretName?: string;
}

/** Which keys a user may use: patterns of Redis, such as `shop:*`. `*` is all. */
export interface UserKeys {
  /** Keys that may be read and written. @default - none */
  readonly readWrite?: string[];
  /** Keys that may be read. @default - none */
  readonly readOnly?: string[];
  /** Keys that may be written, and not read. @default - none */
  readonly writeOnly?: string[];
}

/** Which commands a user may use. A command overrides a category; of the same kind, a denial overrides a permission. */
export interface UserCommands {
  /** Commands, subcommands such as `client|list`, and categories such as `@read`. @default - none */
  readonly allow?: string[];
  /** Commands, subcommands and categories that are not allowed all the same. @default - none */
  readonly deny?: string[];
}

/** What a preset does not say. */
export interface UserOptions {
  /**
   * One password, or two while a client changes over. They are good for as long as they are in the Secret: who is logged in with
   * one that is taken out of it loses the connection within two minutes.
   *
   * @default - the key of the Secret `<cluster>-users` that has the name of the user
   */
  readonly passwords?: UserPassword[];

  /** Whether it may log in. Where it may not, it loses its connections. @default true */
  readonly enabled?: boolean;

  /** On which servers it is; a client that asks sentinels needs both. @default Servers.BOTH */
  readonly on?: Servers;
}

/** What a user of an application may be given otherwise. */
export interface DataUserOptions extends UserOptions {
  /** Patterns of the keys that it may use. @default - all */
  readonly keys?: string[];
  /** Patterns of the channels that it may publish and subscribe to. @default - all */
  readonly channels?: string[];
}

/** A user who is said in full. */
export interface CustomUserOptions extends UserOptions {
  /** Which commands it may use on nodes. @default - none */
  readonly commands?: UserCommands;
  /** Which commands it may use on sentinels. @default - what clients ask: who is master, and which sentinels and replicas there are */
  readonly sentinelCommands?: UserCommands;
  /** Which keys. @default - none */
  readonly keys?: UserKeys;
  /** Patterns of the channels that it may publish and subscribe to. @default - none */
  readonly channels?: string[];
}

/**
 * A user of the nodes and sentinels, with passwords from a Secret.
 *
 * Users are told to every server while it runs: a user who is added, changed or taken out of the list needs no restart, and holds on
 * every node and sentinel within two minutes, also after a failover.
 *
 * @example
 * {
 *   auth: Auth.secret({ defaultUser: DefaultUser.OFF }),
 *   users: [AclUser.application('shop', { keys: ['shop:*'] }), AclUser.readOnly('report')],
 * }
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 */
export class AclUser {
  /** Reads and writes data, and may do nothing that is for those who run the cluster. */
  public static application(name: string, options: DataUserOptions = {}): AclUser {
    const { keys = ['*'], channels = ['*'], ...rest } = options;
    return new AclUser('user', name, { ...rest, keys: { readWrite: keys }, channels, commands: APPLICATION });
  }

  /** Reads data, and listens. */
  public static readOnly(name: string, options: DataUserOptions = {}): AclUser {
    const { keys = ['*'], channels = ['*'], ...rest } = options;
    return new AclUser('user', name, { ...rest, keys: { readOnly: keys }, channels, commands: READER });
  }

  /** Reads numbers, and no data: for an exporter of your own. `metrics` has one already. */
  public static exporter(name: string, options: UserOptions = {}): AclUser {
    return new AclUser('user', name, { ...options, commands: EXPORTER });
  }

  /** May do everything, on nodes and on sentinels. */
  public static administrator(name: string, options: UserOptions = {}): AclUser {
    return new AclUser('user', name, {
      ...options,
      keys: { readWrite: ['*'] },
      channels: ['*'],
      commands: { allow: ['@all'] },
      sentinelCommands: { allow: ['@all'] },
    });
  }

  /** May do what is said. */
  public static custom(name: string, options: CustomUserOptions): AclUser {
    return new AclUser('user', name, options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'user',
    /** Name by which it logs in. */
    public readonly name: string,
    private readonly given: CustomUserOptions,
  ) {}

  /** @internal */
  public get _options(): CustomUserOptions & { readonly name: string } {
    return { name: this.name, ...this.given };
  }
}

/** Clients ask these before they do anything, though they are counted among the dangerous ones. */
const ASKED_BY_CLIENTS = ['info', 'role', 'client|setname', 'client|setinfo', 'client|id', 'command'];
const APPLICATION: UserCommands = { allow: ['@all', ...ASKED_BY_CLIENTS], deny: ['@admin', '@dangerous'] };
const READER: UserCommands = {
  allow: [
    '@read',
    '@connection',
    '@transaction',
    'subscribe',
    'psubscribe',
    'unsubscribe',
    'punsubscribe',
    ...ASKED_BY_CLIENTS,
  ],
  deny: ['@write', '@admin', '@dangerous'],
};
const EXPORTER: UserCommands = {
  allow: ['ping', 'info', 'client|setname', 'command|info', 'slowlog|len', 'latency|latest', 'dbsize'],
};
