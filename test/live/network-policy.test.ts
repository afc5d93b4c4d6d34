import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { healthy, started } from './kit/health';
import { ANY_IMAGE } from './kit/images';
import { kubectl } from './kit/kubectl';
import { LiveCluster, apply } from './kit/live-cluster';

/** Not every Kubernetes enforces policies; the one that CI brings up does, and says so. */
const enforced = process.env.NETWORK_POLICY === 'on';
const OUTSIDE = 'live-policy-outside';
const CLIENT = { 'cache-client': 'true' };
const MEMBER = { 'app.kubernetes.io/name': 'redis-sentinel-cluster', 'app.kubernetes.io/instance': 'cache' };

(enforced ? describe : describe.skip)('where policies are enforced', () => {
  let cluster: LiveCluster;

  beforeAll(async () => {
    cluster = await started('policy');
    await apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: OUTSIDE } },
      pod(cluster.namespace, 'client', CLIENT),
      pod(cluster.namespace, 'nobody', {}),
      pod(cluster.namespace, 'listener', {}),
      pod(OUTSIDE, 'client', CLIENT),
      pod(OUTSIDE, 'member', MEMBER),
    ]);
    for (const namespace of [cluster.namespace, OUTSIDE]) {
      await kubectl(['-n', namespace, 'wait', '--for=condition=Ready', 'pod', '-l', 'test=peer', '--timeout=60s']);
    }
  });
  afterAll(async () => {
    await kubectl(['delete', 'namespace', OUTSIDE, '--wait=false']);
    await cluster.destroy();
  });

  /** What a server says to a pod, or nothing. Any word of its own is an answer, for it came through. */
  async function ask(namespace: string, from: string, host: string, port: number): Promise<string> {
    const script = `timeout 3 redis-cli -h ${host} -p ${port} PING 2>&1 | grep -oE 'NOAUTH|PONG' || echo nothing`;
    const { stdout } = await kubectl(['-n', namespace, 'exec', from, '--', 'sh', '-c', script]);
    return stdout.trim();
  }

  test('clients reach nodes and sentinels; nobody else does, with the same labels elsewhere neither', async () => {
    const targets: [string, number][] = [
      [cluster.host('cache-replica-1'), 6379],
      [cluster.host('cache-sentinel-2'), 26379],
    ];
    for (const [host, port] of targets) {
      expect(await ask(cluster.namespace, 'client', host, port)).toBe('NOAUTH');
      expect(await ask(cluster.namespace, 'nobody', host, port)).toBe('nothing');
      expect(await ask(OUTSIDE, 'client', host, port)).toBe('nothing');
      expect(await ask(OUTSIDE, 'member', host, port)).toBe('nothing');
    }
  });

  test('members reach one another and a resolver, and nobody else', async () => {
    await healthy(cluster);
    const { stdout } = await kubectl([
      ...['-n', cluster.namespace, 'get', 'pod', 'listener', '--output=jsonpath={.status.podIP}'],
    ]);
    const inNode = (script: string): Promise<string> =>
      cluster.kubectl('exec', 'deploy/cache-master', '-c', 'redis', '--', 'sh', '-c', script);
    expect(await ask(cluster.namespace, 'client', stdout, 7000)).toBe('PONG');
    expect(await inNode(`timeout 3 redis-cli -h ${stdout} -p 7000 PING || echo nothing`)).toMatch(/^nothing/m);
    expect(await inNode('getent hosts kubernetes.default.svc')).toMatch('kubernetes.default.svc');
  });
});

/** A server of its own, which also asks others. */
function pod(namespace: string, name: string, labels: Record<string, string>): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { ...labels, test: 'peer' } },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'peer',
          image: ANY_IMAGE,
          command: ['redis-server', '--port', '7000', '--save', '', '--protected-mode', 'no', '--dir', '/tmp'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}
