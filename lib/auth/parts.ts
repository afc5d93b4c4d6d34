import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedAuth } from './resolve';

/** The passwords that are part of a manifest, as Kubernetes has them. */
export interface PlainTextPasswordsProps {
  /** The Secret. @default - none */
  readonly secret?: k8s.KubeSecretProps;
}

/** The Secret of a cluster whose passwords are in its manifest. */
export class PlainTextPasswords extends Construct {
  /** The Secret; undefined where it comes from elsewhere, or there is no password. */
  public readonly secret: k8s.KubeSecret | undefined;

  public constructor(scope: Construct, id: string, props: PlainTextPasswordsProps) {
    super(scope, id);
    this.secret = props.secret && new k8s.KubeSecret(this, 'secret', props.secret);
  }
}

export function plainTextPasswordsProps(cluster: ResolvedIdentity & ResolvedAuth): PlainTextPasswordsProps {
  const { plainText } = cluster.auth;
  if (plainText === undefined) return {};
  return { secret: { metadata: objectMetadata(cluster, naming.authSecret(cluster.name)), stringData: plainText } };
}
