import { POD_RULES } from './rules';

/** What holds for every pod, whoever added what to it. */
export const pod = { rules: POD_RULES };
