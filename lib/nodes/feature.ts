import { NODES_CHECKS } from './check';
import { nodePod } from './pod';
import { ResolvedNodes, resolveNodes } from './resolve';
import { NODES_RULES } from './rules';

/** The Redis servers. */
export const nodes = {
  checks: NODES_CHECKS,
  resolve: resolveNodes,
  rules: NODES_RULES,
  variables: ({ nodes: all, redisPort }: ResolvedNodes): Record<string, string> => ({
    NODES: all.map(({ announced }) => announced).join(' '),
    REDIS_PORT: String(redisPort),
  }),
  pod: nodePod,
};
