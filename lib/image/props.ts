import { ImagePullPolicy } from '../core/kplus';

/** The server's family. It decides the default image and which directives are refused. */
export enum Product {
  REDIS = 'redis',
  VALKEY = 'valkey',
}

/** How an image is told what to do. */
export enum EnvContract {
  /** By this library's scripts, which run in any official image of Redis 7.0.8 or later, or Valkey. */
  SCRIPTS = 'scripts',
  /**
   * By the image itself, from the variables of the article this project began with (`QUONUM`, `REDIS_SLAVE_OF`, …).
   * It has the user that it was built with, and its sentinels ask for no password. Needs
   * {@link Risk.SELF_CONFIGURED_IMAGE}.
   */
  SELF_CONFIGURED = 'self-configured',
}

/** A container image. */
export interface ImageOptions {
  /** The server's family. @default Product.REDIS */
  readonly product?: Product;

  /**
   * Registry and repository.
   *
   * @default - 'docker.io/library/redis' or 'docker.io/valkey/valkey'
   */
  readonly repository?: string;

  /**
   * Tag. One that moves (`latest`, `8`, `8.2`) needs {@link Risk.MOVING_TAG}, an official one with known holes
   * {@link Risk.OUTDATED_IMAGE}. Official ones of Redis before 7.0.8 are refused, unless the image configures itself.
   *
   * @default - '8.2.10' for Redis, '8.1.11' for Valkey, where the repository is the default one and there is no digest
   */
  readonly tag?: string;

  /**
   * Digest, `sha256:` and 64 hexadecimal digits. It decides; a tag beside it is for the reader.
   *
   * @default - none
   */
  readonly digest?: string;

  /** When the image is pulled. @default ImagePullPolicy.IF_NOT_PRESENT */
  readonly pullPolicy?: ImagePullPolicy;

  /** Names of Secrets for a private registry. @default - none */
  readonly pullSecrets?: string[];

  /** How the image is told what to do. @default EnvContract.SCRIPTS */
  readonly envContract?: EnvContract;
}
