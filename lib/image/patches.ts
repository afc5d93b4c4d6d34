import { Product } from './props';
import { parseReference } from './reference';

/** A line of versions: the first patch without a hole that is known, and the newest. */
export interface Line {
  readonly safe: number;
  readonly newest: number;
}

/** The oldest Redis that the scripts can start. Every Valkey is newer. */
export const OLDEST_REDIS = '7.0.8';

/** When the table below was made. A release of this library renews it. */
export const KNOWN_UNTIL = '2026-11-25';

/**
 * Lines that get security fixes. One that is older than the newest of them and not here gets none.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/install/version-mgmt/
 * @see https://valkey.io/download/
 */
export const LINES: Readonly<Record<Product, Readonly<Record<string, Line>>>> = {
  [Product.REDIS]: {
    '6.2': { safe: 24, newest: 24 }, // for containers of the user, and images that configure themselves
    '7.2': { safe: 16, newest: 16 },
    '7.4': { safe: 11, newest: 11 },
    '8.2': { safe: 9, newest: 10 },
    '8.4': { safe: 6, newest: 6 },
    '8.6': { safe: 6, newest: 7 },
    '8.8': { safe: 2, newest: 3 },
    '8.10': { safe: 1, newest: 2 },
  },
  [Product.VALKEY]: {
    '7.2': { safe: 14, newest: 15 },
    '8.0': { safe: 11, newest: 12 },
    '8.1': { safe: 10, newest: 11 },
    '9.0': { safe: 6, newest: 7 },
    '9.1': { safe: 2, newest: 3 },
  },
};

/** Where the projects themselves, and Docker's library, publish. Builds of others may have patches of their own. */
export const OFFICIAL: Readonly<Record<string, Product>> = {
  'docker.io/library/redis': Product.REDIS,
  'public.ecr.aws/docker/library/redis': Product.REDIS,
  'mirror.gcr.io/library/redis': Product.REDIS,
  'docker.io/valkey/valkey': Product.VALKEY,
  'ghcr.io/valkey-io/valkey': Product.VALKEY,
  'public.ecr.aws/valkey/valkey': Product.VALKEY,
};

/** Whether it is an official image that the scripts can't start. A tag without its patch is the newest of its line. */
export function isTooOld(image: string): boolean {
  const { repository, tag = '', digest } = parseReference(image);
  const [version] = /^\d+(\.\d+){0,2}(?=-|$)/.exec(tag) ?? [];
  if (OFFICIAL[repository] !== Product.REDIS || digest !== undefined || version === undefined) return false;
  const given = version.split('.').map(Number);
  const oldest = OLDEST_REDIS.split('.').map(Number);
  const [difference = 0] = given.map((part, index) => part - (oldest[index] ?? 0)).filter((one) => one !== 0);
  return difference < 0;
}
