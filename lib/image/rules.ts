import { shown } from '../core/problems';
import { Rule } from '../core/rule';
import { IMAGES } from '../defaults';
import { Risk, risky } from '../risks';
import { KNOWN_UNTIL, LINES, OFFICIAL, OLDEST_REDIS, isTooOld } from './patches';
import { Product } from './props';
import { parseReference } from './reference';
import { ResolvedImage, isScripted } from './resolve';

/** An image of a pod, and where in the props it is said. */
export interface UsedImage {
  readonly image: string;
  readonly property: string;
}

/** What these rules look at. */
export interface Judged {
  readonly images: readonly UsedImage[];
  readonly members: readonly Pick<ResolvedImage, 'image' | 'envContract'>[];
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

/** Those of members that our scripts can't start. */
function tooOld({ images, members }: Judged): UsedImage[] {
  const scripted = members.filter(isScripted).map(({ image }) => image);
  return images.filter(({ image }) => scripted.includes(image) && isTooOld(image));
}

const scriptsAreUnderstood: Rule<Judged> = (cluster) =>
  tooOld(cluster).map(({ image, property }) => ({
    rule: 'server-version',
    property,
    value: shown(image),
    must: `is older than Redis ${OLDEST_REDIS}, and does not know all that the scripts say: no server would start`,
    remedy: `write '${IMAGES[Product.REDIS].tag}', or ${OLDEST_REDIS} or later`,
  }));

/** A digest says nothing of a version, and may be of a build that was patched. One that is refused needs no other version. */
const versionIsPatched: Rule<Judged> = (cluster) => {
  const refused = tooOld(cluster);
  return cluster.images.flatMap((used) => {
    const { image, property } = used;
    if (refused.includes(used)) return [];
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
};

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

export const IMAGE_RULES = [tagStays, scriptsAreUnderstood, versionIsPatched];
