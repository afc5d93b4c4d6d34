import { Problem, shown } from '../core/problems';
import { EnvContract } from '../image/props';
import { neededGrace } from '../resolve';
import { Risk } from '../risks';
import { SCRIPTS_FOLDER, SCRIPT_FILES } from '../workload/scripts';
import { Ids } from '../security/props';
import { Rule, members, risky } from '../core/rule';

const guardIsReachable: Rule = ({ settings, nodes }) =>
  settings.minReplicasToWrite <= nodes.length - 1
    ? []
    : [
        {
          rule: 'guard-reachable',
          property: 'settings.minReplicasToWrite',
          value: String(settings.minReplicasToWrite),
          must: `is more than there are replicas (${nodes.length - 1}), so no write would ever be accepted`,
          remedy: 'write a lower number, or leave it out',
        },
      ];

const guardClosesFirst: Rule = ({ settings, downAfter }) =>
  settings.minReplicasToWrite === 0 || settings.minReplicasMaxLag.toMilliseconds() < downAfter.toMilliseconds()
    ? []
    : [
        {
          rule: 'guard-closes-first',
          property: 'settings.minReplicasMaxLag',
          value: `${settings.minReplicasMaxLag.toMilliseconds()} ms`,
          must: `is not shorter than sentinels.downAfter (${downAfter.toMilliseconds()} ms): a master that is cut off would still take writes when another one does`,
          remedy: 'write a shorter one, a longer sentinels.downAfter, or settings.minReplicasToWrite 0',
        },
      ];

const passwordIsAsked: Rule = ({ authKind }) =>
  authKind === 'none'
    ? [
        risky(Risk.NO_AUTH, {
          rule: 'no-auth',
          property: 'auth',
          value: 'none',
          must: 'lets everybody who reaches the port read and delete the data',
          remedy: "write Auth.secret({ secretName: '…' })",
        }),
      ]
    : [];

const passwordIsSecret: Rule = ({ authKind, given }) => {
  if (authKind !== 'plain') return [];
  const { password = '', sentinelPassword = password } = given.auth?._options ?? {};
  const values = [...new Set([password, sentinelPassword])];
  const broken: Problem[] = values
    .filter((value) => value === '' || /[\r\n]/.test(value))
    .map(() => ({
      rule: 'password-text',
      property: 'auth.password',
      value: '(not shown)',
      must: 'must not be empty, and must be one line',
      remedy: 'write another password',
    }));
  return [
    ...broken,
    risky(Risk.PLAIN_TEXT_PASSWORD, {
      rule: 'plain-text-password',
      property: 'auth',
      value: '(not shown)',
      must: 'puts a password in clear into the manifest, and so into Git',
      remedy: "write Auth.secret({ secretName: '…' })",
    }),
  ];
};

const strategyHasNoSurge: Rule = (cluster) =>
  members(cluster)
    .filter(({ deployment: { strategy } }) => {
      const surge: unknown = strategy.rollingUpdate?.maxSurge?.value;
      return strategy.type !== 'Recreate' && surge !== 0 && surge !== '0' && surge !== '0%';
    })
    .map(({ property, deployment }) => ({
      rule: 'strategy-surge',
      property: `${property}.deployment.strategy`,
      value: shown(deployment.strategy.type),
      must: 'starts a second pod beside the first, and that waits for the first to be gone for ever',
      remedy: 'leave it out, or write rollingUpdate with maxSurge 0 and maxUnavailable 1',
    }));

const graceFitsDeadline: Rule = (cluster) =>
  members(cluster)
    .filter(
      ({ deployment }) =>
        deployment.progressDeadline.toMilliseconds() <= deployment.terminationGracePeriod.toMilliseconds(),
    )
    .map(({ property, deployment }) => ({
      rule: 'grace-within-deadline',
      property: `${property}.deployment.progressDeadline`,
      value: `${deployment.progressDeadline.toSeconds()} s`,
      must: `is not longer than the grace period (${deployment.terminationGracePeriod.toSeconds()} s): a rollout would be reported as failed while a pod still stops`,
      remedy: 'write a longer one, or leave it out',
    }));

const hookFitsGrace: Rule = (cluster) =>
  members(cluster)
    .filter(({ envContract }) => envContract === EnvContract.SCRIPTS)
    .flatMap(({ property, component, deployment }) => {
      const needed = neededGrace(component, cluster[`${component}s`].length).toSeconds();
      const given = deployment.terminationGracePeriod.toSeconds();
      if (given >= needed) return [];
      return [
        {
          rule: 'hook-within-grace',
          property: `${property}.deployment.terminationGracePeriod`,
          value: `${given} s`,
          must: `is shorter than a stop can take when all ${component}s are changed at once (${needed} s): the last would be killed while it waits for its turn`,
          remedy: `write Duration.seconds(${needed}) or more, or leave it out`,
        },
      ];
    });

const MOVING = /^(latest|stable|edge|unstable|\d+)(-[a-z.0-9]+)?$|^(alpine|bookworm|trixie|bullseye)$/;

const tagStays: Rule = (cluster) => {
  const moving = members(cluster).filter(
    ({ imageTag, imageDigest }) => imageDigest === undefined && (imageTag === undefined || MOVING.test(imageTag)),
  );
  return [...new Set(moving.map(({ image }) => image))].map((image) =>
    risky(Risk.MOVING_TAG, {
      rule: 'moving-tag',
      property: 'image.tag',
      value: shown(image),
      must: 'is another image tomorrow: two pods of one Deployment may run different servers',
      remedy: "write a full version such as '8.0.2', or a digest",
    }),
  );
};

/** What an image that configures itself can't be told would silently do nothing. */
const selfConfiguredKnowsLittle: Rule = (cluster) => {
  const own = members(cluster).filter(({ envContract }) => envContract === EnvContract.SELF_CONFIGURED);
  if (own.length === 0) return [];
  const property = 'image.envContract';
  const value = shown(EnvContract.SELF_CONFIGURED);
  if (own.length < members(cluster).length) {
    const must = 'is that of some members only, and the others would wait for them for ever';
    return [{ rule: 'self-configured', property, value, must, remedy: 'write it for all members or for none' }];
  }
  const must = 'knows no start rule: a master that comes back empty empties its replicas';
  const remedy = 'write an official image and leave it out';
  return [
    risky(Risk.SELF_CONFIGURED_IMAGE, { rule: 'self-configured', property, value, must, remedy }),
    ...withoutEffect(cluster.given),
  ];
};

/** Git on Windows may write them so, and an editor; a pod would show it only by its shell's `Illegal option -`. */
const scriptsHaveLineFeeds: Rule = () => {
  const broken = Object.keys(SCRIPT_FILES).filter((file) => SCRIPT_FILES[file]?.includes('\r'));
  if (broken.length === 0) return [];
  return [
    {
      rule: 'script-line-ends',
      property: SCRIPTS_FOLDER,
      value: broken.join(', '),
      must: 'must have no carriage return, which a shell takes for a part of its word: no pod would start',
      remedy:
        'delete this folder and check it out anew, with the .gitattributes of this library, or install the package anew',
    },
  ];
};

/** An id that is in no pod would silently do nothing. */
const idsAreUsed: Rule = ({ security: { ids, restricted }, given }) => {
  const { user, group, fsGroup } = given.security ?? {};
  const numbers = { user, group, fsGroup };
  if (!restricted)
    return idle({ ids: given.security?.ids, ...numbers }, 'restricted: false', 'this section is left out');
  return ids === Ids.PLATFORM ? idle(numbers, 'ids: Ids.PLATFORM', 'the platform says it') : [];
};

function idle(options: Record<string, unknown>, beside: string, why: string): Problem[] {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({
      rule: 'without-effect',
      property: `security.${name}`,
      value: shown(value),
      must: `does nothing beside ${beside}: ${why}`,
      remedy: 'delete one of them',
    }));
}

type Given = Parameters<Rule>[0]['given'];

function withoutEffect(given: Given): Problem[] {
  const heard = ['maxmemory', 'maxclients'];
  const settings = Object.entries(given.settings ?? {}).filter(([name]) => !heard.includes(name));
  const unheard: Record<string, unknown> = {
    ...Object.fromEntries(settings.map(([name, value]) => [`settings.${name}`, value])),
    persistence: given.persistence,
    security: given.security,
    'sentinels.parallelSyncs': given.sentinels?.parallelSyncs,
    'sentinels.directives': given.sentinels?.directives,
    'sentinels.keeperResources': given.sentinels?.keeperResources,
    'nodes.keeperResources': given.nodes?.keeperResources,
    healthCheck: given.healthCheck,
    'auth.sentinelPasswordKey': given.auth?._options.sentinelPasswordKey,
    'auth.previousPasswordKey': given.auth?._options.previousPasswordKey,
    'auth.previousSentinelPasswordKey': given.auth?._options.previousSentinelPasswordKey,
  };
  return Object.entries(unheard)
    .filter(([, value]) => value !== undefined)
    .map(([property, value]) => ({
      rule: 'without-effect',
      property,
      value: shown(value),
      must: 'does nothing in an image that configures itself',
      remedy: 'delete it, or use nodes.pod.env with the name that the image wants',
    }));
}

export const SAFETY_RULES: Rule[] = [
  guardIsReachable,
  guardClosesFirst,
  passwordIsAsked,
  passwordIsSecret,
  strategyHasNoSurge,
  graceFitsDeadline,
  hookFitsGrace,
  tagStays,
  scriptsHaveLineFeeds,
  idsAreUsed,
  selfConfiguredKnowsLittle,
];
