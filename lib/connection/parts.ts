import { Construct } from 'constructs';
import { DefaultUser, PasswordSource } from '../auth/props';
import { ResolvedAuth } from '../auth/resolve';
import { EnvValue, ISecret, Secret, k8s } from '../core/kplus';
import { sortedEntries } from '../core/sorted';
import { CLIENT_CA_PATH, ENV_PREFIX } from '../defaults';
import { clientLabels } from '../identity/labels';
import { ResolvedIdentity } from '../identity/resolve';
import { isScripted } from '../image/resolve';
import { ResolvedNodes } from '../nodes/resolve';
import { ResolvedProxy } from '../proxy/resolve';
import { ResolvedSentinels } from '../sentinels/resolve';
import { CA_FILE, caSource } from '../tls/pod';
import { ResolvedTls } from '../tls/resolve';
import { Servers } from '../users/props';
import { ResolvedUsers } from '../users/resolve';
import { ConnectionAddress, ConnectionProps, ConnectionTls, ConnectionUser, EnvOptions } from './props';

/** As whom a client logs in. */
interface Login {
  readonly user?: string;
  readonly password: PasswordSource | undefined;
  readonly sentinelUser?: string;
  readonly sentinelPassword: PasswordSource | undefined;
}

/** What a client needs to find the master: by the sentinels, or by the one address of the proxies. */
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
  /** Users of the cluster, in order. */
  public readonly users: ConnectionUser[];
  /** The address of the proxies, for clients that know no Sentinel; undefined where there are none. */
  public readonly proxy: ConnectionAddress | undefined;
  /** The address of the proxies for reads that may be a little old; undefined where there is none. */
  public readonly reads: ConnectionAddress | undefined;
  /** What a client must know of the encryption; undefined where all is in clear. */
  public readonly tls: ConnectionTls | undefined;
  /** Labels that a client's pod must have to be let in by the network policies. */
  public readonly clientLabels: Record<string, string>;

  /** @param scope a construct that may have children; @param props what a client must know */
  public constructor(
    private readonly scope: Construct,
    private readonly props: ConnectionProps,
  ) {
    this.masterName = props.masterName;
    this.sentinelHosts = props.sentinelHosts;
    this.sentinelPort = props.sentinelPort;
    this.redisPort = props.redisPort;
    this.password = props.password;
    this.sentinelPassword = props.sentinelPassword;
    this.users = props.users ?? [];
    this.proxy = props.proxy;
    this.reads = props.reads;
    this.tls = props.tls;
    this.clientLabels = props.clientLabels;
  }

  /** All sentinels as most clients take them: `host:port,host:port`. */
  public get sentinels(): string {
    return this.sentinelHosts.map((host) => `${host}:${this.sentinelPort}`).join(',');
  }

  /**
   * Variables of a client's container: `REDIS_SENTINELS`, `REDIS_MASTER_NAME`, `REDIS_PASSWORD` and
   * `REDIS_SENTINEL_PASSWORD`; without authentication only the first two. Where there are proxies also `REDIS_HOST` and
   * `REDIS_PORT`, and where these have an address for reads `REDIS_READS_HOST` and `REDIS_READS_PORT`.
   * With TLS also `REDIS_TLS`, which is `true`, and `REDIS_TLS_CA`, the file that {@link caVolumeMount} brings.
   *
   * The passwords are references to the Secret, which must be in the client's namespace too. The hosts have the namespace of
   * the cluster's chart, so that a client in any namespace finds them; what moves rendered manifests to another namespace,
   * such as kustomize, does not change them there. Those of a chart without a namespace are found from the cluster's own
   * namespace only, wherever that is.
   *
   * @throws Error where the cluster has no such user, or none is named and the default user is off
   */
  public toEnv(options: EnvOptions = {}): Record<string, EnvValue> {
    const prefix = options.prefix ?? ENV_PREFIX;
    const login = this.loginOf(options.user);
    // Sorted, as in every map that Go hands on: in a pod they become a list, and its order would be another there.
    const values = {
      ...addressValues(prefix, this.proxy),
      [`${prefix}_MASTER_NAME`]: EnvValue.fromValue(this.masterName),
      ...(login.password && { [`${prefix}_PASSWORD`]: this.envValue(login.password) }),
      ...addressValues(`${prefix}_READS`, this.reads),
      [`${prefix}_SENTINELS`]: EnvValue.fromValue(this.sentinels),
      ...(login.sentinelPassword && { [`${prefix}_SENTINEL_PASSWORD`]: this.envValue(login.sentinelPassword) }),
      ...(login.sentinelUser !== undefined && {
        [`${prefix}_SENTINEL_USERNAME`]: EnvValue.fromValue(login.sentinelUser),
      }),
      ...(this.tls && {
        [`${prefix}_TLS`]: EnvValue.fromValue('true'),
        [`${prefix}_TLS_CA`]: EnvValue.fromValue(`${CLIENT_CA_PATH}/${CA_FILE}`),
      }),
      ...(login.user !== undefined && { [`${prefix}_USERNAME`]: EnvValue.fromValue(login.user) }),
    };
    return Object.fromEntries(sortedEntries(values));
  }

  private loginOf(name: string | undefined): Login {
    const names = this.users.map((user) => `'${user.name}'`).join(', ');
    if (name === undefined) {
      if (this.props.defaultUser === DefaultUser.OFF)
        throw new Error(
          `the default user of ${this.masterName} is off: write toEnv({ user: '…' }) with one of ${names}`,
        );
      return { password: this.password, sentinelPassword: this.sentinelPassword };
    }
    const user = this.users.find((one) => one.name === name);
    if (user === undefined)
      throw new Error(`${this.masterName} has no user '${name}': write one of ${names || 'its users, in users'}`);
    // As the default user where it is on the other kind of servers only.
    return {
      ...(user.on === Servers.SENTINELS ? { password: this.password } : { user: name, password: user.password }),
      ...(user.on === Servers.NODES
        ? { sentinelPassword: this.sentinelPassword }
        : { sentinelUser: name, sentinelPassword: user.password }),
    };
  }

  /**
   * The volume of a client's pod with the certificates of the CA, and nothing else; undefined where all is in clear.
   *
   * The Secret or ConfigMap must be in the client's namespace too. What is written into it later is in the file within two minutes.
   */
  public get caVolume(): k8s.Volume | undefined {
    if (this.tls === undefined) return undefined;
    const { secretName, configMapName, key } = this.tls.ca;
    const kind = secretName === undefined ? 'config-map' : 'secret';
    const source = caSource({ kind, name: secretName ?? configMapName ?? '', key });
    return { name: CA_VOLUME, projected: { sources: [source] } };
  }

  /** Where a client's container has that volume; undefined where all is in clear. */
  public get caVolumeMount(): k8s.VolumeMount | undefined {
    return this.tls && { name: CA_VOLUME, mountPath: CLIENT_CA_PATH, readOnly: true };
  }

  private envValue({ secretName, key }: PasswordSource): EnvValue {
    return EnvValue.fromSecretValue({ secret: existingSecret(this.scope, secretName), key });
  }
}

function addressValues(prefix: string, address: ConnectionAddress | undefined): Record<string, EnvValue> {
  if (address === undefined) return {};
  return {
    [`${prefix}_HOST`]: EnvValue.fromValue(address.host),
    [`${prefix}_PORT`]: EnvValue.fromValue(String(address.port)),
  };
}

const CA_VOLUME = 'redis-tls';

/** A reference to a Secret that exists; it is no object of its own. */
function existingSecret(scope: Construct, name: string): ISecret {
  const id = `existing-${name}`;
  const known = scope.node.tryFindChild(id);
  return (known as (Construct & ISecret) | undefined) ?? Secret.fromSecretName(scope, id, name);
}

export function connectionProps(
  cluster: ResolvedIdentity &
    ResolvedNodes &
    ResolvedSentinels &
    ResolvedAuth &
    ResolvedUsers &
    ResolvedProxy &
    ResolvedTls,
): ConnectionProps {
  const { tls } = cluster;
  const { redis, sentinel } = cluster.auth.passwords;
  const { proxy } = cluster;
  // Images that configure themselves have no variable for it: their sentinels ask for none.
  const asks = cluster.sentinels.some(isScripted);
  return {
    masterName: cluster.masterName,
    sentinelHosts: cluster.sentinels.map(({ host }) => host),
    sentinelPort: cluster.sentinelPort,
    redisPort: cluster.redisPort,
    ...(proxy !== undefined && { proxy: { host: proxy.host, port: proxy.port } }),
    ...(proxy?.reads !== undefined && { reads: { host: proxy.reads.host, port: proxy.reads.port } }),
    ...(redis !== undefined && { password: redis }),
    ...(sentinel !== undefined && asks && { sentinelPassword: sentinel }),
    users: cluster.users.flatMap(({ name, passwords: [password], on }) =>
      password === undefined ? [] : [{ name, password, on }],
    ),
    defaultUser: cluster.auth.defaultUser,
    ...(tls !== undefined && {
      tls: {
        ca: { [tls.ca.kind === 'secret' ? 'secretName' : 'configMapName']: tls.ca.name, key: tls.ca.key },
        clientCertificates: tls.clientCertificates,
      },
    }),
    clientLabels: clientLabels(cluster.name),
  };
}
