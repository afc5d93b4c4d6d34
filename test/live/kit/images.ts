import { Product, type RedisSentinelClusterProps } from '../../../lib';

/** The images that a cluster must run on unchanged, by a name for namespaces. */
export const IMAGES: [string, RedisSentinelClusterProps][] = [
  ['redis-8', {}],
  ['redis-8-alpine', { image: { tag: '8.0.2-alpine' } }],
  ['redis-7', { image: { tag: '7.0.15' } }],
  ['valkey-8', { image: { product: Product.VALKEY } }],
];
