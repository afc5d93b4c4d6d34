import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Auth, EnvContract, Ids, Persistence, Product, Risk, type RedisSentinelClusterProps } from '../../lib';
import { IMAGES } from '../../lib/defaults';
import { KNOWN_UNTIL, LINES } from '../../lib/image/patches';
import { messageOf, refusedWith, synth } from '../support/synth';

describe('The guard of a master that is cut off', () => {
  test('is reachable.', () => {
    expect(messageOf({ settings: { minReplicasToWrite: 3 } })).toBe(
      refusedWith(
        'settings.minReplicasToWrite = 3: is more than there are replicas (2), so no write would ever be accepted; write a lower number, or leave it out [guard-reachable]',
      ),
    );
    expect(synth({ settings: { minReplicasToWrite: 2 } })).not.toEqual([]);
  });

  test('closes it before another one opens.', () => {
    const settings = { minReplicasMaxLag: Duration.seconds(5) };
    expect(messageOf({ settings })).toBe(
      refusedWith(
        'settings.minReplicasMaxLag = 5000 ms: is not shorter than sentinels.downAfter (5000 ms): a master that is cut off would still take writes when another one does; write a shorter one, a longer sentinels.downAfter, or settings.minReplicasToWrite 0 [guard-closes-first]',
      ),
    );
    expect(synth({ settings: { minReplicasMaxLag: Duration.seconds(4) } })).not.toEqual([]);
    expect(synth({ settings, sentinels: { downAfter: Duration.millis(5001) } })).not.toEqual([]);
  });

  test('may be off.', () => {
    const settings = { minReplicasToWrite: 0, minReplicasMaxLag: Duration.seconds(60) };
    expect(synth({ settings })).not.toEqual([]);
  });
});

describe('Authentication', () => {
  test('that is off is a risk.', () => {
    expect(messageOf({ auth: Auth.none() })).toBe(
      refusedWith(
        "auth = none: lets everybody who reaches the port read and delete the data; write Auth.secret({ secretName: '…' }), or accept it: acceptRisks: [Risk.NO_AUTH] [no-auth]",
      ),
    );
    expect(synth({ auth: Auth.none(), acceptRisks: [Risk.NO_AUTH] })).not.toEqual([]);
  });

  const clear =
    "auth = (not shown): puts a password in clear into the manifest, and so into Git; write Auth.secret({ secretName: '…' }), or accept it: acceptRisks: [Risk.PLAIN_TEXT_PASSWORD] [plain-text-password]";

  test('in clear is a risk, and the message does not have the password.', () => {
    const auth = Auth.plainText({ password: 'hunter2', sentinelPassword: 'hunter3' });
    expect(messageOf({ auth })).toBe(refusedWith(clear));
    expect(synth({ auth, acceptRisks: [Risk.PLAIN_TEXT_PASSWORD] })).not.toEqual([]);
  });

  test.each(['', 'hunter2\nrequirepass x', 'hunter2\r'])('has no password like %j.', (password) => {
    const broken =
      'auth.password = (not shown): must not be empty, and must be one line; write another password [password-text]';
    expect(messageOf({ auth: Auth.plainText({ password }) })).toBe(refusedWith(broken, clear));
    expect(messageOf({ auth: Auth.plainText({ password: 'hunter2', sentinelPassword: password }) })).toBe(
      refusedWith(broken, clear),
    );
  });
});

describe('A strategy', () => {
  const rolling = (maxSurge?: k8s.IntOrString) => ({
    type: 'RollingUpdate',
    rollingUpdate: { ...(maxSurge !== undefined && { maxSurge }), maxUnavailable: k8s.IntOrString.fromNumber(1) },
  });
  const withStrategy = (strategy: k8s.DeploymentStrategy): RedisSentinelClusterProps => ({
    nodes: { replicaOverrides: { replica1: { deployment: { strategy } } } },
  });
  const problem = (value: string) =>
    `nodes.replicaOverrides.replica1.deployment.strategy = ${value}: starts a second pod beside the first, and that waits for the first to be gone for ever; leave it out, or write rollingUpdate with maxSurge 0 and maxUnavailable 1 [strategy-surge]`;

  test('has no surge.', () => {
    const surge = k8s.IntOrString.fromNumber(1);
    expect(messageOf(withStrategy(rolling(surge)))).toBe(refusedWith(problem("'RollingUpdate'")));
    expect(messageOf(withStrategy(rolling()))).toBe(refusedWith(problem("'RollingUpdate'")));
    expect(messageOf(withStrategy({}))).toBe(refusedWith(problem('undefined')));
  });

  test.each([rolling(k8s.IntOrString.fromNumber(0)), rolling(k8s.IntOrString.fromString('0%')), { type: 'Recreate' }])(
    'may be $type without one.',
    (strategy) => {
      expect(synth(withStrategy(strategy))).not.toEqual([]);
    },
  );
});

describe('The time to stop', () => {
  test('is shorter than the deadline of a rollout.', () => {
    const deployment = { progressDeadline: Duration.seconds(260) };
    expect(messageOf({ sentinels: { overrides: { sentinel2: { deployment } } } })).toBe(
      refusedWith(
        'sentinels.overrides.sentinel2.deployment.progressDeadline = 260 s: is not longer than the grace period (260 s): a rollout would be reported as failed while a pod still stops; write a longer one, or leave it out [grace-within-deadline]',
      ),
    );
    expect(synth({ sentinels: { deployment: { progressDeadline: Duration.seconds(261) } } })).not.toEqual([]);
  });

  const tooShort = (path: string, given: number, what: string, needed: number) =>
    `${path}.deployment.terminationGracePeriod = ${given} s: is shorter than a stop can take when all ${what} are changed at once (${needed} s): the last would be killed while it waits for its turn; write Duration.seconds(${needed}) or more, or leave it out [hook-within-grace]`;

  test('covers the turns of all others, and a hand-over.', () => {
    const deployment = { terminationGracePeriod: Duration.seconds(279) };
    expect(messageOf({ nodes: { master: { deployment } } })).toBe(
      refusedWith(tooShort('nodes.master', 279, 'nodes', 280)),
    );
    expect(synth({ nodes: { deployment: { terminationGracePeriod: Duration.seconds(280) } } })).not.toEqual([]);
  });

  test('grows with the number of members.', () => {
    const deployment = { terminationGracePeriod: Duration.seconds(300) };
    expect(messageOf({ nodes: { replicas: 3, master: { deployment } } })).toBe(
      refusedWith(tooShort('nodes.master', 300, 'nodes', 400)),
    );
    expect(messageOf({ sentinels: { count: 5, overrides: { sentinel5: { deployment } } } })).toBe(
      refusedWith(tooShort('sentinels.overrides.sentinel5', 300, 'sentinels', 500)),
    );
  });
});

describe('A tag', () => {
  const problem = (image: string) =>
    `image.tag = '${image}': is another image tomorrow: two pods of one Deployment may run different servers; write a full version such as '8.2.10', or a digest, or accept it: acceptRisks: [Risk.MOVING_TAG] [moving-tag]`;

  test.each(['latest', '8', '8.2', '8-alpine', '8.10-bookworm', 'alpine', 'bookworm', 'latest-bookworm', 'unstable'])(
    'that moves is a risk: %s',
    (tag) => {
      expect(messageOf({ image: { tag } })).toBe(refusedWith(problem(`docker.io/library/redis:${tag}`)));
      expect(synth({ image: { tag }, acceptRisks: [Risk.MOVING_TAG] })).not.toEqual([]);
    },
  );

  test('that is missing moves too.', () => {
    const repository = 'registry.example.com/redis';
    expect(messageOf({ nodes: { master: { image: { repository } } } })).toBe(refusedWith(problem(repository)));
  });

  test.each([
    { tag: '8.2.10-alpine' },
    { tag: '7.2.16' },
    { tag: 'latest', digest: `sha256:${'0'.repeat(64)}` },
    { repository: 'registry.example.com/redis', digest: `sha256:${'0'.repeat(64)}` },
    { product: Product.VALKEY },
  ])('stays: %j', (image) => {
    expect(synth({ image })).not.toEqual([]);
  });
});

describe('A version', () => {
  const VALKEY = 'docker.io/valkey/valkey';
  const problem = (image: string, patched: string) =>
    `image.tag = '${image}': has security holes that are known (as of ${KNOWN_UNTIL}); write '${patched}' or a later one, or accept it: acceptRisks: [Risk.OUTDATED_IMAGE] [outdated-image]`;

  test.each([
    ['8.2.8', '8.2.10'],
    ['8.2.8-alpine', '8.2.10-alpine'],
    ['8.0.6', '8.2.10'],
    ['7.0.15-bookworm', '8.2.10-bookworm'],
    ['8.10.0', '8.10.2'],
  ])('of Redis with known holes is a risk: %s', (tag, patched) => {
    expect(messageOf({ image: { tag } })).toBe(refusedWith(problem(`docker.io/library/redis:${tag}`, patched)));
    expect(synth({ image: { tag }, acceptRisks: [Risk.OUTDATED_IMAGE] })).not.toEqual([]);
  });

  test.each([
    [VALKEY, '8.1.9', '8.1.11'],
    ['ghcr.io/valkey-io/valkey', '9.1.1', '9.1.3'],
  ])('of Valkey with known holes is a risk: %s:%s', (repository, tag, patched) => {
    const image = { product: Product.VALKEY, repository, tag };
    expect(messageOf({ image })).toBe(refusedWith(problem(`${repository}:${tag}`, patched)));
  });

  test.each([
    { tag: '8.2.9' },
    { tag: '8.12.0' },
    { tag: '9.0.0-rc1' },
    { tag: '8.0.2', digest: `sha256:${'0'.repeat(64)}` },
    { repository: 'registry.example.com/library/redis', tag: '8.0.2' },
    { product: Product.VALKEY, tag: '9.2.0' },
  ])('without known holes, or of a build that may have patches of its own, is none: %j', (image) => {
    expect(synth({ image })).not.toEqual([]);
  });

  test('is looked at in every container, whoever it is of.', () => {
    const containers = [{ name: 'helper', image: 'redis:7.0.15' }];
    expect(messageOf({ nodes: { master: { pod: { containers } } } })).toBe(
      refusedWith(problem('redis:7.0.15', '8.2.10').replace('image.tag', 'nodes.master.pod.containers')),
    );
  });

  test('of each default is the newest of its line that is known.', () => {
    for (const product of Object.values(Product)) {
      const [major, minor, patch] = IMAGES[product].tag.split('.');
      expect(LINES[product][`${major ?? ''}.${minor ?? ''}`]?.newest).toBe(Number(patch));
    }
  });
});

describe('An id of the user or a group', () => {
  const idle = (option: string, beside: string, why: string) =>
    `security.${option}: does nothing beside ${beside}: ${why}; delete one of them [without-effect]`;

  test('is not given beside ids that the platform says.', () => {
    const because = ['ids: Ids.PLATFORM', 'the platform says it'] as const;
    expect(messageOf({ security: { ids: Ids.PLATFORM, user: 20001, group: 0, fsGroup: 20003 } })).toBe(
      refusedWith(idle('user = 20001', ...because), idle('group = 0', ...because), idle('fsGroup = 20003', ...because)),
    );
  });

  test('is not given where nothing is restricted.', () => {
    const because = ['restricted: false', 'this section is left out'] as const;
    expect(messageOf({ security: { restricted: false, ids: Ids.FIXED, user: 20001 } })).toBe(
      refusedWith(idle("ids = 'fixed'", ...because), idle('user = 20001', ...because)),
    );
    expect(messageOf({ security: { restricted: false, ids: Ids.PLATFORM, fsGroup: 0 } })).toBe(
      refusedWith(idle("ids = 'platform'", ...because), idle('fsGroup = 0', ...because)),
    );
  });

  test('may be any that Kubernetes takes.', () => {
    expect(synth({ security: { user: 1_000_650_000, group: 0, fsGroup: 0 } })).not.toEqual([]);
    expect(synth({ security: { ids: Ids.FIXED, user: 20001, restricted: true } })).not.toEqual([]);
  });
});

describe('An image that configures itself', () => {
  const image = { envContract: EnvContract.SELF_CONFIGURED };
  const risk =
    "image.envContract = 'self-configured': knows no start rule: a master that comes back empty empties its replicas; write an official image and leave it out, or accept it: acceptRisks: [Risk.SELF_CONFIGURED_IMAGE] [self-configured]";

  test('is a risk.', () => {
    expect(messageOf({ image })).toBe(refusedWith(risk));
    expect(synth({ image, acceptRisks: [Risk.SELF_CONFIGURED_IMAGE] })).not.toEqual([]);
  });

  test('is that of all members or of none.', () => {
    expect(messageOf({ sentinels: { image } })).toBe(
      refusedWith(
        "image.envContract = 'self-configured': is that of some members only, and the others would wait for them for ever; write it for all members or for none [self-configured]",
      ),
    );
  });

  test('is given nothing that it would not hear.', () => {
    const deaf = (property: string, value: string) =>
      `${property} = ${value}: does nothing in an image that configures itself; delete it, or use nodes.pod.env with the name that the image wants [without-effect]`;
    const keeperResources = {};
    const props = {
      image,
      persistence: Persistence.aof(),
      security: { user: 20001 },
      settings: { maxmemory: Size.mebibytes(300), maxclients: 100, hz: 20, replTimeout: Duration.seconds(9) },
      nodes: { keeperResources },
      sentinels: { parallelSyncs: 1, directives: { loglevel: 'verbose' }, keeperResources },
      auth: Auth.secret({ previousPasswordKey: 'old', previousSentinelPasswordKey: 'old-watch' }),
      acceptRisks: [Risk.SELF_CONFIGURED_IMAGE],
    };
    expect(messageOf(props)).toBe(
      refusedWith(
        deaf('persistence', 'an object'),
        deaf('security', 'an object'),
        deaf('settings.hz', '20'),
        deaf('settings.replTimeout', 'an object'),
        deaf('nodes.keeperResources', 'an object'),
        deaf('sentinels.parallelSyncs', '1'),
        deaf('sentinels.directives', 'an object'),
        deaf('sentinels.keeperResources', 'an object'),
        deaf('auth.previousPasswordKey', '(not shown)'),
        deaf('auth.previousSentinelPasswordKey', '(not shown)'),
      ),
    );
  });
});
