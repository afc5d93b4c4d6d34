import { SCRIPTS_PATH } from './paths';

/** The scripts of a container, by their file's name; `common.sh` and others are read by them. */
export type Script =
  | 'names'
  | 'redis'
  | 'keeper'
  | 'stop-redis'
  | 'sentinel'
  | 'stop-sentinel'
  | 'sentinel-keeper'
  | 'probe'
  | 'check'
  | 'backup-dump'
  | 'backup-verify'
  | 'backup-upload'
  | 'restore-ask'
  | 'restore-fetch'
  | 'restore-place'
  | 'cut-over'
  | 'proxy'
  | 'proxy-keeper';

/** Those of the proxies, which have them beside their configuration: members would be rolled out for a change that is not theirs. */
export const PROXY_SCRIPTS = ['proxy.sh', 'proxy-keeper.sh'];

export function command(script: Script): string[] {
  return ['sh', `${SCRIPTS_PATH}/${script}.sh`];
}
