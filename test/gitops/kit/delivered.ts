import type { Scene } from '../../live/kit/failure';
import { explained, healthy } from '../../live/kit/health';
import { LiveCluster } from '../../live/kit/live-cluster';
import type { GitOps } from './gitops';

/** A cluster whose objects this tool brings, and the seconds until all of it was there and healthy. */
export async function delivered(
  { name, props, patch }: Scene,
  tool: GitOps,
): Promise<{ cluster: LiveCluster; seconds: number }> {
  const start = performance.now();
  const cluster = await LiveCluster.start(name, props, patch, tool);
  try {
    await explained(cluster, 'from nothing', () => tool.delivered());
    await explained(cluster, 'from nothing', () => healthy(cluster));
    const seconds = (performance.now() - start) / 1000;
    console.log(`${cluster.namespace}: applied and healthy ${seconds.toFixed(1)} s after the first commit`);
    return { cluster, seconds };
  } catch (error) {
    await cluster.destroy(); // nobody else knows it
    throw error;
  }
}
