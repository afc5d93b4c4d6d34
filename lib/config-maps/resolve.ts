import { naming } from '../identity/naming';
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

/** What members run. */
const MEMBER_FILES = Object.fromEntries(Object.entries(SCRIPT_FILES).filter(([file]) => !PROXY_SCRIPTS.includes(file)));

export function resolveConfigMaps({ name }: ResolvedIdentity, members: Record<string, string>): ResolvedConfigMaps {
  const named = (what: string, data: Record<string, string>): ResolvedConfigMap => ({
    name: naming.hashed(`${name}-${what}`, data),
    data,
  });
  return { configMaps: { scripts: named('scripts', MEMBER_FILES), members: named('members', members) } };
}
