import { list, matching, oneOf, struct, text } from '../core/checks';
import { ImagePullPolicy } from '../core/kplus';
import { IMAGES } from '../defaults';
import { EnvContract, ImageOptions, Product } from './props';

/** What any image has. */
export const IMAGE_FIELD_CHECKS = {
  repository: matching(
    /^[a-z0-9][a-zA-Z0-9._:/-]*$/,
    'must be a repository',
    "write 'registry.example.com/path/name', without a tag",
  ),
  tag: matching(/^\w[\w.-]{0,127}$/, 'must be a tag', `write a tag such as '${IMAGES[Product.REDIS].tag}'`),
  digest: matching(/^sha256:[0-9a-f]{64}$/, 'must be a digest', "write 'sha256:' and 64 hexadecimal digits"),
  pullPolicy: oneOf(ImagePullPolicy),
};

export const IMAGE_CHECKS = {
  image: struct<ImageOptions>({
    product: oneOf(Product),
    ...IMAGE_FIELD_CHECKS,
    pullSecrets: list(text),
    envContract: oneOf(EnvContract),
  }),
};
