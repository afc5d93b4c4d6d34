import { shown } from '../core/problems';
import { Rule } from '../core/rule';
import { IMAGES } from '../defaults';
import { Risk, risky } from '../risks';
import { KNOWN_UNTIL, LINES, OFFICIAL } from './patches';
import { Product } from './props';
import { parseReference } from './reference';

/** An image of a pod, and where in the props it is said. */
export interface UsedImage {
  readonly image: string;
  readonly property: string;
}

/** What these rules look at. */
export interface Judged {
  readonly images: readonly UsedImage[];
}

/** `8.1` was every patch of its line in turn. */
const MOVING = /^(latest|stable|edge|unstable|\d+(\.\d+)?)(-[a-z.0-9]+)?$|^(alpine|bookworm|trixie|bullseye)$/;

const tagStays: Rule<Judged> = ({ images }) =>
  images
    .filter(({ image }) => {
      const { tag, digest } = parseReference(image);
      return digest === undefined && (tag === undefined || MOVING.test(tag));
    })
    .map(({ image, property }) =>
      risky(Risk.MOVING_TAG, {
        rule: 'moving-tag',
        property,
        value: shown(image),
        must: 'is another image tomorrow: two pods of one Deployment may run different servers',
        remedy: `write a full version such as '${IMAGES[Product.REDIS].tag}', or a digest`,
      }),
    );

/** A digest says nothing of a version, and may be of a build that was patched. */
const versionIsPatched: Rule<Judged> = ({ images }) =>
  images.flatMap(({ image, property }) => {
    const { repository, tag = '', digest } = parseReference(image);
    const product = OFFICIAL[repository];
    if (product === undefined || digest !== undefined) return [];
    const patched = patchedTag(product, tag);
    if (patched === undefined) return [];
    return [
      risky(Risk.OUTDATED_IMAGE, {
        rule: 'outdated-image',
        property,
        value: shown(image),
        must: `has security holes that are known (as of ${KNOWN_UNTIL})`,
        remedy: `write '${patched}' or a later one`,
      }),
    ];
  });

/** The tag to write instead of one with holes; undefined where none is known. */
function patchedTag(product: Product, tag: string): string | undefined {
  const [, major, minor, patch, flavour = ''] = /^(\d+)\.(\d+)\.(\d+)(-.*)?$/.exec(tag) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const line = LINES[product][`${major}.${minor}`];
  if (line !== undefined) return Number(patch) < line.safe ? `${major}.${minor}.${line.newest}${flavour}` : undefined;
  const newest = Object.keys(LINES[product]).at(-1) ?? '';
  return isBefore([major, minor], newest.split('.')) ? `${IMAGES[product].tag}${flavour}` : undefined;
}

function isBefore([major, minor]: string[], [otherMajor, otherMinor]: string[]): boolean {
  return Number(major) === Number(otherMajor) ? Number(minor) < Number(otherMinor) : Number(major) < Number(otherMajor);
}

export const IMAGE_RULES = [tagStays, versionIsPatched];
