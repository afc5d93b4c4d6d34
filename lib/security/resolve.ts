import * as defaults from '../defaults';
import { SecurityOptions } from './props';

export interface ResolvedSecurity {
  readonly security: Required<SecurityOptions>;
}

export function resolveSecurity(props: { readonly security?: SecurityOptions }): ResolvedSecurity {
  const { ids, user, group, fsGroup, restricted } = props.security ?? {};
  return {
    security: {
      ids: ids ?? defaults.IDS,
      user: user ?? defaults.USER,
      group: group ?? defaults.USER,
      fsGroup: fsGroup ?? group ?? defaults.USER,
      restricted: restricted ?? defaults.RESTRICTED,
    },
  };
}
