import { USERS_PATH, USER_PASSWORDS_PATH } from '../config-maps/paths';
import { USERS_CHECKS } from './check';
import { usersPod } from './pod';
import { ResolvedUsers, resolveUsers } from './resolve';
import { USERS_RULES } from './rules';

/** Where the keepers find the list, and the passwords. */
const variables = ({ users: { length } }: ResolvedUsers): Record<string, string> =>
  length === 0 ? {} : { USERS_DIR: USERS_PATH, USER_PASSWORDS_DIR: USER_PASSWORDS_PATH };

/** Users of clients. */
export const users = { checks: USERS_CHECKS, resolve: resolveUsers, rules: USERS_RULES, variables, pod: usersPod };
