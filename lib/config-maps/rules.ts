import { Rule } from '../core/rule';
import { ResolvedConfigMaps } from './resolve';

/** Git on Windows may write them so, and an editor; a pod would show it only by its shell's `Illegal option -`. */
const scriptsHaveLineFeeds: Rule<ResolvedConfigMaps> = ({ configMaps: { scripts } }) => {
  const broken = Object.keys(scripts.data).filter((file) => scripts.data[file]?.includes('\r'));
  if (broken.length === 0) return [];
  return [
    {
      rule: 'script-line-ends',
      property: 'scripts',
      value: broken.join(', '),
      must: 'must have no carriage return, which a shell takes for a part of its word: no pod would start',
      remedy: 'check this library out anew, with its .gitattributes, or install the package anew',
    },
  ];
};

export const CONFIG_MAPS_RULES = [scriptsHaveLineFeeds];
