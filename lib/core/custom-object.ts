import { ApiObjectMetadata } from 'cdk8s';

/** An object of a kind that Kubernetes itself has not. */
export interface CustomObjectProps {
  /** Group and version. */
  readonly apiVersion: string;
  /** Kind. */
  readonly kind: string;
  /** Name, labels and annotations. */
  readonly metadata: ApiObjectMetadata;
  /** What it says, as its kind wants it. */
  readonly spec: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- jsii has no other word for it
}
