import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import { AclUser, Auth, DefaultUser, EnvContract, Persistence, Risk } from '../../lib';
import { messageOf, problemsOf, refusedWith, synth } from '../support/synth';

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

  test('is given no password of the sentinels, for those ask for none.', () => {
    const auth = Auth.plainText({ password: 'open', sentinelPassword: 'sesame' });
    const acceptRisks = [Risk.SELF_CONFIGURED_IMAGE, Risk.PLAIN_TEXT_PASSWORD];
    expect(problemsOf({ image, auth, acceptRisks })).toMatchObject([
      { rule: 'without-effect', property: 'auth.sentinelPassword', value: '(not shown)' },
    ]);
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
      auth: Auth.secret({
        previousPasswordKey: 'old',
        previousSentinelPasswordKey: 'old-watch',
        overlap: Duration.hours(1),
        defaultUser: DefaultUser.ON,
      }),
      users: [AclUser.application('shop')],
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
        deaf('auth.overlap', '(not shown)'),
        deaf('auth.defaultUser', '(not shown)'),
        deaf('users', 'a list'),
      ),
    );
  });
});
