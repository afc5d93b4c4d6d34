import { Chart, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { RedisSentinelCluster, Storage } from '../../lib';

/** What the teams may choose. Everything else is the same for all of them. */
export interface TeamOptions {
  /** Memory of each node; data get about two thirds of it. */
  readonly memory: Size;
  /** Replicas. @default 2 */
  readonly replicas?: number;
}

/** A cluster for each team, by the name of its namespace: no name can stand here twice. */
export const TEAMS: Record<string, TeamOptions> = {
  billing: { memory: Size.gibibytes(1) },
  catalog: { memory: Size.gibibytes(2), replicas: 3 },
  search: { memory: Size.gibibytes(4) },
};

/** The cluster of one team. */
export class TeamChart extends Chart {
  public constructor(scope: Construct, team: string, { memory, replicas = 2 }: TeamOptions) {
    super(scope, team, { namespace: team });
    new RedisSentinelCluster(this, 'cache', {
      nodes: {
        replicas,
        resources: { memory: { request: memory, limit: memory } },
        // Data get less than two thirds of the memory, and the append-only file up to three times the data.
        storage: Storage.claim({ size: Size.mebibytes(memory.toMebibytes() * 2) }),
      },
    });
  }
}
