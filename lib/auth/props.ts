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

/** A value in a Secret, or (an accepted risk) in clear. */
export interface PasswordSource {
  /** Name of the Secret. @default - the value is given in clear */
  readonly secretName?: string;
  /** Key in the Secret. @default - the value is given in clear */
  readonly key?: string;
  /** The value in clear. @default - the value is in the Secret */
  readonly value?: string;
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

  /** Passwords in the manifest. Needs {@link Risk.PLAIN_TEXT_PASSWORD}. */
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
