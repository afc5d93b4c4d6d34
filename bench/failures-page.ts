import { failuresSections } from './failures-section';
import { gitopsSection } from './gitops-section';
import { idleSection } from './idle-section';
import { proxiedSection } from './proxied-section';
import { sizeSection } from './size-section';

/** docs/failures.md: what each bench on a cluster measured. */
export function failuresPage(): string {
  return [
    `# What happens in a failure`,
    `Measured by \`npm run bench:failures\`: three nodes on one machine with two cores, so without a network's delay, and slower than
machines of their own. Each cluster has a few kB of data and the defaults that this library had (three nodes and three sentinels,
\`down-after\` 5 s, an append-only file that is flushed every second, \`min-replicas-to-write\` 1 within 3 s) unless the row says
otherwise; where a machine is drained, lost or cut off, each has one node and one sentinel (\`Spread.REQUIRED\`).
\`bench/failures.json\` has every run.`,
    `Two clients write all the time: one that stays (ioredis, set up as in the README), and one that connects anew for every write.
**Gap** is the longest time between two acknowledged writes; **healthy** the time from the event, with all that it takes by
itself, until all sentinels and nodes agree again. Both are the median of several runs, and in brackets the least and the most. **Lost** are
acknowledged writes that are not there afterwards, of both clients in all runs together. **Two masters** counts the moments
in which two nodes took a write, looked for ten times a second.`,
    `Where pods are made anew, a kubelet of a busy machine may ask for a pod's claim before the API server has noted that the pod is there, is
refused, and tries again after 10 to 15 s (event \`FailedMount\`, \`no relationship found between node\`;
[kubernetes#113429](https://github.com/kubernetes/kubernetes/issues/113429)). Nothing in a manifest changes that: it is in the largest values
of rows in which all are killed, or so many that a master has no replica left.`,
    ...failuresSections(),
    ...gitopsSection(),
    ...sizeSection(),
    ...proxiedSection(),
    ...idleSection(),
  ]
    .join('\n\n')
    .concat('\n');
}
