import { shown } from '../core/problems';
import { Rule } from '../core/rule';
import { IMAGES } from '../defaults';
import { Risk, risky } from '../risks';
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

const MOVING = /^(latest|stable|edge|unstable|\d+)(-[a-z.0-9]+)?$|^(alpine|bookworm|trixie|bullseye)$/;

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

export const IMAGE_RULES = [tagStays];
