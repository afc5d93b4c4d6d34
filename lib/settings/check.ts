import { Check, flag, integer, matching, oneOf, struct } from '../core/checks';
import { directives, isDuration, measured, size } from '../core/values';
import { RedisSettings } from './props';
import { SETTINGS, Setting, TypedSetting, measureOf } from './table';

/** The check of a setting follows from its line in the table. */
function settingCheck({ kind, min, max, choices }: Setting): Check {
  if (choices !== undefined) return oneOf(choices);
  if (kind === 'integer') return integer(min ?? 0, max ?? Number.MAX_SAFE_INTEGER);
  if (kind === 'flag') return flag;
  if (kind === 'text') return matching(/^[A-Za-z$]*$/, 'must be letters', "write for example 'Ex'");
  const inBytes = kind === 'bytes' || kind === 'clientBuffer';
  return measured(
    inBytes ? size : isDuration,
    (value) => measureOf(kind, value) ?? 0,
    min ?? 0,
    max,
    inBytes ? 'bytes' : kind,
  );
}

const SETTING_CHECKS = Object.fromEntries(
  Object.entries(SETTINGS).map(([property, setting]) => [property, settingCheck(setting)]),
) as Record<TypedSetting, Check>;

export const SETTINGS_CHECKS = { settings: struct<RedisSettings>({ ...SETTING_CHECKS, directives }) };
