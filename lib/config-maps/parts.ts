import { Construct } from 'constructs';
import { k8s } from '../core/kplus';
import { NOT_PRUNED, objectMetadata } from '../identity/labels';
import { ResolvedIdentity } from '../identity/resolve';
import { ResolvedImage, isScripted } from '../image/resolve';
import { ResolvedConfigMap, ResolvedConfigMaps } from './resolve';

interface Scripted {
  readonly members: readonly Pick<ResolvedImage, 'envContract'>[];
}

/** The ConfigMaps of a cluster, as Kubernetes has them. */
export interface ConfigMapsProps {
  /** The scripts. @default - none */
  readonly scripts?: k8s.KubeConfigMapProps;
  /** What all members know of their cluster. @default - none */
  readonly members?: k8s.KubeConfigMapProps;
}

/**
 * What all pods share: the scripts, and what every member knows of its cluster.
 *
 * Each ConfigMap can't be changed and has its content in its name. A change is a new one, and so a rollout. There is none
 * for images that configure themselves: they would not read it.
 */
export class ConfigMaps extends Construct {
  /** The scripts; undefined where none run. */
  public readonly scripts: k8s.KubeConfigMap | undefined;
  /** What all members know; undefined where nothing reads it. */
  public readonly members: k8s.KubeConfigMap | undefined;

  public constructor(scope: Construct, id: string, props: ConfigMapsProps) {
    super(scope, id);
    this.scripts = props.scripts && new k8s.KubeConfigMap(this, 'scripts', props.scripts);
    this.members = props.members && new k8s.KubeConfigMap(this, 'members', props.members);
  }
}

const KEPT = 'Stays when nothing names it any more: a Deployment that is rolled back needs the one of its time.';

export function configMapsProps(cluster: ResolvedIdentity & ResolvedConfigMaps & Scripted): ConfigMapsProps {
  if (!cluster.members.some(isScripted)) return {};
  const props = ({ name, data }: ResolvedConfigMap): k8s.KubeConfigMapProps => ({
    metadata: objectMetadata(cluster, name, { annotations: NOT_PRUNED, description: KEPT }),
    immutable: true,
    data,
  });
  return { scripts: props(cluster.configMaps.scripts), members: props(cluster.configMaps.members) };
}
