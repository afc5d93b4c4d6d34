import fc, { type Arbitrary } from 'fast-check';
import type { Manifest } from './manifests';
import { synth } from './synth';
import { validClusters, type ValidCluster } from './valid-props';

export type Check = (objects: Manifest[], cluster: ValidCluster) => void;

/** Others in each run of the tests, and the same for all tests of a file. A failing test prints the seed. */
const RUNS = { numRuns: 40, seed: Math.floor(Math.random() * 2 ** 31) };
/** To make one, and to render it, takes longer than to look at it. */
const made = new Map<Arbitrary<ValidCluster>, ValidCluster[]>();
const rendered = new WeakMap<ValidCluster, Manifest[]>();

/** Checks many clusters that a program could make; of those that fail, the message has the simplest. */
export function ofEveryCluster(check: Check, clusters = validClusters): void {
  const checked = (cluster: ValidCluster): void => {
    check(render(cluster), cluster);
  };
  const known = made.get(clusters) ?? fc.sample(clusters, RUNS);
  made.set(clusters, known);
  try {
    known.forEach(checked);
  } catch (error) {
    fc.assert(fc.property(clusters, checked), RUNS);
    throw error;
  }
}

function render(cluster: ValidCluster): Manifest[] {
  const objects = rendered.get(cluster) ?? synth(cluster.props, cluster.id, cluster.namespace);
  rendered.set(cluster, objects);
  return objects;
}
