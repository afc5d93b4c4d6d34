/** Who says which user and groups the containers run as. */
export enum Ids {
  /** The manifest: `user`, `group` and `fsGroup`, the same on every cluster. */
  FIXED = 'fixed',
  /**
   * The platform, as OpenShift's `restricted-v2` does from the range of the namespace. Where nothing does, pods run as the
   * image's own user, and those of an official image do not start: that user is root.
   */
  PLATFORM = 'platform',
}

/**
 * Who the containers run as.
 *
 * @example
 * new RedisSentinelCluster(chart, 'cache', { security: { ids: Ids.PLATFORM } }); // on OpenShift
 */
export interface SecurityOptions {
  /**
   * Who says which user and groups those are. All else of this section holds for both choices.
   *
   * @default Ids.FIXED
   */
  readonly ids?: Ids;
  /** User id, 1 to 2147483647; not root. @default 10001 */
  readonly user?: number;
  /** Group id, 0 to 2147483647. @default 10001 */
  readonly group?: number;
  /** Group that owns the volumes, 0 to 2147483647. @default - the group */
  readonly fsGroup?: number;

  /**
   * Root can't be, the file system is read-only, no capability, the runtime's seccomp profile.
   *
   * `false` leaves all of this section out, for images that must start as root; Pod Security `restricted` refuses them.
   *
   * @default true
   */
  readonly restricted?: boolean;
}
