import { expect, test } from '@jest/globals';
import { Watch } from '../../bench/watch';
import type { LiveCluster } from '../live/kit/live-cluster';

interface Server {
  readonly run: string;
  readonly full: number;
  readonly partial?: number;
  readonly forks?: number;
  readonly rss?: number;
  readonly cow?: number;
}

/** A cluster of servers that say this; one that is undefined does not answer. */
function clusterOf(servers: Record<string, Server | undefined>): LiveCluster {
  const info = ({ run, full, partial = 0, forks = 0, rss = 0, cow = 0 }: Server): string =>
    `# Server\r\nrun_id:${run}\r\nused_memory_rss:${rss}\r\ncurrent_cow_size:${cow}\r\nused_memory_rss_human:1M\r\ntotal_forks:${forks}\r\nsync_full:${full}\r\nsync_partial_ok:${partial}\r\n`;
  const direct = (node: string): object => ({
    info: () => {
      const server = servers[node];
      return server === undefined ? Promise.reject(new Error('gone')) : Promise.resolve(info(server));
    },
  });
  return { nodes: Object.keys(servers), direct } as unknown as LiveCluster;
}

test('What was done before does not count, all that a server did which started since does, and so does what one did that is gone.', async () => {
  const servers: Record<string, Server | undefined> = {
    stays: { run: 'a1', full: 5, partial: 7, forks: 9 },
    restarts: { run: 'b1', full: 3, forks: 3 },
    goes: { run: 'c1', full: 1 },
  };
  const watch = await Watch.begin(clusterOf(servers));
  Object.assign(servers, { goes: { run: 'c1', full: 2 } });
  await new Promise((resolve) => setTimeout(resolve, 700)); // it asks twice a second
  Object.assign(servers, {
    stays: { run: 'a1', full: 6, partial: 9, forks: 10 },
    restarts: { run: 'b2', full: 4, partial: 1, forks: 2 },
    goes: undefined,
  });
  expect(await watch.stop()).toMatchObject({ full: 1 + 4 + 1, partial: 2 + 1, forks: 1 + 2 });
});

test('Memory is the most of one server with its fork.', async () => {
  const servers = { a: { run: 'a', full: 0, rss: 100 }, b: { run: 'b', full: 0, rss: 70, cow: 50 } };
  expect(await (await Watch.begin(clusterOf(servers))).stop()).toMatchObject({ memory: 120 });
});
