import { COMEBACK } from '../defaults';
import { MEMBER_RULES } from './rules';

/** What nodes and sentinels have in common: each a Deployment of one pod, with its claim and its Service. */
export const member = {
  rules: MEMBER_RULES,
  variables: (): Record<string, string> => ({ COMEBACK_SECONDS: String(COMEBACK.toSeconds()) }),
};
