import { Given, idle } from '../core/given';
import { Rule } from '../core/rule';
import { Ids } from './props';
import { ResolvedSecurity } from './resolve';

/** What these rules look at. */
export interface Judged extends ResolvedSecurity {
  readonly given: Given;
}

const NUMBERS = ['security.user', 'security.group', 'security.fsGroup'];

/** An id that is in no pod would silently do nothing. */
const idsAreUsed: Rule<Judged> = ({ security: { ids, restricted }, given }) => {
  const remedy = 'delete one of them';
  if (!restricted) {
    const must = 'does nothing beside restricted: false: this section is left out';
    return idle(given, (path) => [...NUMBERS, 'security.ids'].includes(path), must, remedy);
  }
  if (ids === Ids.FIXED) return [];
  const must = 'does nothing beside ids: Ids.PLATFORM: the platform says it';
  return idle(given, (path) => NUMBERS.includes(path), must, remedy);
};

export const SECURITY_RULES = [idsAreUsed];
