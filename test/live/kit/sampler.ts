import { sleep } from './kubectl';
import { LiveCluster } from './live-cluster';

/** Watches from outside, ten times a second: how many nodes take a write, and whether a master is empty. */
export class Sampler {
  /** Moments in which two nodes took a write. */
  public readonly twoMasters: string[] = [];
  /** Moments in which a node without data was a master. */
  public readonly emptyMasters: string[] = [];
  private stopped = false;
  private readonly done: Promise<void>;

  public constructor(
    private readonly cluster: LiveCluster,
    private readonly expectsData = true,
  ) {
    this.done = this.run();
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async run(): Promise<void> {
    const start = performance.now();
    while (!this.stopped) {
      const answers = await Promise.all(this.cluster.nodes.map((node) => this.sample(node)));
      const at = `${((performance.now() - start) / 1000).toFixed(1)} s`;
      const masters = answers.filter(({ writable }) => writable).map(({ node }) => node);
      if (masters.length > 1) this.twoMasters.push(`${at}: ${masters.join(' and ')}`);
      this.emptyMasters.push(...answers.filter(({ empty }) => empty).map(({ node }) => `${at}: ${node}`));
      await sleep(100);
    }
  }

  private async sample(node: string): Promise<{ node: string; writable: boolean; empty: boolean }> {
    const server = this.cluster.direct(node);
    try {
      const [role] = (await server.call('ROLE')) as string[];
      if (role !== 'master') return { node, writable: false, empty: false };
      const keys = await server.dbsize();
      const writable = (await server.set('sampler', node, 'PX', 1000).catch(() => undefined)) === 'OK';
      return { node, writable, empty: this.expectsData && keys <= 1 };
    } catch {
      return { node, writable: false, empty: false };
    }
  }
}
