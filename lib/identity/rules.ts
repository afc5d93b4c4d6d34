import { shown } from '../core/problems';
import { Rule } from '../core/rule';
import { DNS_LABEL } from '../core/values';
import { overwritten } from './labels';
import { ResolvedIdentity } from './resolve';

/** Room for the longest ending of a name, and for the hash of a ConfigMap. */
const LONGEST_NAME = 40;

const nameIsLabel: Rule<ResolvedIdentity> = ({ name }) =>
  name.length <= LONGEST_NAME && DNS_LABEL.test(name)
    ? []
    : [
        {
          rule: 'cluster-name',
          property: 'name',
          value: shown(name),
          must: `must be a DNS label of at most ${LONGEST_NAME} characters, for the name of every object begins with it`,
          remedy: "write a letter, then lower case letters, digits and '-'; without a name it is the construct's id",
        },
      ];

const labelsAreFree: Rule<ResolvedIdentity> = ({ metadata }) => [
  ...overwritten('metadata.labels', metadata.labels),
  ...overwritten('metadata.podLabels', metadata.podLabels),
];

export const IDENTITY_RULES = [nameIsLabel, labelsAreFree];
