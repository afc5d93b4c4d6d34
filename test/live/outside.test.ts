import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ProxyService, type RedisSentinelClusterProps } from '../../lib';
import { programOf } from './kit/clients';
import { healthy, started } from './kit/health';
import { sleep } from './kit/kubectl';
import type { LiveCluster } from './kit/live-cluster';
import { Balancer, Outsider, besides, canPlugIn, machines } from './kit/outside';
import { leads, proxyMachines, proxyProcesses } from './kit/proxied';
import { thorough } from './kit/tier';
import { PooledWriter, ProgramWriter } from './kit/writers';

/** Last numbers of the addresses of a machine that is let in, one that is not, and the balancer. */
const [FRIEND, STRANGER, BALANCER] = [201, 202, 210];
const PORT = 6379;
const NODE_PORT = 30_379;
/** Milliseconds that a change of the master or of the proxies may cost a client there, or a second more than one that asks the sentinels. */
const LONGEST = 1500;

/** What who is not let in hears: a network may drop what it does not want, or refuse it. */
const NOBODY = /^(silence|ECONNREFUSED)$/;

const outside = canPlugIn ? describe : describe.skip;

/** A client as docs/proxy.md has it, on a machine beside those of the cluster. */
function clientAt(cluster: LiveCluster, outsider: Outsider, host: string, port: number): ProgramWriter {
  const program = outsider.running(programOf('ioredis', 'docs/proxy.md', false));
  return new ProgramWriter(cluster, 'outside', program, {
    ...cluster.environment,
    REDIS_HOST: host,
    REDIS_PORT: String(port),
  });
}

/** Lets something happen under a client outside, and one that asks the sentinels. */
async function survivesOutside(
  cluster: LiveCluster,
  what: string,
  writer: ProgramWriter,
  happens: (master: string) => Promise<unknown>,
  longest = LONGEST,
): Promise<void> {
  const direct = new PooledWriter(cluster, 'direct');
  try {
    const { master } = await healthy(cluster);
    await leads(cluster, 60);
    await Promise.all([writer.acknowledges(20), direct.acknowledges(20)]);
    await happens(master);
    await healthy(cluster);
    await Promise.all([writer.acknowledges(20), direct.acknowledges(20)]);
  } finally {
    await Promise.all([writer.stop(), direct.stop()]);
  }
  const [{ acknowledged, gap, lost }, beside] = await Promise.all([writer.account(), direct.account()]);
  console.log(
    `${cluster.namespace}: ${what}: ${acknowledged} writes, gap ${gap} ms (${beside.gap} beside it), ${lost.length} lost`,
  );
  expect(lost).toEqual([]);
  expect(gap).toBeLessThanOrEqual(Math.max(longest, beside.gap + 1000));
}

outside('From a machine outside of the cluster', () => {
  let friend: Outsider;
  let stranger: Outsider;

  beforeAll(async () => {
    friend = await Outsider.plugIn(FRIEND);
    stranger = await Outsider.plugIn(STRANGER);
  });
  afterAll(async () => {
    await Promise.all([friend, stranger].map((one) => one.unplug()));
  });

  const begun = async (name: string, service: ProxyService): Promise<LiveCluster> => {
    const props: RedisSentinelClusterProps = { proxy: { service } };
    const cluster = await started(name, props);
    await leads(cluster, 60);
    return cluster;
  };
  const sourceRanges = [`${besides(FRIEND)}/32`];

  describe('by a port of every machine,', () => {
    let cluster: LiveCluster;
    let machine = '';

    beforeAll(async () => {
      cluster = await begun('node-port', ProxyService.nodePort({ sourceRanges, port: NODE_PORT }));
      [machine = ''] = await proxyMachines(cluster);
    });
    afterAll(async () => {
      await cluster.destroy();
    });

    test('clients come in who may, at machines with a proxy', async () => {
      expect(await friend.ask(machine, NODE_PORT)).toMatch('NOAUTH');
      if (process.env.NETWORK_POLICY === 'on') expect(await stranger.ask(machine, NODE_PORT)).toMatch(NOBODY);
      const proxies = await proxyMachines(cluster);
      const others = (await machines()).filter((one) => !proxies.includes(one));
      expect(others).not.toEqual([]);
      for (const other of others) expect(await friend.ask(other, NODE_PORT)).toMatch(NOBODY);
    });

    test('a client goes on at another master', async () => {
      await survivesOutside(cluster, "master's pod deleted", clientAt(cluster, friend, machine, NODE_PORT), (master) =>
        cluster.deletePod(master),
      );
    });
  });

  describe('by a balancer,', () => {
    let cluster: LiveCluster;
    let balancer: Balancer;
    const client = (): ProgramWriter => clientAt(cluster, friend, balancer.address, PORT);

    beforeAll(async () => {
      cluster = await begun('balancer', ProxyService.loadBalancer({ sourceRanges }));
      balancer = await Balancer.start(cluster, 'cache-proxy', besides(BALANCER), friend);
    });
    afterAll(async () => {
      await balancer.stop();
      await cluster.destroy();
    });

    thorough('clients come in who may', async () => {
      const [machine = ''] = await proxyMachines(cluster);
      await stranger.sendBy(balancer.address, machine);
      expect(await friend.ask(balancer.address, PORT)).toMatch('NOAUTH');
      expect(await stranger.ask(balancer.address, PORT)).toMatch(NOBODY);
    });

    thorough('a client goes on at another master', async () => {
      for (let times = 0; times < 5; times++)
        await survivesOutside(cluster, "master's pod deleted", client(), (master) => cluster.deletePod(master));
    });

    thorough(
      'a client goes on while the proxies are replaced, though the balancer is slow to see it',
      async () => {
        await survivesOutside(cluster, 'the proxies restarted', client(), async () => {
          await cluster.kubectl('rollout', 'restart', 'deployment/cache-proxy');
          await cluster.kubectl('rollout', 'status', 'deployment/cache-proxy', '--timeout=200s');
          await sleep(45_000); // the last of the old ones is told to stop then, and serves on
        });
      },
      400_000,
    );

    thorough('a client goes on when the proxy of its machine has been killed', async () => {
      const killed = async (): Promise<void> => {
        for (const pid of await proxyProcesses(cluster)) process.kill(pid, 'SIGKILL');
        await sleep(15_000);
      };
      await survivesOutside(cluster, 'both proxies killed', client(), killed, 6000);
    });
  });
});
