import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import { Check, guard, having, inTurn, integer, map, matching, struct, text } from './checks';

/** Checks of the values that cdk8s and Kubernetes have: sizes, durations, names, resources. */

/** With its fraction: a conversion that fails would not say where. */
export function bytesOf(value: unknown): number {
  return (value as Size).toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * 1024;
}

/** With its fraction, as above. */
export function millisecondsOf(value: unknown): number {
  return (value as Duration).toMilliseconds({ integral: false });
}

export const isSize = having('toKibibytes', 'a Size', 'write Size.mebibytes(…) or Size.gibibytes(…)');
export const isDuration = having('toMilliseconds', 'a Duration', 'write Duration.seconds(…)');

/** A size that a manifest can have. */
export const size = inTurn(isSize, (value, property, problems) => {
  if (Number.isInteger(bytesOf(value) / 1024)) return;
  const must = 'must be whole KiB';
  problems.push({ rule: 'range', property, value: 'a fraction', must, remedy: 'write Size.kibibytes(…)' });
});

const cpu = guard(
  'type',
  (value) =>
    typeof value === 'object' && value !== null && /^\d+(\.\d+)?m?$/.test(String(Reflect.get(value, 'amount'))),
  'must be a Cpu',
  'write Cpu.millis(…)',
);

export const resources = struct({
  cpu: struct({ request: cpu, limit: cpu }),
  memory: struct({ request: size, limit: size }),
  ephemeralStorage: struct({ request: size, limit: size }),
});

/** A DNS label that begins with a letter: what the name of a Service is, and so every name of an object here. */
export const DNS_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

export const dnsLabel = matching(
  DNS_LABEL,
  'must be a DNS label that begins with a letter',
  "write 1 to 63 lower case letters, digits and '-'",
);

export const objectName = matching(
  /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/,
  'must be the name of an object',
  "write lower case letters, digits, '-' and '.'",
);

export const secretKey = matching(
  /^[-._a-zA-Z0-9]+$/,
  'must be a key of a Secret',
  "write letters, digits, '.', '_' and '-'",
);

export const port = integer(1, 65_535);

export const strings = map(text);

/** Lines of redis.conf or sentinel.conf. */
export const directives = map(matching(/^[^\n\r]+$/, 'must be one line', 'write the value as in redis.conf'), {
  pattern: /^[a-z][a-z0-9-]*$/,
  must: "must be a directive in lower case letters, digits and '-'",
});

/** A duration of a range, in whole units: a directive in seconds can't have half of one. */
export function between(min: Duration, max: Duration, unit: 'seconds' | 'milliseconds'): Check {
  const inUnits = (value: unknown): number => millisecondsOf(value) / (unit === 'seconds' ? 1000 : 1);
  return measured(isDuration, inUnits, inUnits(min), inUnits(max), unit);
}

/** A value with a unit: of the right class, a whole number of that unit, and in range. */
export function measured(
  type: Check,
  measure: (value: unknown) => number,
  min: number,
  max: number | undefined,
  unit: string,
): Check {
  return inTurn(type, (value, property, problems) => {
    const amount = measure(value);
    if (Number.isInteger(amount) && amount >= min && amount <= (max ?? Infinity)) return;
    const range = `${min}${max === undefined ? ' or more' : ` to ${max}`} ${unit}`;
    problems.push({
      rule: 'range',
      property,
      value: `${amount} ${unit}`,
      must: `must be whole ${unit}, ${range}`,
      remedy: `write ${range}`,
    });
  });
}
