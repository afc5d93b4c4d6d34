import { MEMBER_RULES } from './rules';

/** What nodes and sentinels have in common: each a Deployment of one pod, with its claim and its Service. */
export const member = { rules: MEMBER_RULES };
