import { Construct } from 'constructs';
import { PasswordSource } from '../auth/props';
import { ResolvedAuth } from '../auth/resolve';
import { EnvValue, ISecret, Secret } from '../core/kplus';
import { ENV_PREFIX } from '../defaults';
import { clientLabels } from '../identity/labels';
import { ResolvedIdentity } from '../identity/resolve';
import { isScripted } from '../image/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { ResolvedSentinels } from '../sentinels/resolve';
import { ConnectionProps, EnvOptions } from './props';

/** What a client needs to find the master through the sentinels. */
export class Connection {
  /** Name of the master, as the sentinels know it. */
  public readonly masterName: string;
  /** Host of each sentinel, with the namespace of the chart where it has one. Give a client all of them. */
  public readonly sentinelHosts: string[];
  /** Port of the sentinels. */
  public readonly sentinelPort: number;
  /** Port of the nodes. */
  public readonly redisPort: number;
  /** Where the nodes' password is; undefined without authentication. */
  public readonly password: PasswordSource | undefined;
  /** Where the sentinels' password is; undefined where they ask for none. */
  public readonly sentinelPassword: PasswordSource | undefined;
  /** Labels that a client's pod must have to be let in by the network policies. */
  public readonly clientLabels: Record<string, string>;

  /** @param scope a construct that may have children; @param props what a client must know */
  public constructor(
    private readonly scope: Construct,
    props: ConnectionProps,
  ) {
    this.masterName = props.masterName;
    this.sentinelHosts = props.sentinelHosts;
    this.sentinelPort = props.sentinelPort;
    this.redisPort = props.redisPort;
    this.password = props.password;
    this.sentinelPassword = props.sentinelPassword;
    this.clientLabels = props.clientLabels;
  }

  /** All sentinels as most clients take them: `host:port,host:port`. */
  public get sentinels(): string {
    return this.sentinelHosts.map((host) => `${host}:${this.sentinelPort}`).join(',');
  }

  /**
   * Variables of a client's container: `REDIS_SENTINELS`, `REDIS_MASTER_NAME`, `REDIS_PASSWORD` and
   * `REDIS_SENTINEL_PASSWORD`; without authentication only the first two.
   *
   * The passwords are references to the Secret, which must be in the client's namespace too. The hosts have the namespace of
   * the cluster's chart, so that a client in any namespace finds them; what moves rendered manifests to another namespace,
   * such as kustomize, does not change them there. Those of a chart without a namespace are found from the cluster's own
   * namespace only, wherever that is.
   */
  public toEnv(options: EnvOptions = {}): Record<string, EnvValue> {
    const prefix = options.prefix ?? ENV_PREFIX;
    // By their names, as in every map that Go hands on: in a pod they become a list, and its order would be another there.
    return {
      [`${prefix}_MASTER_NAME`]: EnvValue.fromValue(this.masterName),
      ...(this.password && { [`${prefix}_PASSWORD`]: this.envValue(this.password) }),
      [`${prefix}_SENTINELS`]: EnvValue.fromValue(this.sentinels),
      ...(this.sentinelPassword && { [`${prefix}_SENTINEL_PASSWORD`]: this.envValue(this.sentinelPassword) }),
    };
  }

  private envValue({ secretName, key }: PasswordSource): EnvValue {
    return EnvValue.fromSecretValue({ secret: existingSecret(this.scope, secretName), key });
  }
}

/** A reference to a Secret that exists; it is no object of its own. */
function existingSecret(scope: Construct, name: string): ISecret {
  const id = `existing-${name}`;
  const known = scope.node.tryFindChild(id);
  return (known as (Construct & ISecret) | undefined) ?? Secret.fromSecretName(scope, id, name);
}

export function connectionProps(
  cluster: ResolvedIdentity & ResolvedNodes & ResolvedSentinels & ResolvedAuth,
): ConnectionProps {
  const { redis, sentinel } = cluster.auth.passwords;
  // Images that configure themselves have no variable for it: their sentinels ask for none.
  const asks = cluster.sentinels.some(isScripted);
  return {
    masterName: cluster.masterName,
    sentinelHosts: cluster.sentinels.map(({ host }) => host),
    sentinelPort: cluster.sentinelPort,
    redisPort: cluster.redisPort,
    ...(redis !== undefined && { password: redis }),
    ...(sentinel !== undefined && asks && { sentinelPassword: sentinel }),
    clientLabels: clientLabels(cluster.name),
  };
}
