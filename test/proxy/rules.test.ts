import { describe, expect, test } from '@jest/globals';
import { Duration, Size } from 'cdk8s';
import { EnvContract, ProxyService, Risk, Tls, TrafficPolicy, type ProxyOptions } from '../../lib';
import { messageOf, problemsOf, refusedWith, synth } from '../support/synth';

describe('A proxy is refused', () => {
  test.each<[string, ProxyOptions, string]>([
    [
      'where it is alone',
      { replicas: 1 },
      'proxy.replicas = 1: leaves clients without an address when the pod or its machine is away; write 2 or more, or accept it: acceptRisks: [Risk.SINGLE_PROXY] [single-proxy]',
    ],
    [
      'where another is master before it has cut its clients',
      { checkInterval: Duration.millis(251) },
      'proxy.checkInterval = 251 ms: is more than a twentieth of sentinels.downAfter: another node would be master before clients have lost the one before; write Duration.millis(250) or less, or a longer sentinels.downAfter [checks-too-rare]',
    ],
    [
      'where a port is one that it needs itself',
      { port: 7800 },
      'proxy.port = 7800: is a port that the proxies need; write another port [port-collision]',
    ],
    [
      'where its memory is less than its connections may need',
      { maxConnections: 4096, resources: { memory: { limit: Size.mebibytes(159) } } },
      'proxy.resources.memory.limit = 162816 KiB: is less than 4096 connections may need: all of them would be cut when the kernel ends the proxy; write Size.mebibytes(160) or more, or fewer maxConnections [proxy-memory]',
    ],
    [
      'where its version does not know the configuration',
      { image: { tag: '3.0.12' } },
      "proxy.image.tag = '3.0.12': does not know all that is in the configuration: no proxy would start; write '3.2' or later, with its patch [proxy-version]",
    ],
    [
      'where everybody may come in',
      { service: ProxyService.nodePort() },
      "proxy.service.sourceRanges = 'all': lets everybody who reaches the address try passwords; write ['203.0.113.0/24'], the networks that clients are in, or accept it: acceptRisks: [Risk.OPEN_TO_ALL] [open-to-all]".replace(
        "'all'",
        'all',
      ),
    ],
    [
      'where nobody could see who comes in',
      { service: ProxyService.nodePort({ sourceRanges: ['10.0.0.0/8'], trafficPolicy: TrafficPolicy.CLUSTER }) },
      "proxy.service.trafficPolicy = 'Cluster': shows machines' addresses in place of clients', so that nobody could look at sourceRanges; write TrafficPolicy.LOCAL [source-unseen]",
    ],
    [
      'where a port is for an address that is not there',
      { service: ProxyService.nodePort({ sourceRanges: ['10.0.0.0/8'], readsPort: 30_380 }) },
      'proxy.service.readsPort = 30380: does nothing: there is no address for reads; write proxy.reads: {}, or leave it out [without-effect]',
    ],
    [
      'where both addresses want one port of the machines',
      {
        reads: {},
        service: ProxyService.nodePort({ sourceRanges: ['10.0.0.0/8'], port: 30_001, readsPort: 30_001 }),
      },
      'proxy.service.readsPort = 30001: is the port for writes too, and a port of the machines is that of one Service; write another port, or leave it out [port-collision]',
    ],
    [
      'where its machines have another system',
      { scheduling: { nodeSelector: { 'kubernetes.io/os': 'windows' } } },
      "proxy.scheduling.nodeSelector['kubernetes.io/os'] = 'windows': must be 'linux': all pods of a cluster run there; delete it [operating-system]",
    ],
    [
      'where its zone is said twice',
      { scheduling: { zone: 'z1', nodeSelector: { 'topology.kubernetes.io/zone': 'z2' } } },
      "proxy.scheduling.zone = 'z1': is said by nodeSelector['topology.kubernetes.io/zone'] too; delete one of them [zone-twice]",
    ],
  ])('%s.', (_, proxy, message) => {
    expect(messageOf({ proxy })).toBe(refusedWith(message));
  });

  test('where its memory is less than they may need, and TLS around the checks.', () => {
    const tls = Tls.secret({ secretName: 'cache-tls' });
    const proxy = (limit: number) => ({
      maxConnections: 4096,
      resources: { memory: { limit: Size.mebibytes(limit) } },
    });
    expect(problemsOf({ tls, proxy: proxy(183) })).toEqual([
      expect.objectContaining({ rule: 'proxy-memory', remedy: 'write Size.mebibytes(184) or more, or fewer maxConnections' }), // prettier-ignore
    ]);
    expect(problemsOf({ tls, proxy: proxy(184) })).toEqual([]);
  });

  test('where two of its ports are one.', () => {
    expect(problemsOf({ proxy: { reads: { port: 6379 } } })).toContainEqual(
      expect.objectContaining({ rule: 'port-collision', property: 'proxy.reads.port', value: '6379' }),
    );
  });

  test('where members have no scripts that make its user.', () => {
    const image = { envContract: EnvContract.SELF_CONFIGURED };
    expect(problemsOf({ image, proxy: {}, acceptRisks: [Risk.SELF_CONFIGURED_IMAGE] })).toContainEqual(
      expect.objectContaining({ rule: 'proxy-unknown', property: 'proxy' }),
    );
  });
});

describe('A proxy is taken', () => {
  test.each<[string, ProxyOptions]>([
    ['by default', {}],
    ['as often as may be', { checkInterval: Duration.millis(250) }],
    ['with memory for all', { maxConnections: 4096, resources: { memory: { limit: Size.mebibytes(160) } } }],
    ['without a limit', { resources: {} }],
    ['with a later version', { image: { tag: '10.0.1' } }],
    ['of another name', { image: { repository: 'registry.example.com/balancer', tag: '1.0.0' } }],
    [
      'from outside, by machines that hide who it is where the balancer looks',
      {
        service: ProxyService.loadBalancer({ sourceRanges: ['10.0.0.0/8'], trafficPolicy: TrafficPolicy.CLUSTER }),
      },
    ],
  ])('%s.', (_, proxy) => {
    expect(synth({ proxy })).not.toEqual([]);
  });
});
