import { flag, integer, oneOf, struct } from '../core/checks';
import { Ids, SecurityOptions } from './props';

/** Kubernetes takes no larger one. */
const LARGEST_ID = 2 ** 31 - 1;

export const SECURITY_CHECKS = {
  security: struct<SecurityOptions>({
    ids: oneOf(Ids),
    user: integer(1, LARGEST_ID),
    group: integer(0, LARGEST_ID),
    fsGroup: integer(0, LARGEST_ID),
    restricted: flag,
  }),
};
