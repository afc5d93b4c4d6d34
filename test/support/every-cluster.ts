import fc from 'fast-check';
import type { Manifest } from './manifests';
import { synth } from './synth';
import { validClusters, type ValidCluster } from './valid-props';

export type Check = (objects: Manifest[], cluster: ValidCluster) => void;

/** One for all tests of a file, so that they share what was rendered. A failing test prints it. */
const seed = Math.floor(Math.random() * 2 ** 31);
const rendered = new Map<string, Manifest[]>();

/** Checks many clusters that a program could make; of those that fail, the message has the simplest. */
export function ofEveryCluster(check: Check, clusters = validClusters): void {
  fc.assert(
    fc.property(clusters, (cluster) => {
      check(render(cluster), cluster);
    }),
    { numRuns: 40, seed },
  );
}

function render(cluster: ValidCluster): Manifest[] {
  const key = JSON.stringify(cluster);
  const objects = rendered.get(key) ?? synth(cluster.props, cluster.id, cluster.namespace);
  rendered.set(key, objects);
  return objects;
}
