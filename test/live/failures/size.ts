import { Size } from 'cdk8s';
import { Storage } from '../../../lib';
import type { Scene } from '../kit/failure';
import { killed, podKilled } from './crashes';
import { ALL_RESTARTED, MASTER_DELETED } from './planned';

/** Seconds for each of them, and for the rollouts in it: how long copies take is the question here, and no fault. */
const limit = 1200;

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
    {
      name: MASTER_DELETED,
      happens: (cluster, master) => cluster.deletePod(master, limit),
      limit,
      next: 'another',
    },
    { ...killed, limit, sudden: true },
    { ...podKilled, limit },
    {
      name: "a replica's pod deleted",
      happens: (cluster, master) => cluster.deletePod(cluster.othersThan(master)[0] ?? '', limit),
      limit,
      next: 'same',
    },
    { name: ALL_RESTARTED, happens: (cluster) => cluster.restart(limit), limit },
    {
      name: "a replica's pod and volume lost",
      happens: (cluster, master) => cluster.loseVolumes(cluster.othersThan(master).slice(0, 1)),
      limit,
      next: 'same',
    },
  ],
};
