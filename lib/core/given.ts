import { isPlain, optionsOf } from './checks';
import { Problem, shown } from './problems';

/**
 * What stands in the props, by its path, as it is shown in an error. For rules about what would do nothing: those need to
 * know that it was given, and never its value.
 */
export type Given = ReadonlyMap<string, string>;

export function givenIn(props: object): Given {
  return new Map(pathsIn(props, ''));
}

function pathsIn(value: object, path: string): [string, string][] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]): [string, string][] => {
    if (member === undefined) return [];
    const below = path === '' ? name : `${path}.${name}`;
    return [[below, shown(member, below)], ...pathsIn(membersOf(member), below)];
  });
}

/** Those of a plain object, or what a function that made an object was told. */
function membersOf(value: unknown): object {
  return isPlain(value) ? value : (optionsOf(value) ?? {});
}

/** Problems of what was given and does nothing. */
export function idle(given: Given, isIdle: (path: string) => boolean, must: string, remedy: string): Problem[] {
  return [...given]
    .filter(([path]) => isIdle(path))
    .map(([property, value]) => ({ rule: 'without-effect', property, value, must, remedy }));
}
