import { SENTINELS_CHECKS } from './check';
import { sentinelPod } from './pod';
import { ResolvedSentinels, resolveSentinels } from './resolve';
import { SENTINELS_RULES } from './rules';

/** Who agrees on the master. */
export const sentinels = {
  checks: SENTINELS_CHECKS,
  resolve: resolveSentinels,
  rules: SENTINELS_RULES,
  variables: ({ sentinels: all, sentinelPort }: ResolvedSentinels): Record<string, string> => ({
    SENTINELS: all.map(({ announced }) => announced).join(' '),
    SENTINEL_PORT: String(sentinelPort),
  }),
  pod: sentinelPod,
};
