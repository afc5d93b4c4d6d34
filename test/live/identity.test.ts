import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Auth } from '../../lib';
import { explained, healthy, masterOf, started } from './kit/health';
import { kubectl, sleep, until } from './kit/kubectl';
import { LiveCluster, apply } from './kit/live-cluster';
import { ofThisTier, thorough } from './kit/tier';
import { copyVolume, leaveVolumes, prepareVolumes, putBack } from './kit/volumes';
import { PooledWriter } from './kit/writers';

/** Nothing but the members' own rules keeps clusters apart here. */
const PROPS = { networkPolicy: { enabled: false } };

const membersOf = ({ nodes, sentinels }: LiveCluster): string[] => [...nodes, ...sentinels];

/** Its first master is not its master any more, and its epoch is higher than that of a new cluster. */
async function withHistory(name: string): Promise<LiveCluster> {
  const cluster = await started(name, PROPS);
  await cluster.deletePod('cache-master');
  await healthy(cluster);
  return cluster;
}

/** What the init container of every member says why it does not start. */
async function refusals(namespace: string, members: string[]): Promise<string[]> {
  const path = "{.items[0].status.initContainerStatuses[0]['state','lastState'].terminated.message}";
  return Promise.all(
    members.map((member) =>
      until(60, `${member} refuses to start`, async () => {
        const selector = `redis-sentinel-cluster/member=${member}`;
        const { stdout } = await kubectl(['-n', namespace, 'get', 'pods', '-l', selector, '-o', `jsonpath=${path}`]);
        return stdout === '' ? undefined : stdout.trim();
      }),
    ),
  );
}

/** What the cluster says of itself. */
const check = (cluster: LiveCluster): Promise<string> =>
  cluster.kubectl('exec', 'deploy/cache-sentinel-1', '-c', 'sentinel', '--', 'sh', '/scripts/check.sh');

describe('a cluster and its copy', () => {
  let original: LiveCluster;
  let copy: LiveCluster | undefined;

  beforeAll(async () => {
    original = await withHistory('original');
  });
  afterEach(async () => {
    await copy?.destroy();
    copy = undefined;
  });
  afterAll(async () => {
    await original.destroy();
  });

  test('all volumes copied into another namespace: two clusters that know nothing of each other', async () => {
    const before = await masterOf(original);
    const writer = new PooledWriter(original);
    await writer.acknowledges(200);
    await original.direct(before).set('of', 'both');
    copy = await LiveCluster.prepare('copy', PROPS);
    const claims = membersOf(copy);
    await prepareVolumes(copy, claims);
    for (const claim of claims) await copyVolume(original, claim, copy, claim);
    await leaveVolumes(copy, claims);

    await copy.apply();

    await explained(copy, 'the copy', () => healthy(copy as LiveCluster));
    const master = await masterOf(copy);
    const written = copy.direct(master);
    expect(await written.get('of')).toBe('both');
    expect(await written.dbsize()).toBeGreaterThan(200);
    expect(await written.set('of', 'the copy')).toBe('OK');
    await sleep(12_000); // whoever knows of another has told it by now
    await healthy(copy);
    expect((await healthy(original)).master).toBe(before);
    await writer.stop();
    expect(await original.direct(before).get('of')).toBe('both');
    expect(await writer.account()).toMatchObject({ lost: [] });
    expect(await check(original)).toMatch(/^healthy$/m);
    const id = (cluster: LiveCluster) => cluster.direct('cache-sentinel-1').call('SENTINEL', 'MYID');
    expect(await id(copy)).not.toBe(await id(original));
    // It has the copy's name by now, and so a memory of its own.
    await copy.restart();
    await healthy(copy);
    expect(await copy.direct(await masterOf(copy)).get('of')).toBe('the copy');
  });

  thorough("one replica's volume copied into a cluster of another name: it has the data of the copy", async () => {
    await original.direct(await masterOf(original)).set('of', 'both');
    const auth = Auth.secret({ secretName: 'cache-auth' });
    copy = await LiveCluster.prepare('other', { ...PROPS, name: 'other', auth });
    await prepareVolumes(copy, ['other-replica-2']);
    await copyVolume(original, 'cache-replica-1', copy, 'other-replica-2');
    await leaveVolumes(copy, ['other-replica-2']);

    await copy.apply();

    const { master } = await explained(copy, 'the copy', () => healthy(copy as LiveCluster, 120));
    expect(master).toBe('other-replica-2');
    expect(await copy.direct('other-master').get('of')).toBe('both');
    await healthy(original);
  });

  thorough(
    'all volumes put back from a copy, while the sentinels remember what came later: the data of the copy',
    async () => {
      const { nodes } = original;
      copy = await LiveCluster.prepare('vault', PROPS);
      await prepareVolumes(copy, nodes);
      await original.direct(await masterOf(original)).set('age', 'old');
      await sleep(2000); // the disks have it, and every replica
      for (const claim of nodes) await copyVolume(original, claim, copy, claim);
      await original.direct(await masterOf(original)).set('age', 'new');
      await original.deletePod(await masterOf(original)); // a later epoch, which no mark of the copy knows
      await healthy(original);

      await original.scale(nodes, 0);
      await original.gone(nodes);
      await prepareVolumes(original, nodes);
      for (const claim of nodes) await putBack(copy, original, claim);
      await leaveVolumes(original, nodes);
      await original.scale(nodes, 1);

      const { master } = await explained(original, 'the restore', () => healthy(original, 90));
      expect(await original.direct(master).get('age')).toBe('old');
    },
    400_000,
  );

  test("names that lead to another cluster's members lead to nothing", async () => {
    copy = await started('stranger', PROPS);
    const { master } = await healthy(copy);
    await copy.direct(master).set('of', 'the stranger');
    const wrong = (await healthy(original)).master === 'cache-replica-1' ? 'cache-replica-2' : 'cache-replica-1';
    const address = await copy.podOf(master, '.status.podIP');
    await original.kubectl('patch', 'service', wrong, '--type=json', '-p', '[{"op":"remove","path":"/spec/selector"}]');
    await original.kubectl('delete', 'endpoints', wrong); // of which slices would be made anew
    await original.kubectl('delete', 'endpointslice', '-l', `kubernetes.io/service-name=${wrong}`);
    await apply([
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          name: `${wrong}-elsewhere`,
          namespace: original.namespace,
          labels: { 'kubernetes.io/service-name': wrong },
        },
        addressType: 'IPv4',
        ports: [{ name: 'redis', port: 6379, protocol: 'TCP' }],
        endpoints: [{ addresses: [address] }],
      },
    ]);
    await original.kubectl('delete', 'pod', '--all', '--force', '--grace-period=0'); // all of them connect anew
    await sleep(30_000);

    expect((await healthy(copy)).master).toBe(master);
    expect(await copy.direct(master).get('of')).toBe('the stranger');
    const report = await check(original).catch(String);
    expect(report).toMatch(`BAD  ${original.host(wrong)} has another password, or is of another cluster`);
    await original.kubectl('delete', 'endpointslice', `${wrong}-elsewhere`);
    await original.kubectl('delete', 'service', wrong);
    await original.apply();
    original.hangUp();
    await explained(original, 'the name leads home again', () => healthy(original, 90));
  });
});

describe('an overlay that renames objects', () => {
  let original: LiveCluster;
  let folder: string;

  beforeAll(async () => {
    original = await withHistory('overlaid');
    folder = mkdtempSync(join(tmpdir(), 'overlay-'));
    writeFileSync(join(folder, 'cache.yaml'), original.manifest);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await original.destroy();
  });

  async function applyOverlay(...lines: string[]): Promise<void> {
    writeFileSync(join(folder, 'kustomization.yaml'), ['resources: [cache.yaml]', ...lines].join('\n'));
    await kubectl(['apply', '--kustomize', folder]);
  }

  const REFUSED = /refused: this is the pod (dev-)?cache-[-a-z0-9]*, and not one of cache-/;

  test.each(
    ofThisTier([
      { what: 'a prefix', rename: 'namePrefix: dev-' },
      { what: 'a suffix', rename: 'nameSuffix: -dev', thorough: true },
    ]),
  )('with $what and labels of its own, in the same namespace: every pod refuses', async ({ rename }) => {
    const { master } = await healthy(original);
    const writer = new PooledWriter(original);
    await writer.acknowledges(100);

    await applyOverlay(rename, 'labels: [{ pairs: { app.kubernetes.io/instance: dev }, includeSelectors: true }]');
    const overlay = ['-l', 'app.kubernetes.io/instance=dev'];
    await until(60, 'six pods refuse', async () => {
      const path =
        'jsonpath={range .items[*]}{.status.initContainerStatuses[0].lastState.terminated.message}{"\\n"}{end}';
      const messages = await original.kubectl('get', 'pods', ...overlay, '-o', path);
      return messages.split('\n').filter((message) => REFUSED.test(message)).length === 6 ? true : undefined;
    });
    await sleep(10_000);

    expect((await healthy(original)).master).toBe(master);
    await writer.stop();
    expect((await writer.account()).lost).toEqual([]);
    await original.kubectl('delete', 'deployment,service,pvc', ...overlay, '--wait=false');
    await original.kubectl('delete', 'pod', ...overlay, '--force', '--grace-period=0');
  });

  thorough('with a prefix only: its pods wait for ever, and the original does not notice', async () => {
    const { master } = await healthy(original);

    await applyOverlay('namePrefix: dev-');
    await sleep(20_000);

    const phases = '{range .items[*]}{.metadata.name} {.status.phase};{end}';
    const pods = await original.kubectl('get', 'pods', `--output=jsonpath=${phases}`);
    expect(pods.match(/dev-cache-\S* Pending;/g)).toHaveLength(6);
    expect((await healthy(original)).master).toBe(master);
    await kubectl(['delete', '--kustomize', folder, '--wait=false']);
    await until(60, 'the overlay is gone', async () =>
      (await original.kubectl('get', 'pods', '--output=name')).includes('dev-') ? undefined : true,
    );
    await healthy(original);
  });

  test('with another namespace: a cluster of its own', async () => {
    const moved = await LiveCluster.prepare('moved', PROPS);
    await applyOverlay(`namespace: ${moved.namespace}`);

    await explained(moved, 'the overlay', () => healthy(moved));
    await healthy(original);
    expect(await moved.direct(await masterOf(moved)).dbsize()).toBe(0);
    await moved.destroy();
  });

  test('with a prefix and another namespace: every pod refuses', async () => {
    const moved = await LiveCluster.prepare('moved', PROPS);
    await applyOverlay('namePrefix: dev-', `namespace: ${moved.namespace}`);

    for (const sentence of await refusals(moved.namespace, membersOf(moved))) {
      expect(sentence).toMatch(REFUSED);
    }
    await moved.destroy();
  });
});
