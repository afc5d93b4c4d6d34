import { ImagePullPolicy } from '../core/kplus';
import * as defaults from '../defaults';
import { EnvContract, ImageOptions, Product } from './props';

/** What a member's own containers run. */
export interface ResolvedImage {
  readonly product: Product;
  /** As a manifest has it: repository, tag and digest. */
  readonly image: string;
  readonly pullPolicy: ImagePullPolicy;
  readonly pullSecrets: string[];
  readonly envContract: EnvContract;
}

/** Whether this library's scripts run in it; if not, the image configures itself. */
export function isScripted({ envContract }: Pick<ResolvedImage, 'envContract'>): boolean {
  return envContract === EnvContract.SCRIPTS;
}

/** As a manifest has it. */
export function imageName(repository: string, tag: string | undefined, digest: string | undefined): string {
  return `${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

export function resolveImage(image: ImageOptions): ResolvedImage {
  const product = image.product ?? defaults.PRODUCT;
  const known = defaults.IMAGES[product];
  const repository = image.repository ?? known.repository;
  const tag = image.tag ?? (image.repository === undefined && image.digest === undefined ? known.tag : undefined);
  return {
    product,
    image: imageName(repository, tag, image.digest),
    pullPolicy: image.pullPolicy ?? defaults.PULL_POLICY,
    pullSecrets: image.pullSecrets ?? [],
    envContract: image.envContract ?? defaults.ENV_CONTRACT,
  };
}
