import { Size } from 'cdk8s';
import { ContainerResources, Cpu, k8s } from './kplus';

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

/** So much memory, whatever else is on the machine, and as much CPU as is free: who is throttled answers late. */
export function reserved(cpu: Cpu, memory: Size): ContainerResources {
  return { cpu: { request: cpu }, memory: { request: memory, limit: memory } };
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

const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/**
 * The number that a quantity is; undefined where it is none.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function amountOf(quantity: k8s.Quantity | undefined): number | undefined {
  const [, number, suffix = ''] = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(String(quantity?.value)) ?? [];
  if (number === undefined) return undefined;
  if (BINARY.includes(suffix)) return Number(number) * 1024 ** BINARY.indexOf(suffix);
  return DECIMAL.includes(suffix)
    ? Number(number) * 1000 ** (DECIMAL.indexOf(suffix) - DECIMAL.indexOf(''))
    : undefined;
}
