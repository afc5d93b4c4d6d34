import { IMAGE_CHECKS } from './check';
import { IMAGE_RULES } from './rules';

/** What the containers run. It is resolved for each member, for each may have its own. */
export const image = { checks: IMAGE_CHECKS, rules: IMAGE_RULES };
