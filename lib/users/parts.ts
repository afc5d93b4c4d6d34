import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { NOT_PRUNED, objectMetadata } from '../identity/labels';
import { naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { userList } from './list';
import { ResolvedUsers } from './resolve';

/** The list of users, as Kubernetes has it. */
export interface UsersProps {
  /** The list that the keepers read. @default - none */
  readonly list?: k8s.KubeConfigMapProps;
}

/** The users of a cluster. Their list has always the same name, so that a change of it is told to servers that run. */
export class Users extends Construct {
  /** The list that the keepers read; undefined where there are no users. */
  public readonly list: k8s.KubeConfigMap | undefined;

  public constructor(scope: Construct, id: string, props: UsersProps) {
    super(scope, id);
    this.list = props.list && new k8s.KubeConfigMap(this, 'list', props.list);
  }
}

export function usersProps(cluster: ResolvedIdentity & ResolvedUsers): UsersProps {
  if (cluster.users.length === 0) return {};
  const metadata = objectMetadata(cluster, naming.users(cluster.name), {
    annotations: NOT_PRUNED,
    description: 'Users and their rights. The keepers tell every server, while it runs.',
  });
  return { list: { metadata, data: { users: userList(cluster) } } };
}
