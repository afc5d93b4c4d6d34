import { articlePod } from './pod';
import { ARTICLE_RULES } from './rules';

/** Images that configure themselves, from the variables of the article this project began with. */
export const article = { rules: ARTICLE_RULES, pod: articlePod };
