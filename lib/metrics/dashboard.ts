import { createHash } from 'node:crypto';
import { ResolvedIdentity } from '../identity/resolve';
import { DASHBOARD_FILE } from './dashboard-file';

interface Model {
  readonly templating: { readonly list: { readonly name: string }[] };
}

/**
 * The dashboard of a cluster: the one of all, with this one chosen at first, and an id of its own, for Grafana takes two of one id
 * for one.
 */
export function dashboardOf({ name, namespace }: ResolvedIdentity): string {
  const model = JSON.parse(DASHBOARD_FILE) as Model;
  const chosen: Record<string, string | undefined> = { namespace, cluster: name };
  const list = model.templating.list.map((variable) => {
    const value = chosen[variable.name];
    return value === undefined ? variable : { ...variable, current: { text: value, value } };
  });
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  const uid = `redis-${createHash('sha256').update(place).digest('hex').slice(0, 12)}`;
  return JSON.stringify({ ...model, uid, title: `Redis ${place}`, templating: { ...model.templating, list } });
}
