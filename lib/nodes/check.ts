import { integer, struct } from '../core/checks';
import { port, resources } from '../core/values';
import { MEMBER_CHECKS, groupChecks } from '../member/check';
import { NodesOptions, ReplicaOverrides } from './props';

const replica = struct(MEMBER_CHECKS);

export const NODES_CHECKS = {
  nodes: struct<NodesOptions>({
    ...groupChecks('nodes.master.name, or nodes.replicaOverrides.replica1.name'),
    replicas: integer(0, 9),
    port,
    master: struct(MEMBER_CHECKS),
    replicaOverrides: struct<ReplicaOverrides>({
      replica1: replica,
      replica2: replica,
      replica3: replica,
      replica4: replica,
      replica5: replica,
      replica6: replica,
      replica7: replica,
      replica8: replica,
      replica9: replica,
    }),
    keeperResources: resources,
  }),
};
