import { Problem, shown } from './problems';

/**
 * What TypeScript checks at compile time, once more at run time: programs in plain JavaScript have no compiler, and there
 * a misspelt prop would silently do nothing.
 */
export type Check = (value: unknown, property: string, problems: Problem[]) => void;

/** A check for each member of T: a member without one does not compile. */
export type Members<T> = { readonly [K in keyof Required<T>]: Check };

export function struct<T>(members: Members<T>): Check {
  const known = new Map<string, Check>(Object.entries(members));
  return (value, property, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.push(
        refuse(
          'type',
          property,
          value,
          'must be an object',
          `write { ${[...known.keys()].slice(0, 2).join(', ')}, … }`,
        ),
      );
      return;
    }
    for (const [name, member] of Object.entries(value)) {
      const path = property === '' ? name : `${property}.${name}`;
      const check = known.get(name);
      if (check === undefined) {
        problems.push(
          refuse(
            'unknown-prop',
            path,
            member,
            'is not a prop',
            known.size > 0 ? `write one of: ${[...known.keys()].join(', ')}` : 'leave it out',
          ),
        );
      } else if (member !== undefined) {
        check(member, path, problems);
      }
    }
  };
}

export function map(check: Check, keys?: { readonly pattern: RegExp; readonly must: string }): Check {
  return (value, property, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.push(refuse('type', property, value, 'must be an object', "write { key: 'value' }"));
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      if (keys !== undefined && !keys.pattern.test(key)) {
        problems.push(refuse('key', `${property}.${key}`, member, `the key ${keys.must}`, 'write such a key'));
      }
      check(member, `${property}.${key}`, problems);
    }
  };
}

export function list(check: Check): Check {
  return (value, property, problems) => {
    if (!Array.isArray(value)) {
      problems.push(refuse('type', property, value, 'must be a list', 'write [ … ]'));
      return;
    }
    value.forEach((member, index) => {
      check(member, `${property}[${index}]`, problems);
    });
  };
}

export function integer(min: number, max: number): Check {
  return guard(
    'range',
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    `must be a whole number from ${min} to ${max}`,
    `write a whole number from ${min} to ${max}`,
  );
}

export const flag = guard(
  'type',
  (value) => typeof value === 'boolean',
  'must be true or false',
  'write true or false',
);

export const text = guard('type', (value) => typeof value === 'string', 'must be a string', "write '…'");

/** A Kubernetes object, as its own schema has it. */
export const object = guard(
  'type',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
  'write { … }',
);

/** The second only where the first finds nothing: it may rely on that. */
export function inTurn(first: Check, second: Check): Check {
  return (value, property, problems) => {
    const before = problems.length;
    first(value, property, problems);
    if (problems.length === before) second(value, property, problems);
  };
}

/** One in a list: an empty one says nothing, and may be one whose members were lost on the way from another language. */
export const something = inTurn(
  object,
  guard(
    'empty',
    (value) => Object.keys(value as object).length > 0,
    'is empty, and would silently be something else',
    'write its members',
  ),
);

export function matching(pattern: RegExp, must: string, remedy: string): Check {
  return guard('format', (value) => typeof value === 'string' && pattern.test(value), must, remedy);
}

export function oneOf(values: Record<string, string>): Check {
  const names = Object.values(values)
    .map((value) => `'${value}'`)
    .join(', ');
  return guard(
    'choice',
    (value) => typeof value === 'string' && Object.values(values).includes(value),
    'is not a choice',
    `write one of: ${names}`,
  );
}

/** An object of a class, known by a method and not by `instanceof`: a second copy of a package is not a mistake. */
export function having(method: string, what: string, remedy: string): Check {
  return guard(
    'type',
    (value) => typeof value === 'object' && value !== null && method in value,
    `must be ${what}`,
    remedy,
  );
}

/** An object that a function of a class made, and what that function was told; known by its kind as above. */
export function made(kinds: Record<string, Check>, what: string, remedy: string): Check {
  return (value, property, problems) => {
    const kind: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, '_kind') : undefined;
    const check = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (check === undefined) problems.push(refuse('type', property, value, `must be ${what}`, remedy));
    else check(Reflect.get(Object(value), '_options'), property, problems);
  };
}

export function notEmpty(check: Check, must: string, remedy: string): Check {
  return (value, property, problems) => {
    check(value, property, problems);
    if (Array.isArray(value) && value.length === 0) problems.push(refuse('empty', property, value, must, remedy));
  };
}

export function guard(rule: string, holds: (value: unknown) => boolean, must: string, remedy: string): Check {
  return (value, property, problems) => {
    if (!holds(value)) problems.push(refuse(rule, property, value, must, remedy));
  };
}

function refuse(rule: string, property: string, value: unknown, must: string, remedy: string): Problem {
  // A text that nobody asked for may be a password under any name.
  const text = rule === 'unknown-prop' && typeof value === 'string' ? '(not shown)' : shown(value, property);
  return { rule, property: property === '' ? 'props' : property, value: text, must, remedy };
}

/** Not made by a class: its members are the user's own. */
export function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What a function that made an object was told; undefined where none of ours did. */
export function optionsOf(value: unknown): object | undefined {
  const options: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, '_options') : undefined;
  return typeof options === 'object' && options !== null ? options : undefined;
}

/**
 * What is given as undefined is left out, also of what an object was made of: over a group's option or a default it would stand as
 * a value.
 */
export function withoutUndefined<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutUndefined) as T;
  if (isPlain(value)) {
    const entries: [string, unknown][] = Object.entries(value);
    const given = entries.filter(([, member]) => member !== undefined);
    return Object.fromEntries(given.map(([key, member]) => [key, withoutUndefined(member)])) as T;
  }
  const options = optionsOf(value);
  // The same object to whoever asks it, but for what it was told.
  return options === undefined
    ? value
    : (Object.create(value as object, { _options: { value: withoutUndefined(options) } }) as T);
}
