/**
 * The one place that names the Kubernetes line of cdk8s-plus: a move to another line is a change of this file.
 */
export { Cpu, EnvValue, ImagePullPolicy, PersistentVolumeAccessMode, Secret, k8s } from 'cdk8s-plus-27';
export type { ContainerResources, CpuResources, ISecret, MemoryResources } from 'cdk8s-plus-27';
