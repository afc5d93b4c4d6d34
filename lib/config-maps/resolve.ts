import { hashOf, naming } from '../identity/naming';
import { ResolvedIdentity } from '../identity/resolve';
import { SCRIPT_FILES } from './script-files';
import { PROXY_SCRIPTS } from './scripts';

/** An object that can't be changed, and has its content in its name. */
export interface ResolvedConfigMap {
  readonly name: string;
  readonly data: Record<string, string>;
}

export interface ResolvedConfigMaps {
  readonly configMaps: {
    /** The scripts that run in the containers. */
    readonly scripts: ResolvedConfigMap;
    /** What every container of a cluster knows of it. */
    readonly members: ResolvedConfigMap;
  };
}

/** What members run, the same in every cluster of a program. */
const MEMBER_FILES = Object.fromEntries(Object.entries(SCRIPT_FILES).filter(([file]) => !PROXY_SCRIPTS.includes(file)));
const MEMBER_FILES_HASH = hashOf(MEMBER_FILES);

export function resolveConfigMaps({ name }: ResolvedIdentity, members: Record<string, string>): ResolvedConfigMaps {
  return {
    configMaps: {
      scripts: { name: naming.withHash(`${name}-scripts`, MEMBER_FILES_HASH), data: MEMBER_FILES },
      members: { name: naming.hashed(`${name}-members`, members), data: members },
    },
  };
}
