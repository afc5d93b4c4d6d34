import { test } from '@jest/globals';

import { DIFFERING, IMAGES } from './images';

declare const ALL: boolean | undefined;

/**
 * CI has an hour, for everything. It sees each guarantee once, on the default image, and on the others what differs by image;
 * `npm run test:live -- --all` sees the rest too.
 */
export const everything = typeof ALL === 'boolean' && ALL;

/** Images that are looked at. */
export const images = everything ? IMAGES : DIFFERING;

/** A test that CI leaves out, by name. */
export const thorough: typeof test.skip = everything ? test : test.skip;

/** What of these is run: all, or those that CI sees. */
export function ofThisTier<T extends { readonly thorough?: boolean }>(all: T[]): T[] {
  return everything ? all : all.filter((one) => one.thorough !== true);
}
