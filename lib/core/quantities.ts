import { Size } from 'cdk8s';
import { ContainerResources, k8s } from './kplus';

/** A size as people write it in manifests: `2Gi`, `512Mi`, `64Ki`. */
export function sizeText(size: Size): string {
  const kibibytes = size.toKibibytes();
  if (kibibytes % 1024 ** 2 === 0) return `${kibibytes / 1024 ** 2}Gi`;
  if (kibibytes % 1024 === 0) return `${kibibytes / 1024}Mi`;
  return `${kibibytes}Ki`;
}

export function sizeQuantity(size: Size): k8s.Quantity {
  return k8s.Quantity.fromString(sizeText(size));
}

/** Requests and limits; what is left out of the props is left out of the manifest. */
export function resourceRequirements(resources: ContainerResources): k8s.ResourceRequirements {
  const limits = quantities(resources, 'limit');
  const requests = quantities(resources, 'request');
  return {
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(requests).length > 0 && { requests }),
  };
}

function quantities(
  { cpu, memory, ephemeralStorage }: ContainerResources,
  which: 'request' | 'limit',
): Record<string, k8s.Quantity> {
  const amount = cpu?.[which]?.amount;
  const bytes = memory?.[which];
  const disk = ephemeralStorage?.[which];
  return {
    ...(amount !== undefined && { cpu: k8s.Quantity.fromString(amount) }),
    ...(bytes !== undefined && { memory: sizeQuantity(bytes) }),
    ...(disk !== undefined && { 'ephemeral-storage': sizeQuantity(disk) }),
  };
}
