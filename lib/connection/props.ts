import { PasswordSource } from '../auth/props';

/** Names of the variables that `toEnv()` makes. */
export interface EnvOptions {
  /**
   * Beginning of each variable's name.
   *
   * @default 'REDIS'
   */
  readonly prefix?: string;
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
  /** Where the nodes' password is. @default - they ask for none */
  readonly password?: PasswordSource;
  /** Where the sentinels' password is. @default - they ask for none */
  readonly sentinelPassword?: PasswordSource;
  /** Labels by which the network policies let a client in. */
  readonly clientLabels: Record<string, string>;
}
