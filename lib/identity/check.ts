import { matching, struct } from '../core/checks';
import { dnsLabel, strings } from '../core/values';
import { MetadataOptions } from './props';

export const IDENTITY_CHECKS = {
  name: dnsLabel,
  masterName: matching(/^[A-Za-z0-9._-]+$/, "must be letters, digits, '.', '_' and '-'", 'write such a name'),
  metadata: struct<MetadataOptions>({
    labels: strings,
    annotations: strings,
    podLabels: strings,
    podAnnotations: strings,
  }),
};
