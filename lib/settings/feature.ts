import { SETTINGS_CHECKS } from './check';
import { resolveSettings } from './resolve';
import { SETTINGS_RULES } from './rules';
import { settingsPod } from './pod';

/** redis.conf of the nodes, and what the sentinels' file has of the cluster. */
export const settings = { checks: SETTINGS_CHECKS, resolve: resolveSettings, rules: SETTINGS_RULES, pod: settingsPod };
