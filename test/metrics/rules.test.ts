import { describe, expect, test } from '@jest/globals';
import { Duration } from 'cdk8s';
import { Alerts, EnvContract, Risk, Spread, Tls } from '../../lib';
import { RedisSentinelCluster } from '../../lib/redis-sentinel-cluster';
import { messageOf, newChart, problemsOf, refusedWith, synth } from '../support/synth';

describe('Metrics are refused', () => {
  test('where alerts would count the members of another namespace.', () => {
    const metrics = { alerts: Alerts.prometheusRule() };
    expect(messageOf({ metrics })).toBe(
      refusedWith(
        "metrics.alerts = 'prometheus-rule': need the namespace of the cluster: they would count the members of every cluster of this name; write new Chart(app, id, { namespace: '…' }) [alerts-without-namespace]",
      ),
    );
    expect(() => new RedisSentinelCluster(newChart('shop'), 'cache', { metrics })).not.toThrow();
  });

  test('where an outage is shorter than two looks.', () => {
    const metrics = (outage: number) => ({
      interval: Duration.seconds(60),
      alerts: Alerts.configMap({ thresholds: { outage: Duration.seconds(outage) } }),
    });
    expect(() => synth({ metrics: metrics(119) }, 'cache', 'shop')).toThrow(
      'metrics.alerts.thresholds.outage = 119 s: is shorter than two looks of Prometheus (120 s): a hand-over would wake somebody; write Duration.seconds(120) or more, or a shorter metrics.interval [outage-within-interval]',
    );
    expect(synth({ metrics: metrics(120) }, 'cache', 'shop')).not.toEqual([]);
  });

  test('where every certificate would raise an alert before it is renewed.', () => {
    const tls = Tls.certManager({ issuer: { name: 'ca' }, renewBefore: Duration.days(7) });
    const metrics = (days: number) => ({
      alerts: Alerts.configMap({ thresholds: { certificateExpiresIn: Duration.days(days) } }),
    });
    expect(() => synth({ tls, metrics: metrics(7) }, 'cache', 'shop')).toThrow(
      'metrics.alerts.thresholds.certificateExpiresIn = 604800 s: is not shorter than tls.renewBefore (604800 s): each certificate would raise it before it is renewed; write a shorter one, or leave it out [alert-before-renewal]',
    );
    expect(synth({ tls, metrics: metrics(6) }, 'cache', 'shop')).not.toEqual([]);
  });

  test('where members on the network of one machine would share a port.', () => {
    const apart = { hostNetwork: true, scheduling: { spread: Spread.REQUIRED } };
    const members = { nodes: apart, sentinels: apart };
    expect(messageOf({ ...members, metrics: { exporter: { sentinelPort: 9121 } } })).toBe(
      refusedWith(
        'metrics.exporter.sentinelPort = 9121: is that of the exporters beside nodes, and members on the network of one machine share its ports; write another port [port-collision]',
      ),
    );
    expect(problemsOf({ ...members, metrics: { exporter: { port: 26379 } } })).toContainEqual(
      expect.objectContaining({ rule: 'port-collision', property: 'metrics.exporter.port' }),
    );
    expect(problemsOf({ ...members, metrics: {} })).toEqual([]);
    expect(problemsOf({ metrics: { exporter: { sentinelPort: 9121 } } })).toEqual([]);
  });

  test('where an exporter has the port of its own server.', () => {
    expect(problemsOf({ metrics: { exporter: { port: 6379 } } })).toContainEqual(
      expect.objectContaining({ rule: 'port-collision', must: 'is the port of another container of the pod' }),
    );
  });

  test('where an image configures itself.', () => {
    const image = { envContract: EnvContract.SELF_CONFIGURED };
    expect(problemsOf({ image, metrics: {}, acceptRisks: [Risk.SELF_CONFIGURED_IMAGE] })).toEqual([
      expect.objectContaining({ rule: 'without-effect', property: 'metrics' }),
    ]);
  });
});
