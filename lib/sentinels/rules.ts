import { Rule } from '../core/rule';
import { DOWN_AFTER, HASTY_DOWN_AFTER, SENTINELS } from '../defaults';
import { withoutMember } from '../member/rules';
import { Risk, risky } from '../risks';
import { ResolvedSentinels, majorityOf } from './resolve';

const quorumIsReachable: Rule<ResolvedSentinels> = ({ quorum, sentinels }) =>
  quorum <= sentinels.length
    ? []
    : [
        {
          rule: 'quorum-reachable',
          property: 'sentinels.quorum',
          value: String(quorum),
          must: `is more than there are sentinels (${sentinels.length}), so no master would ever be replaced`,
          remedy: `write ${majorityOf(sentinels.length)}, or leave it out`,
        },
      ];

const quorumIsMajority: Rule<ResolvedSentinels> = ({ quorum, sentinels }) =>
  quorum >= majorityOf(sentinels.length)
    ? []
    : [
        risky(Risk.LOW_QUORUM, {
          rule: 'low-quorum',
          property: 'sentinels.quorum',
          value: String(quorum),
          must: `is no majority of ${sentinels.length} sentinels: the few that are cut off start failovers that nobody elects`,
          remedy: `write ${majorityOf(sentinels.length)}, or leave it out`,
        }),
      ];

const sentinelsAreOdd: Rule<ResolvedSentinels> = ({ sentinels: { length: count } }) => {
  const problem = { property: 'sentinels.count', value: String(count) };
  if (count === 1) {
    const must = 'leaves nobody to promote a replica when its machine is lost';
    const remedy = `write ${SENTINELS}`;
    return [risky(Risk.SINGLE_SENTINEL, { ...problem, rule: 'single-sentinel', must, remedy })];
  }
  if (count % 2 === 1) return [];
  const must = `survives no more losses than ${count - 1}`;
  return [risky(Risk.EVEN_SENTINELS, { ...problem, rule: 'even-sentinels', must, remedy: `write ${count + 1}` })];
};

const failoverIsPatient: Rule<ResolvedSentinels> = ({ downAfter }) =>
  downAfter.toMilliseconds() >= HASTY_DOWN_AFTER.toMilliseconds()
    ? []
    : [
        risky(Risk.HASTY_FAILOVER, {
          rule: 'hasty-failover',
          property: 'sentinels.downAfter',
          value: `${downAfter.toMilliseconds()} ms`,
          must: 'is shorter than a fork or a slow command may freeze a healthy master',
          remedy: `write Duration.seconds(${DOWN_AFTER.toSeconds()})`,
        }),
      ];

const overridesHaveSentinels: Rule<ResolvedSentinels> = ({ sentinels, overriddenSentinels }) =>
  withoutMember('sentinels.overrides', overriddenSentinels, sentinels.length, 'sentinel');

export const SENTINELS_RULES = [
  quorumIsReachable,
  quorumIsMajority,
  sentinelsAreOdd,
  failoverIsPatient,
  overridesHaveSentinels,
];
