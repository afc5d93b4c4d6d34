import { isDeepStrictEqual } from 'node:util';
import { kubectl } from '../../live/kit/kubectl';
import type { Delivery } from '../../live/kit/live-cluster';

/** A tool that applies what is committed. */
export interface GitOps extends Delivery {
  /** Deletes what has told it of the repository, and with that all that it applied but for these kinds. */
  readonly cascade: () => Promise<void>;
  readonly left: readonly string[];
  /** Whether it applies nothing at all where one object is refused. */
  readonly allOrNothing: boolean;
  /** All that it says of what it applies. */
  readonly said: () => Promise<string>;
  /** Has it look at the repository and at the cluster now, waits until it has, and says what it found to do. */
  readonly differences: () => Promise<string[]>;
  /** Has it apply once more what is committed, and waits until it has. */
  readonly again: () => Promise<void>;
}

const KINDS = 'deployment,service,persistentvolumeclaim,configmap,networkpolicy,poddisruptionbudget';

interface Live {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/** What only tells when and by whom something was written, and how it is. */
const UNSAID = ['resourceVersion', 'managedFields', 'status'];

/** What somebody wants in a namespace. */
export async function contentOf(namespace: string): Promise<Live[]> {
  const { stdout } = await kubectl(['-n', namespace, 'get', KINDS, '--output=json']);
  const said = (key: string, value: unknown): unknown => (UNSAID.includes(key) ? undefined : value);
  return (JSON.parse(stdout, said) as { items: Live[] }).items;
}

/** What has been changed between two looks. */
export function changed(before: Live[], after: Live[]): string[] {
  const named = ({ kind, metadata }: Live): string => `${kind} ${metadata.namespace}/${metadata.name}`;
  const known = new Map(before.map((one) => [named(one), one]));
  return [
    ...after.filter((one) => !isDeepStrictEqual(known.get(named(one)), one)).map(named),
    ...before.filter((one) => !after.some((other) => named(other) === named(one))).map(named),
  ];
}
