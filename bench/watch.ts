import { sleep, until } from '../test/live/kit/kubectl';
import type { LiveCluster } from '../test/live/kit/live-cluster';
import { sum } from './results';
import type { Work } from './size-section';

/** What one server, from its start to its end, said last. */
interface Said extends Work {
  readonly run: string;
}

/**
 * Asks all servers twice a second for what they have done. A server that restarts counts from 0, and one that is gone says
 * nothing any more: what it did in its last half second is not seen.
 */
export class Watch {
  private readonly last: Map<string, Said>;
  private memory = 0;
  private stopped = false;
  private readonly done: Promise<void>;

  private constructor(
    private readonly cluster: LiveCluster,
    private readonly before: Said[],
  ) {
    this.last = new Map(before.map((said) => [said.run, said]));
    this.done = this.run();
  }

  /** From now on. Every server must answer. */
  public static async begin(cluster: LiveCluster): Promise<Watch> {
    const before = cluster.nodes.map((node) => until(30, `${node} says what it did`, () => ask(cluster, node)));
    return new Watch(cluster, await Promise.all(before));
  }

  /** What was done since the beginning. */
  public async stop(): Promise<Work> {
    this.stopped = true;
    await this.done;
    await this.look();
    const since = (of: (work: Work) => number): number =>
      sum([...this.last.values()].map(of)) - sum(this.before.map(of));
    return {
      full: since(({ full }) => full),
      partial: since(({ partial }) => partial),
      forks: since(({ forks }) => forks),
      memory: this.memory,
    };
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.look();
      await sleep(500);
    }
  }

  private async look(): Promise<void> {
    await Promise.all(
      this.cluster.nodes.map(async (node) => {
        const said = await ask(this.cluster, node).catch(() => undefined);
        if (said === undefined) return; // it is busy, or gone
        this.last.set(said.run, said);
        this.memory = Math.max(this.memory, said.memory);
      }),
    );
  }
}

async function ask(cluster: LiveCluster, node: string): Promise<Said> {
  const info = await cluster.direct(node).info();
  const field = (name: string): string => new RegExp(`^${name}:(\\w+)`, 'm').exec(info)?.[1] ?? '';
  return {
    run: field('run_id'),
    full: Number(field('sync_full')),
    partial: Number(field('sync_partial_ok')),
    forks: Number(field('total_forks')),
    memory: Number(field('used_memory_rss')) + Number(field('current_cow_size')),
  };
}
