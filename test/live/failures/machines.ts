import { Spread } from '../../../lib';
import type { Failure, Scene } from '../kit/failure';
import { machine, machineOf } from '../kit/faults';
import { kubectl, sleep } from '../kit/kubectl';
import { WHOLE } from '../kit/live-cluster';

const drain: Failure = {
  name: "master's machine drained",
  happens: async (cluster, master) => {
    const node = await machineOf(cluster, master);
    const members = ['--pod-selector', WHOLE, '--delete-emptydir-data'];
    try {
      await kubectl(['drain', node, '--ignore-daemonsets', ...members, '--timeout=170s']);
    } finally {
      await kubectl(['uncordon', node]);
    }
  },
  next: 'another',
};

const losses: Failure[] = [
  {
    name: "master's machine without power for 15 s",
    takesMachines: true,
    happens: async (cluster, master) => {
      const node = await machineOf(cluster, master);
      await machine('crash', node);
      await sleep(15_000);
      await machine('boot', node);
    },
    limit: 120,
    sudden: true,
    next: 'another',
  },
  {
    name: "master's machine cut off from all others for 15 s",
    takesMachines: true,
    happens: async (cluster, master) => {
      await machine('isolate', await machineOf(cluster, master));
      await sleep(15_000);
      await machine('heal');
    },
    limit: 120,
    sudden: true,
    next: 'another',
  },
  {
    name: "master's machine cut off from one other for 15 s",
    takesMachines: true,
    thorough: true,
    happens: async (cluster, master) => {
      const [other = ''] = cluster.othersThan(master);
      await machine('cut', await machineOf(cluster, master), await machineOf(cluster, other));
      await sleep(15_000);
      await machine('heal');
    },
  },
];

/**
 * One node and one sentinel on each machine: a replica on the master's would keep it writable, and two sentinels that
 * are bound to one by their volumes could not leave it.
 */
export const machines: Scene = {
  name: 'machines',
  props: {
    nodes: { scheduling: { spread: Spread.REQUIRED } },
    sentinels: { scheduling: { spread: Spread.REQUIRED } },
  },
  failures: [drain, ...losses],
};
