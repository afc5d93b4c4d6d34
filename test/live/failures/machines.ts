import { Spread } from '../../../lib';
import type { Failure, Scene } from '../kit/failure';
import { machine, machineOf } from '../kit/faults';
import { sleep } from '../kit/kubectl';

const failures: Failure[] = [
  {
    name: "master's machine without power for 15 s",
    happens: async (cluster, master) => {
      const node = await machineOf(cluster, master);
      await machine('crash', node);
      await sleep(15_000);
      await machine('boot', node);
    },
    limit: 120,
    next: 'another',
  },
  {
    name: "master's machine cut off from all others for 15 s",
    happens: async (cluster, master) => {
      await machine('isolate', await machineOf(cluster, master));
      await sleep(15_000);
      await machine('heal');
    },
    limit: 120,
    next: 'another',
  },
  {
    name: "master's machine cut off from one other for 15 s",
    happens: async (cluster, master) => {
      const [other = ''] = cluster.othersThan(master);
      await machine('cut', await machineOf(cluster, master), await machineOf(cluster, other));
      await sleep(15_000);
      await machine('heal');
    },
  },
];

/** Needs a program that takes machines away, in CLUSTER_TOOL. A replica on the master's machine would keep it writable. */
export const machines: Scene = {
  name: 'machines',
  props: {
    nodes: { scheduling: { spread: Spread.REQUIRED } },
    sentinels: { scheduling: { spread: Spread.REQUIRED } },
  },
  failures,
};
