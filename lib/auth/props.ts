import { Duration } from 'cdk8s';

/** Whether a client may log in with the password alone, and no name. */
export enum DefaultUser {
  /** It may, and do everything. */
  ON = 'on',
  /** It may not, on nodes and sentinels: each client has a user of its own. */
  OFF = 'off',
}

/** Names of the keys of a Secret that holds the passwords. */
export interface SecretAuthOptions {
  /**
   * Name of the Secret, in the cluster's namespace. It must exist; this library makes no passwords.
   *
   * @default - `<cluster>-auth`
   */
  readonly secretName?: string;

  /**
   * Key of the password of the nodes.
   *
   * @default 'password'
   */
  readonly passwordKey?: string;

  /**
   * Key of the sentinels' own password. Clients then need both.
   *
   * @default - the sentinels have the nodes' password
   */
  readonly sentinelPasswordKey?: string;

  /**
   * Key of the nodes' previous password, which is accepted as well while clients change over.
   *
   * @default - only the current password is accepted
   */
  readonly previousPasswordKey?: string;

  /**
   * Key of the sentinels' previous password.
   *
   * @default - as `previousPasswordKey` where the sentinels have the nodes' password, otherwise none
   */
  readonly previousSentinelPasswordKey?: string;

  /**
   * How long the password before is good beside a new one that is written into the Secret, whole seconds, 0 seconds to 365 days.
   * Nothing restarts: every member takes the new one within two minutes. When the time is over, who has logged in to the nodes or
   * sentinels loses the connection, and must know the new one. With 0 that is at once, for members too: some writes fail then.
   *
   * @default Duration.days(1)
   */
  readonly overlap?: Duration;

  /**
   * Whether a client may log in with the password alone. Where it may not, the passwords are those of this library's own users, and
   * each client has one of `users`. Who is logged in as the default user when it goes loses the connection.
   *
   * @default DefaultUser.ON
   */
  readonly defaultUser?: DefaultUser;
}

/** Passwords in clear. */
export interface PlainTextAuthOptions {
  /** Password of the nodes, without a line break. */
  readonly password: string;

  /**
   * Password of the sentinels.
   *
   * @default - the nodes' password
   */
  readonly sentinelPassword?: string;
}

/** Where a password is. */
export interface PasswordSource {
  /** Name of the Secret. */
  readonly secretName: string;
  /** Key in the Secret. */
  readonly key: string;
}

/** How clients, nodes and sentinels prove who they are. */
export class Auth {
  /** Passwords from a Secret that exists: made by hand, by External Secrets, by Sealed Secrets. */
  public static secret(options: SecretAuthOptions = {}): Auth {
    return new Auth('secret', options);
  }

  /** No password at all. Needs {@link Risk.NO_AUTH}. */
  public static none(): Auth {
    return new Auth('none', {});
  }

  /** Passwords in the manifest, in a Secret `<cluster>-auth` of it. Needs {@link Risk.PLAIN_TEXT_PASSWORD}. */
  public static plainText(options: PlainTextAuthOptions): Auth {
    return new Auth('plain', options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'secret' | 'none' | 'plain',
    /** @internal */
    public readonly _options: SecretAuthOptions & Partial<PlainTextAuthOptions>,
  ) {}
}
