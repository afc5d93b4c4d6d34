import { MetadataOptions } from './props';

/** Where a cluster is made. */
export interface Place {
  /** Id of the construct. */
  readonly id: string;
  /** That of the chart; undefined where the chart has none. */
  readonly namespace: string | undefined;
}

/** What every object of a cluster needs to be named and labelled. */
export interface ResolvedIdentity {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly masterName: string;
  readonly metadata: Required<MetadataOptions>;
}

interface Given {
  readonly name?: string;
  readonly masterName?: string;
  readonly metadata?: MetadataOptions;
}

export function resolveIdentity(props: Given, { id, namespace }: Place): ResolvedIdentity {
  const name = props.name ?? id;
  return {
    name,
    namespace,
    masterName: props.masterName ?? name,
    metadata: { labels: {}, annotations: {}, podLabels: {}, podAnnotations: {}, ...props.metadata },
  };
}
