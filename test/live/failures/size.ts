import { Size } from 'cdk8s';
import { Storage } from '../../../lib';
import type { Failure, Scene } from '../kit/failure';
import { killed } from './crashes';
import { stops } from './planned';

/** Seconds: a copy of all data takes its time, and how long is what is asked. */
const limit = 600;

/** What grows with the data. Not among the failures that are judged: it is measured by `npm run bench:size`. */
export const size: Scene = {
  name: 'size',
  props: {
    nodes: {
      resources: { memory: { request: Size.gibibytes(1), limit: Size.gibibytes(5) } },
      storage: Storage.claim({ size: Size.gibibytes(12) }),
    },
  },
  failures: [
    ...stops,
    { ...killed, sudden: true },
    {
      name: "a replica's pod deleted",
      happens: (cluster, master) => cluster.deletePod(cluster.othersThan(master)[0] ?? ''),
      next: 'same',
    } satisfies Failure,
    {
      name: "a replica's pod and volume lost",
      happens: (cluster, master) => cluster.loseVolumes(cluster.othersThan(master).slice(0, 1)),
      next: 'same',
    } satisfies Failure,
  ].map((failure: Failure) => ({ ...failure, limit })),
};
