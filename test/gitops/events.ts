import { Duration } from 'cdk8s';
import { takeNewPassword } from '../live/failures/planned';
import { scale } from '../live/failures/scale';
import type { Failure, Scene } from '../live/kit/failure';
import { sleep, until } from '../live/kit/kubectl';
import { type LiveCluster, PASSWORD } from '../live/kit/live-cluster';
import { type GitOps, changed, contentOf } from './kit/gitops';

/** Of the images that are there, one that is older than that of a cluster here. */
const OLD = '8.0.2';
/** What is nowhere to be had. */
export const MISSING = '8.2.99';

/** A Service without a port, and beside it what would be fine. */
const REFUSED = (namespace: string) =>
  ['Service', 'ConfigMap'].map((kind) => ({ apiVersion: 'v1', kind, metadata: { name: 'beside', namespace } }));

let changes = 0;
/** A setting that no commit had before. */
const another = () => ({ settings: { timeout: Duration.minutes(++changes) } });

/** A rollout is under way: a member of the last revision has gone, and its successor is not ready yet. */
async function rolling(cluster: LiveCluster): Promise<void> {
  await until(60, 'a member has stopped', async () => {
    const path = '--output=jsonpath={.items[*].status.unavailableReplicas}';
    return (await cluster.kubectl('get', 'deployment', path)) === '' ? undefined : true;
  });
}

/** Somebody can't get an image. */
export async function stuck(cluster: LiveCluster): Promise<void> {
  await until(120, 'an image can not be pulled', async () => {
    const path = '--output=jsonpath={.items[*].status.initContainerStatuses[*].state.waiting.reason}';
    return /ErrImagePull|ImagePullBackOff/.test(await cluster.kubectl('get', 'pods', path)) ? true : undefined;
  });
}

/** What a team does by commits, and to what is applied of them. */
export function eventsOf(tool: GitOps): Failure[] {
  return [
    { name: 'a changed setting committed', happens: (cluster) => cluster.change(another()) },
    {
      name: 'a new image committed',
      thorough: true,
      prepare: (cluster) => cluster.change({ image: { tag: OLD } }),
      happens: (cluster) => cluster.change({ image: {} }),
      limit: 120,
    },
    {
      name: 'a revert committed in the middle of a rollout',
      happens: async (cluster) => {
        const { settings = {} } = cluster.props;
        await cluster.begin(another());
        await rolling(cluster);
        await cluster.change({ settings });
      },
      limit: 120,
    },
    {
      name: 'an image committed that is nowhere, and reverted when its first pod waits for it',
      thorough: true,
      happens: async (cluster) => {
        const { image = {} } = cluster.props;
        await cluster.begin({ image: { tag: MISSING } });
        await stuck(cluster);
        await cluster.change({ image });
      },
      limit: 180,
    },
    {
      name: 'an image committed that is nowhere, and reverted after three minutes',
      thorough: true, // two of them members wait for those that might have come back
      happens: async (cluster) => {
        const { image = {} } = cluster.props;
        await cluster.begin({ image: { tag: MISSING } });
        await sleep(180_000);
        await cluster.change({ image });
      },
      limit: 400,
    },
    {
      name: 'an object committed that Kubernetes refuses, and reverted',
      happens: async (cluster) => {
        const before = await contentOf(cluster.namespace);
        await tool.deliver(cluster.namespace, [...cluster.objects, ...REFUSED(cluster.namespace)], []);
        await until(60, 'it is refused', async () => ((await tool.said()).includes('spec.ports') ? true : undefined));
        const applied = changed(before, await contentOf(cluster.namespace));
        if (tool.allOrNothing && applied.length > 0) throw new Error(`applied all the same: ${applied.join(', ')}`);
        await cluster.apply();
        await tool.delivered();
      },
      limit: 120,
      next: 'same',
    },
    {
      name: "the master's Deployment scaled to 0 by hand",
      happens: async (cluster, master) => {
        const before = await cluster.podOf(master, '.metadata.uid');
        await cluster.scale([master], 0);
        await until(60, 'it is scaled back', async () => {
          await tool.differences(); // who looks only now and then does so now
          const path = '--output=jsonpath={.spec.replicas}';
          return (await cluster.kubectl('get', 'deployment', master, path)) === '1' ? true : undefined;
        });
        await until(170, 'its pod has gone', async () =>
          (await cluster.podOf(master, '.metadata.uid')) === before ? undefined : true,
        );
      },
      next: 'another',
      limit: 120,
    },
    {
      name: "the master's pod deleted, and nothing to apply afterwards",
      happens: (cluster, master) => cluster.deletePod(master),
      next: 'another',
    },
    {
      name: 'deleted with all that was applied, and made again',
      happens: async (cluster) => {
        await tool.cascade();
        await cluster.gone([...cluster.nodes, ...cluster.sentinels]);
        const left = await cluster.kubectl('get', 'deployment,service,persistentvolumeclaim', '--output=name');
        const members = [...cluster.nodes, ...cluster.sentinels].sort();
        const wanted = tool.left.flatMap((kind) => members.map((member) => `${kind}/${member}`));
        if (left.trim() !== wanted.join('\n')) throw new Error(`it left ${left}`);
        await cluster.apply();
      },
      limit: 180,
    },
    {
      name: 'password changed in its Secret, which no commit has',
      thorough: true,
      happens: async (cluster) => {
        await takeNewPassword(cluster);
        await cluster.setPasswords({ password: PASSWORD }); // the clients know this one
      },
      limit: 120,
    },
    ...scale.failures.map((failure) => ({ ...failure, thorough: true })),
  ];
}

/** The cluster to which these happen. */
export function sceneOf(tool: GitOps): Scene {
  return { name: 'gitops', props: scale.props, failures: eventsOf(tool) };
}
