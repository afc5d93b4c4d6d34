import { Given, idle } from '../core/given';
import { shown } from '../core/problems';
import { Rule } from '../core/rule';
import { EnvContract } from '../image/props';
import { isScripted } from '../image/resolve';
import { ResolvedMember } from '../member/resolve';
import { Risk, risky } from '../risks';

/** What these rules look at. */
export interface Judged {
  readonly members: readonly ResolvedMember[];
  readonly given: Given;
}

/** What an image that configures itself can't be told would silently do nothing. */
const selfConfiguredKnowsLittle: Rule<Judged> = ({ members, given }) => {
  const own = members.filter((member) => !isScripted(member));
  if (own.length === 0) return [];
  const property = 'image.envContract';
  const value = shown(EnvContract.SELF_CONFIGURED);
  if (own.length < members.length) {
    const must = 'is that of some members only, and the others would wait for them for ever';
    return [{ rule: 'self-configured', property, value, must, remedy: 'write it for all members or for none' }];
  }
  const must = 'knows no start rule: a master that comes back empty empties its replicas';
  const remedy = 'write an official image and leave it out';
  return [
    risky(Risk.SELF_CONFIGURED_IMAGE, { rule: 'self-configured', property, value, must, remedy }),
    ...idle(
      given,
      isUnheard,
      'does nothing in an image that configures itself',
      'delete it, or use nodes.pod.env with the name that the image wants',
    ),
  ];
};

/** What the article's images, or Kubernetes alone, make something of. A feature that is not here is refused with them. */
const HEARD = [
  'name',
  'masterName',
  'metadata',
  'image',
  'nodes',
  'sentinels',
  'settings',
  'settings.maxmemory',
  'settings.maxclients',
  'auth',
  'networkPolicy',
  'disruptionBudgets',
  'acceptRisks',
];
/** And of those, what they know nothing of. */
const UNHEARD = [
  'sentinels.parallelSyncs',
  'sentinels.directives',
  'sentinels.keeperResources',
  'nodes.keeperResources',
  'auth.sentinelPassword',
  'auth.sentinelPasswordKey',
  'auth.overlap',
  'auth.defaultUser',
  'auth.previousPasswordKey',
  'auth.previousSentinelPasswordKey',
];

function isUnheard(path: string): boolean {
  return (/^(settings\.)?\w+$/.test(path) && !HEARD.includes(path)) || UNHEARD.includes(path);
}

export const ARTICLE_RULES = [selfConfiguredKnowsLittle];
