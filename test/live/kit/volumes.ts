import { ANY_IMAGE } from './images';
import { run } from './kubectl';
import { type LiveCluster, apply } from './live-cluster';

/** Makes the claims of a cluster, and nothing else of it: what is done to them it finds when it is applied. */
export async function prepareVolumes(cluster: LiveCluster, claims: string[]): Promise<void> {
  await cluster.apply(({ kind, metadata }) => kind !== 'PersistentVolumeClaim' || !claims.includes(metadata.name));
  await apply(claims.map((claim) => visitor(cluster, claim)));
  await cluster.kubectl('wait', '--for=condition=Ready', ...claims.map((claim) => `pod/visit-${claim}`));
}

/** Runs a program in `/data` of a volume that was prepared. */
export async function inVolume(cluster: LiveCluster, claim: string, script: string): Promise<string> {
  return cluster.kubectl('exec', `visit-${claim}`, '--', 'sh', '-c', `set -e; cd /data; ${script}`);
}

export async function leaveVolumes(cluster: LiveCluster, claims: string[]): Promise<void> {
  await cluster.kubectl('delete', 'pod', '--grace-period=1', ...claims.map((claim) => `visit-${claim}`));
}

/** Copies the content of a running member's volume into one that was prepared, as a snapshot of the storage does. */
export async function copyVolume(from: LiveCluster, member: string, to: LiveCluster, claim: string): Promise<void> {
  await copy(`-n ${from.namespace} deploy/${member} -c keeper`, `-n ${to.namespace} visit-${claim}`);
}

/** Puts the content of one prepared volume in the place of another's. */
export async function putBack(from: LiveCluster, to: LiveCluster, claim: string): Promise<void> {
  await inVolume(to, claim, 'rm -rf $(ls -A)');
  await copy(`-n ${from.namespace} visit-${claim}`, `-n ${to.namespace} visit-${claim}`);
}

async function copy(from: string, to: string): Promise<void> {
  // A file that grows meanwhile is cut where it was: the server is asked for what it has acknowledged until then.
  const read = `kubectl exec ${from} -- sh -c 'cd /data && tar -cf - $(ls -A) || [ $? = 1 ]'`;
  const write = `kubectl exec -i ${to} -- tar -C /data -xf -`;
  await run('sh', ['-c', `${read} 2>/dev/null | ${write}`]);
}

function visitor(cluster: LiveCluster, claim: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `visit-${claim}`, namespace: cluster.namespace },
    spec: {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        fsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'visit',
          image: ANY_IMAGE,
          command: ['sleep', '600'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
    },
  };
}
