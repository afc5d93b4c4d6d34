import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { Auth, EnvContract, Persistence, Risk, Spread, Storage, type RedisSentinelClusterProps } from '../../lib';
import { messageOf, newChart, objectsOf, problemsOf, refusedWith, synth } from '../support/synth';

/** Each risk with props that need it and no other. A risk without props does not compile. */
const needed: Record<Risk, RedisSentinelClusterProps> = {
  [Risk.SINGLE_SENTINEL]: { sentinels: { count: 1 } },
  [Risk.EVEN_SENTINELS]: { sentinels: { count: 4 } },
  [Risk.LOW_QUORUM]: { sentinels: { quorum: 1 } },
  [Risk.NO_REPLICA]: { nodes: { replicas: 0 } },
  [Risk.MEMORY_WITHOUT_HEADROOM]: { nodes: { resources: {} } },
  [Risk.SMALL_CLAIM]: { persistence: Persistence.aofAndRdb(), nodes: { storage: Storage.claim() } },
  [Risk.NO_PERSISTENCE]: { persistence: Persistence.none() },
  [Risk.EPHEMERAL_STORAGE]: { sentinels: { storage: Storage.ephemeral() } },
  [Risk.NO_AUTH]: { auth: Auth.none() },
  [Risk.PLAIN_TEXT_PASSWORD]: { auth: Auth.plainText({ password: 'open' }) },
  [Risk.HASTY_FAILOVER]: { sentinels: { downAfter: Duration.seconds(2) } },
  [Risk.HOST_NETWORK_WITHOUT_SPREAD]: { nodes: { hostNetwork: true, scheduling: { spread: Spread.NONE } } },
  [Risk.MOVING_TAG]: { image: { tag: 'latest' } },
  [Risk.SELF_CONFIGURED_IMAGE]: { image: { envContract: EnvContract.SELF_CONFIGURED } },
};
