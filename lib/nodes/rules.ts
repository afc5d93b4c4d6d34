import { Rule } from '../core/rule';
import { REPLICAS } from '../defaults';
import { withoutMember } from '../member/rules';
import { Risk, risky } from '../risks';
import { ResolvedNodes } from './resolve';

const masterHasReplica: Rule<ResolvedNodes> = ({ nodes }) =>
  nodes.length > 1
    ? []
    : [
        risky(Risk.NO_REPLICA, {
          rule: 'no-replica',
          property: 'nodes.replicas',
          value: '0',
          must: 'leaves nobody to take over when the master is lost',
          remedy: `write ${REPLICAS}`,
        }),
      ];

const overridesHaveReplicas: Rule<ResolvedNodes> = ({ nodes, overriddenReplicas }) =>
  withoutMember('nodes.replicaOverrides', overriddenReplicas, nodes.length - 1, 'replica');

export const NODES_RULES = [masterHasReplica, overridesHaveReplicas];
