import { inspect } from 'node:util';

/**
 * One thing that is wrong with the props of a cluster. Other languages get the text of the error.
 *
 * @jsii ignore
 */
export interface Problem {
  /** Name of the rule. */
  readonly rule: string;
  /** Where: a path in the props, such as `nodes.replicas`. */
  readonly property: string;
  /** What was given, as text. */
  readonly value: string;
  /** What must hold. */
  readonly must: string;
  /** What to write instead. */
  readonly remedy: string;
}

/**
 * Thrown by the constructor when the props of a cluster can't work: every problem at once, and no object made.
 *
 * An error of another language can't be of this class; it has the text.
 *
 * @jsii ignore
 */
export class InvalidClusterError extends Error {
  /** @param path construct path of the cluster; @param problems what is wrong */
  public constructor(
    public readonly path: string,
    public readonly problems: Problem[],
  ) {
    super(
      [
        `RedisSentinelCluster '${path}' was not rendered: ${problems.length} problem${problems.length === 1 ? '' : 's'}`,
        ...problems.map(
          ({ rule, property, value, must, remedy }) => `  ${property} = ${value}: ${must}; ${remedy} [${rule}]`,
        ),
      ].join('\n'),
    );
    this.name = 'InvalidClusterError';
  }
}

/**
 * A value as it stands in an error: one short line, whatever it is. Never a password, wherever it was put by mistake: what
 * an object holds is not shown, nor what stands under a name that may be a password's.
 */
export function shown(value: unknown, property = ''): string {
  if (/pass|auth|secret(?!s)|token|\bacl|\benv\b|directives\.user/i.test(property)) return '(not shown)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = inspect(value, { breakLength: Infinity });
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
