import { DATA_PATH } from '../workload/config-maps';
import { articleVariables } from '../workload/environment';
import { PodParts, portName } from '../workload/parts';
import { resourceRequirements } from '../core/quantities';
import { ResolvedCluster, ResolvedWorkload } from '../resolve';

/** A pod of an image that configures itself from the article's variables: nothing of ours runs in it. */
export function selfConfiguredPod(cluster: ResolvedCluster, workload: ResolvedWorkload): PodParts {
  const name = portName(workload);
  return {
    initContainers: [],
    containers: [
      {
        name,
        image: workload.image,
        imagePullPolicy: workload.pullPolicy,
        env: [...articleVariables(cluster, workload), ...workload.pod.env],
        ports: [{ name, containerPort: workload.port }],
        resources: resourceRequirements(workload.resources),
        volumeMounts: [{ name: 'data', mountPath: DATA_PATH }, ...workload.pod.volumeMounts],
      },
    ],
    volumes: [],
  };
}
