/** Labels and annotations. */
export interface MetadataOptions {
  /** Labels of every object. They never are in a selector. @default - none */
  readonly labels?: Record<string, string>;
  /** Annotations of every object. Options of Argo CD are joined with those that an object needs. @default - none */
  readonly annotations?: Record<string, string>;
  /** Labels of every pod. @default - none */
  readonly podLabels?: Record<string, string>;
  /** Annotations of every pod. @default - none */
  readonly podAnnotations?: Record<string, string>;
}
