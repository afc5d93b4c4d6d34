/** A bucket of anything that speaks S3. */
export interface S3TargetOptions {
  /** Name of the bucket, which must exist. */
  readonly bucket: string;

  /** Folder in it. One folder is that of one cluster: what is old in it goes. @default - `<namespace>/<cluster>` */
  readonly prefix?: string;

  /** Address of the store, with `http://` or `https://` and its port if it has one of its own. @default - that of AWS */
  readonly endpoint?: string;

  /** Region. @default - 'us-east-1' */
  readonly region?: string;

  /** Who sells it, as rclone names them: 'AWS', 'Cloudflare', 'Minio', … @default - 'AWS', or 'Other' where there is an endpoint */
  readonly provider?: string;

  /**
   * Name of the Secret with the keys of access, in the cluster's namespace.
   *
   * @default - none: the platform says who the pod is, by `serviceAccountName`
   */
  readonly secretName?: string;

  /** Key in the Secret of the id. @default 'access-key-id' */
  readonly accessKeyIdKey?: string;

  /** Key in the Secret of the secret key. @default 'secret-access-key' */
  readonly secretAccessKeyKey?: string;

  /** Whether the bucket is in the path, not in the name of the host. @default - true where there is an endpoint */
  readonly pathStyle?: boolean;

  /** How the store encrypts what it has: 'AES256' or 'aws:kms'. @default - as the bucket says */
  readonly serverSideEncryption?: string;
}

/** A claim. */
export interface ClaimTargetOptions {
  /** Name of the claim, in the cluster's namespace. It must exist: what outlives a cluster is none of its objects. */
  readonly claimName: string;

  /** Folder in it. @default - `<namespace>/<cluster>` */
  readonly prefix?: string;
}

/** Whatever else rclone can reach. */
export interface RcloneTargetOptions {
  /**
   * Name of a Secret, in the cluster's namespace, with the settings of a remote. Its keys are those of rclone's own variables
   * without their beginning: `TYPE`, `HOST`, `USER`, …
   *
   * @see https://rclone.org/docs/#config-file
   */
  readonly secretName: string;

  /** Folder of the remote: a container, a bucket, a path. @default - `<namespace>/<cluster>` */
  readonly path?: string;

  /** TCP port at which it is reached, for the network policies. @default 443 */
  readonly port?: number;
}

/** Where backups are. */
export class BackupTarget {
  /** A bucket of anything that speaks S3. */
  public static s3(options: S3TargetOptions): BackupTarget {
    return new BackupTarget('s3', options);
  }

  /** A claim. It is mounted by each backup, so its class must allow that from another machine. */
  public static claim(options: ClaimTargetOptions): BackupTarget {
    return new BackupTarget('claim', options);
  }

  /** Whatever else rclone can reach. */
  public static rclone(options: RcloneTargetOptions): BackupTarget {
    return new BackupTarget('rclone', options);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 's3' | 'claim' | 'rclone',
    /** @internal */
    public readonly _options: Partial<S3TargetOptions> & Partial<ClaimTargetOptions> & Partial<RcloneTargetOptions>,
  ) {}
}

/** With what backups are encrypted before they leave the cluster. Who loses the passphrase has lost them. */
export interface BackupEncryption {
  /** Name of the Secret, in the cluster's namespace. */
  readonly secretName: string;
  /** Key of the passphrase in it. @default 'passphrase' */
  readonly key?: string;
}
