import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { Risk, Spread } from '../../lib';
import { find } from '../support/manifests';
import { messageOf, refusedWith, synth } from '../support/synth';

describe('The name of a cluster', () => {
  const long = 'a'.repeat(41);
  const problem = (property: string, value: string) =>
    `${property} = '${value}': must be a DNS label of at most 40 characters, for the name of every object begins with it; write a letter, then lower case letters, digits and '-'; without a name it is the construct's id [cluster-name]`;

  test.each([long, 'Cache', 'cache_1', '-cache', 'cache-', '1cache', 'ca.che'])('can not be the id %s', (id) => {
    expect(messageOf({}, id)).toBe(refusedWith(problem('name', id)).replace("'test/cache'", `'test/${id}'`));
  });

  test('can not be longer than the names of its objects may be.', () => {
    expect(messageOf({ name: long })).toBe(refusedWith(problem('name', long)));
    expect(synth({ name: 'a'.repeat(40) })).not.toEqual([]);
  });

  test('must be a name of Services, so it begins with a letter.', () => {
    expect(messageOf({ name: '1cache' })).toBe(
      refusedWith(
        "name = '1cache': must be a DNS label that begins with a letter; write 1 to 63 lower case letters, digits and '-' [format]",
      ),
    );
  });
});

describe('The quorum', () => {
  test('can not be above the number of sentinels.', () => {
    expect(messageOf({ sentinels: { quorum: 4 } })).toBe(
      refusedWith(
        'sentinels.quorum = 4: is more than there are sentinels (3), so no master would ever be replaced; write 2, or leave it out [quorum-reachable]',
      ),
    );
  });

  test('below a majority is a risk.', () => {
    expect(messageOf({ sentinels: { count: 5, quorum: 2 } })).toBe(
      refusedWith(
        'sentinels.quorum = 2: is no majority of 5 sentinels: the few that are cut off start failovers that nobody elects; write 3, or leave it out, or accept it: acceptRisks: [Risk.LOW_QUORUM] [low-quorum]',
      ),
    );
    expect(synth({ sentinels: { count: 5, quorum: 2 }, acceptRisks: [Risk.LOW_QUORUM] })).not.toEqual([]);
  });
});

describe('The number of sentinels', () => {
  test('one is a risk.', () => {
    expect(messageOf({ sentinels: { count: 1 } })).toBe(
      refusedWith(
        'sentinels.count = 1: leaves nobody to promote a replica when its machine is lost; write 3, or accept it: acceptRisks: [Risk.SINGLE_SENTINEL] [single-sentinel]',
      ),
    );
    expect(synth({ sentinels: { count: 1 }, acceptRisks: [Risk.SINGLE_SENTINEL] })).not.toEqual([]);
  });

  test.each([
    [2, 1, 3],
    [4, 3, 5],
    [8, 7, 9],
  ])('%i is a risk, for it survives no more losses than %i.', (count, fewer, more) => {
    expect(messageOf({ sentinels: { count } })).toBe(
      refusedWith(
        `sentinels.count = ${count}: survives no more losses than ${fewer}; write ${more}, or accept it: acceptRisks: [Risk.EVEN_SENTINELS] [even-sentinels]`,
      ),
    );
    expect(synth({ sentinels: { count }, acceptRisks: [Risk.EVEN_SENTINELS] })).not.toEqual([]);
  });

  test.each([3, 5, 7, 9])('%i is none.', (count) => {
    expect(synth({ sentinels: { count } })).not.toEqual([]);
  });
});

test('A master without a replica is a risk.', () => {
  expect(messageOf({ nodes: { replicas: 0 } })).toBe(
    refusedWith(
      'nodes.replicas = 0: leaves nobody to take over when the master is lost; write 2, or accept it: acceptRisks: [Risk.NO_REPLICA] [no-replica]',
    ),
  );
  expect(synth({ nodes: { replicas: 0 }, acceptRisks: [Risk.NO_REPLICA] })).not.toEqual([]);
});

test('A failover after less than 3 seconds is a risk.', () => {
  expect(messageOf({ sentinels: { downAfter: Duration.millis(2999) } })).toBe(
    refusedWith(
      'sentinels.downAfter = 2999 ms: is shorter than a fork or a slow command may freeze a healthy master; write Duration.seconds(5), or accept it: acceptRisks: [Risk.HASTY_FAILOVER] [hasty-failover]',
    ),
  );
  const sentinels = { downAfter: Duration.millis(2999) };
  expect(synth({ sentinels, acceptRisks: [Risk.HASTY_FAILOVER] })).not.toEqual([]);
  expect(synth({ sentinels: { downAfter: Duration.seconds(3) } })).not.toEqual([]);
});

test('An override of a member that is not there is refused.', () => {
  const nodes = { replicaOverrides: { replica2: {}, replica3: {} } };
  const sentinels = { overrides: { sentinel3: {}, sentinel4: {} } };
  expect(messageOf({ nodes, sentinels })).toBe(
    refusedWith(
      'nodes.replicaOverrides.replica3 = an object: does nothing: there are 2 replicas; delete it, or raise the number [override-without-member]',
      'sentinels.overrides.sentinel4 = an object: does nothing: there are 3 sentinels; delete it, or raise the number [override-without-member]',
    ),
  );
});

describe('A name', () => {
  test('can not be that of another member.', () => {
    const nodes = { replicaOverrides: { replica1: { name: 'cache-sentinel-2' }, replica2: { name: 'cache-master' } } };
    expect(messageOf({ nodes })).toBe(
      refusedWith(
        "nodes.replicaOverrides.replica2.storage = 'cache-master': is the claim of another member, and two servers on one volume destroy its data; give each member a claim of its own [claim-taken]",
        "sentinels.overrides.sentinel2.storage = 'cache-sentinel-2': is the claim of another member, and two servers on one volume destroy its data; give each member a claim of its own [claim-taken]",
        "nodes.replicaOverrides.replica2.name = 'cache-master': is the name of another member; write another one, or leave it out [name-taken]",
        "sentinels.overrides.sentinel2.name = 'cache-sentinel-2': is the name of another member; write another one, or leave it out [name-taken]",
      ),
    );
  });

  test('can not be that of a group.', () => {
    expect(messageOf({ nodes: { name: 'node' }, sentinels: { name: 'watcher' } })).toBe(
      refusedWith(
        "nodes.name = 'node': can be the name of one member only; write nodes.master.name, or nodes.replicaOverrides.replica1.name [name-of-group]",
        "sentinels.name = 'watcher': can be the name of one member only; write sentinels.overrides.sentinel1.name [name-of-group]",
      ),
    );
  });
});

describe('An announced address', () => {
  const real = { hostNetwork: true, announceHost: '192.0.2.7' };

  test('is one of a pod on the network of its machine.', () => {
    expect(messageOf({ nodes: { master: { announceHost: '192.0.2.7' } } })).toBe(
      refusedWith(
        "nodes.master.announceHost = '192.0.2.7': is no address of a pod that has a network of its own; write hostNetwork: true, or leave it out [announced-address]",
      ),
    );
    expect(find(synth({ nodes: { master: real } }), 'Deployment', 'cache-master').spec.template.spec).toMatchObject({
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
    });
  });

  test('can not be that of another member.', () => {
    const nodes = { scheduling: { spread: Spread.REQUIRED }, master: real, replicaOverrides: { replica2: real } };
    expect(messageOf({ nodes })).toBe(
      refusedWith(
        "nodes.replicaOverrides.replica2.announceHost = '192.0.2.7:6379': is announced by another member too; write the address of its own machine [announced-address]",
      ),
    );
  });

  test('may be that of a node and of a sentinel, on two ports.', () => {
    expect(synth({ nodes: { master: real }, sentinels: { overrides: { sentinel1: real } } })).not.toEqual([]);
  });

  test('has a dot, for a name without one is that of a Service.', () => {
    expect(messageOf({ nodes: { master: { ...real, announceHost: 'machine-7' } } })).toBe(
      refusedWith(
        "nodes.master.announceHost = 'machine-7': has no dot, and would be taken for a Service of this namespace; write the full host name, or the IPv4 address [announced-address]",
      ),
    );
  });

  test.each(['192.0.2.7:6379', '-a', 'a b', 'fe80::1', ''])('can not be %j', (announceHost) => {
    expect(messageOf({ nodes: { master: { ...real, announceHost } } })).toBe(
      refusedWith(
        `nodes.master.announceHost = '${announceHost}': must be a host name or an IPv4 address; write one [format]`,
      ),
    );
  });
});

describe('The network of the machines', () => {
  const apart = { spread: Spread.REQUIRED };

  test('without a required spread is a risk.', () => {
    const props = { nodes: { hostNetwork: true }, sentinels: { hostNetwork: true } };
    expect(messageOf(props)).toBe(
      refusedWith(
        'nodes.hostNetwork = true: lets two nodes come to one machine, where the second finds its port taken; write nodes.scheduling.spread: Spread.REQUIRED, or accept it: acceptRisks: [Risk.HOST_NETWORK_WITHOUT_SPREAD] [host-network-spread]',
        'sentinels.hostNetwork = true: lets two sentinels come to one machine, where the second finds its port taken; write sentinels.scheduling.spread: Spread.REQUIRED, or accept it: acceptRisks: [Risk.HOST_NETWORK_WITHOUT_SPREAD] [host-network-spread]',
      ),
    );
    expect(synth({ ...props, acceptRisks: [Risk.HOST_NETWORK_WITHOUT_SPREAD] })).not.toEqual([]);
  });

  test('is none for one node alone, or with a required spread.', () => {
    expect(synth({ nodes: { master: { hostNetwork: true } } })).not.toEqual([]);
    expect(synth({ nodes: { hostNetwork: true, scheduling: apart } })).not.toEqual([]);
  });

  test('has each port once.', () => {
    const nodes = { hostNetwork: true, scheduling: apart };
    expect(messageOf({ nodes, sentinels: { port: 6379 } })).toBe(
      refusedWith(
        'sentinels.port = 6379: is the port of the nodes, and members on the network of one machine share its ports; write another port [port-collision]',
      ),
    );
    expect(synth({ sentinels: { port: 6379 } })).not.toEqual([]);
  });
});

test('A zone is said once.', () => {
  const scheduling = { zone: 'z1', nodeSelector: { 'topology.kubernetes.io/zone': 'z2' } };
  expect(messageOf({ nodes: { master: { scheduling } } })).toBe(
    refusedWith(
      "nodes.master.scheduling.zone = 'z1': is said by nodeSelector['topology.kubernetes.io/zone'] too; delete one of them [zone-twice]",
    ),
  );
});

test('Machines of another operating system than Linux are refused.', () => {
  const on = (os: string) => ({ nodeSelector: { 'kubernetes.io/os': os } });
  const problem = (member: string) =>
    `${member}.scheduling.nodeSelector['kubernetes.io/os'] = 'windows': must be 'linux': all pods of a cluster run there; delete it [operating-system]`;
  expect(messageOf({ nodes: { master: { scheduling: on('windows') } } })).toBe(refusedWith(problem('nodes.master')));
  expect(messageOf({ sentinels: { count: 3, scheduling: on('windows') } })).toBe(
    refusedWith(...[1, 2, 3].map((ordinal) => problem(`sentinels.overrides.sentinel${ordinal}`))),
  );
  expect(synth({ nodes: { scheduling: on('linux') } })).toEqual(synth());
});
