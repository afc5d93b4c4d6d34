import { DefaultUser, PasswordSource } from '../auth/props';
import { ClientCertificates } from '../tls/props';
import { Servers } from '../users/props';

/** Names of the variables that `toEnv()` makes. */
export interface EnvOptions {
  /**
   * Beginning of each variable's name.
   *
   * @default 'REDIS'
   */
  readonly prefix?: string;

  /**
   * The user of the cluster's `users` as which the client logs in, on nodes and sentinels. Its name and first password are told too:
   * `REDIS_USERNAME` and `REDIS_SENTINEL_USERNAME`.
   *
   * @default - the default user; where that is off a user must be named
   */
  readonly user?: string;
}

/** A user as a client needs it. */
export interface ConnectionUser {
  /** Name by which it logs in. */
  readonly name: string;
  /** Where its password is. */
  readonly password: PasswordSource;
  /** On which servers it is. */
  readonly on: Servers;
}

/** Where a client connects to. */
export interface ConnectionAddress {
  /** Host, with the namespace of the chart where it has one. */
  readonly host: string;
  /** Port. */
  readonly port: number;
}

/** Where the certificates of the CA are. */
export interface CaSource {
  /** Name of the Secret. @default - it is in a ConfigMap */
  readonly secretName?: string;
  /** Name of the ConfigMap. @default - it is in a Secret */
  readonly configMapName?: string;
  /** Key in it. */
  readonly key: string;
}

/** What a client must know of the encryption. */
export interface ConnectionTls {
  /** Whom a client should trust. */
  readonly ca: CaSource;
  /** Whether a client must show a certificate of that CA. */
  readonly clientCertificates: ClientCertificates;
}

/** What a client must know of a cluster. */
export interface ConnectionProps {
  /** Name of the master, as the sentinels know it. */
  readonly masterName: string;
  /** Host of each sentinel. */
  readonly sentinelHosts: string[];
  /** Port of the sentinels. */
  readonly sentinelPort: number;
  /** Port of the nodes. */
  readonly redisPort: number;
  /** Host and port of the proxies. @default - there are none */
  readonly proxy?: ConnectionAddress;
  /** Host and port of the proxies for reads. @default - there are none */
  readonly reads?: ConnectionAddress;
  /** Where the nodes' password is. @default - they ask for none */
  readonly password?: PasswordSource;
  /** Where the sentinels' password is. @default - they ask for none */
  readonly sentinelPassword?: PasswordSource;
  /** Users of the cluster. @default - none */
  readonly users?: ConnectionUser[];
  /** Whether a client may log in without a name. @default DefaultUser.ON */
  readonly defaultUser?: DefaultUser;
  /** What it must know of the encryption. @default - all is in clear */
  readonly tls?: ConnectionTls;
  /** Labels by which the network policies let a client in. */
  readonly clientLabels: Record<string, string>;
}
