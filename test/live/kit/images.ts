import { Product, Risk, type RedisSentinelClusterProps } from '../../../lib';

/** Of HAProxy: the one that is there, which is 3.2.26. */
const PROXY_TAG = '3.2';

/** Of rclone: the one that is there. */
export const RCLONE = { tag: '1.60.1' };

/** Of the default's line: the newest patch, which is the default, can't be had where these tests run. */
const DEFAULT_TAG = '8.2.3';

/** An image of any member, for pods of the tests themselves. */
export const ANY_IMAGE = `docker.io/library/redis:${DEFAULT_TAG}`;

/** Images that a cluster must run on unchanged, by a name for namespaces: the default's line, and what differs from it. */
export const DIFFERING: [string, RedisSentinelClusterProps][] = [
  ['redis-8-2', {}],
  ['redis-8-0-alpine', { image: { tag: '8.0.2-alpine' } }],
  ['redis-7', { image: { tag: '7.0.15' } }],
  ['valkey-8', { image: { product: Product.VALKEY, tag: '8.1' } }],
];
/** And all that there are. */
export const IMAGES: [string, RedisSentinelClusterProps][] = [
  ...DIFFERING,
  ['redis-8-0', { image: { tag: '8.0.2' } }],
  ['valkey-9', { image: { product: Product.VALKEY, tag: '9.1.2' } }],
];

/** What a program would have to accept for them. Some are Debian's builds, with patches that their number does not tell. */
const RISKS: Record<string, Risk> = {
  '8.2.3': Risk.OUTDATED_IMAGE,
  '8.0.2': Risk.OUTDATED_IMAGE,
  '8.0.2-alpine': Risk.OUTDATED_IMAGE,
  '7.0.15': Risk.OUTDATED_IMAGE,
  '8.1': Risk.MOVING_TAG,
};

/** The same props with an image that is there. */
export function runnable(props: RedisSentinelClusterProps): RedisSentinelClusterProps {
  const image = { tag: DEFAULT_TAG, ...props.image };
  const risk = RISKS[image.tag];
  const proxy = props.proxy && { ...props.proxy, image: { tag: PROXY_TAG } };
  const risks = new Set([
    ...(props.acceptRisks ?? []),
    ...(risk === undefined ? [] : [risk]),
    ...(proxy === undefined ? [] : [Risk.MOVING_TAG]),
  ]);
  return { ...props, image, ...(proxy !== undefined && { proxy }), acceptRisks: [...risks] };
}
