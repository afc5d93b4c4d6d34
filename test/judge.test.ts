import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import {
  Auth,
  EnvContract,
  InvalidClusterError,
  Persistence,
  ProxyService,
  Product,
  RedisSentinelCluster,
  Risk,
  Spread,
  Storage,
  Tls,
  type RedisSentinelClusterProps,
} from '../lib';
import { messageOf, newChart, objectsOf, problemsOf, refusal, refusedWith, synth } from './support/synth';

/** Each risk with props that need it and no other. A risk without props does not compile. */
const needed: Record<Risk, RedisSentinelClusterProps> = {
  [Risk.SINGLE_SENTINEL]: { sentinels: { count: 1 } },
  [Risk.EVEN_SENTINELS]: { sentinels: { count: 4 } },
  [Risk.LOW_QUORUM]: { sentinels: { quorum: 1 } },
  [Risk.NO_REPLICA]: { nodes: { replicas: 0 } },
  [Risk.MEMORY_WITHOUT_HEADROOM]: { nodes: { resources: {} } },
  [Risk.SMALL_CLAIM]: { nodes: { master: { storage: Storage.claim({ size: Size.gibibytes(1) }) } } },
  [Risk.NO_PERSISTENCE]: { persistence: Persistence.none() },
  [Risk.EPHEMERAL_STORAGE]: { sentinels: { storage: Storage.ephemeral() } },
  [Risk.NO_AUTH]: { auth: Auth.none() },
  [Risk.PLAIN_TEXT_PASSWORD]: { auth: Auth.plainText({ password: 'open' }) },
  [Risk.HASTY_FAILOVER]: { sentinels: { downAfter: Duration.seconds(2) } },
  [Risk.HOST_NETWORK_WITHOUT_SPREAD]: { nodes: { hostNetwork: true, scheduling: { spread: Spread.NONE } } },
  [Risk.MOVING_TAG]: { image: { tag: 'latest' } },
  [Risk.OUTDATED_IMAGE]: { image: { tag: '8.0.2' } },
  [Risk.SINGLE_PROXY]: { proxy: { replicas: 1 } },
  [Risk.OPEN_TO_ALL]: { proxy: { service: ProxyService.loadBalancer() } },
  // An old image is a risk of its own.
  [Risk.VULNERABLE_TLS]: {
    acceptRisks: [Risk.OUTDATED_IMAGE],
    image: { product: Product.VALKEY, tag: '8.1.8' },
    tls: Tls.secret({ secretName: 'cache-tls' }),
  },
  [Risk.SELF_CONFIGURED_IMAGE]: { image: { envContract: EnvContract.SELF_CONFIGURED } },
};

describe.each(Object.values(Risk))('The risk %s', (risk) => {
  const props = needed[risk];
  const before = props.acceptRisks ?? [];

  test('is named by the message of what needs it.', () => {
    const problems = problemsOf(props);
    expect(problems).not.toEqual([]);
    for (const { remedy } of problems)
      expect(remedy).toMatch(new RegExp(`, or accept it: acceptRisks: \\[Risk.${risk}\\]$`));
  });

  test('can be accepted.', () => {
    expect(synth({ ...props, acceptRisks: [...before, risk] })).not.toEqual([]);
  });

  test('is refused where nothing needs it.', () => {
    expect(messageOf({ acceptRisks: [risk] })).toBe(
      refusedWith(`acceptRisks = Risk.${risk}: is not a risk of this cluster; delete it [risk-not-needed]`),
    );
  });

  test('covers no other.', () => {
    const other = risk === Risk.NO_AUTH ? Risk.NO_REPLICA : Risk.NO_AUTH;
    const unneeded = `acceptRisks = Risk.${other}: is not a risk of this cluster; delete it [risk-not-needed]`;
    const rules = problemsOf(props).map(({ rule }) => rule);
    expect(problemsOf({ ...props, acceptRisks: [...before, other] }).map(({ rule }) => rule)).toEqual([
      ...rules,
      'risk-not-needed',
    ]);
    expect(messageOf({ ...props, acceptRisks: [...before, risk, other] })).toBe(refusedWith(unneeded));
  });
});

describe('What is refused', () => {
  const props: RedisSentinelClusterProps = {
    nodes: { replicas: 0 },
    sentinels: { count: 2, quorum: 3 },
    auth: Auth.none(),
    acceptRisks: [Risk.NO_REPLICA, Risk.HASTY_FAILOVER],
  };

  test('is said at once, in one message.', () => {
    expect(messageOf(props)).toBe(
      refusedWith(
        "auth = none: lets everybody who reaches the port read and delete the data; write Auth.secret({ secretName: '…' }), or accept it: acceptRisks: [Risk.NO_AUTH] [no-auth]",
        'sentinels.quorum = 3: is more than there are sentinels (2), so no master would ever be replaced; write 2, or leave it out [quorum-reachable]',
        'sentinels.count = 2: survives no more losses than 1; write 3, or accept it: acceptRisks: [Risk.EVEN_SENTINELS] [even-sentinels]',
        'acceptRisks = Risk.HASTY_FAILOVER: is not a risk of this cluster; delete it [risk-not-needed]',
      ),
    );
  });

  test('is there for programs too, with the path of the construct.', () => {
    const error = refusal({ nodes: { replicas: 0 } });
    expect(error).toBeInstanceOf(InvalidClusterError);
    expect(error).toMatchObject({
      name: 'InvalidClusterError',
      path: 'test/cache',
      problems: [
        {
          rule: 'no-replica',
          property: 'nodes.replicas',
          value: '0',
          must: 'leaves nobody to take over when the master is lost',
          remedy: 'write 2, or accept it: acceptRisks: [Risk.NO_REPLICA]',
        },
      ],
    });
  });

  test.each([
    ['a rule', props],
    ['the check of a value', { nodes: { replicas: 10 } }],
  ])('by %s leaves no object behind.', (_, refused) => {
    const chart = newChart();
    expect(() => new RedisSentinelCluster(chart, 'cache', refused)).toThrow(InvalidClusterError);
    expect(objectsOf(chart)).toEqual([]);
    expect(chart.node.tryFindChild('cache')?.node.children).toEqual([]);
  });
});
