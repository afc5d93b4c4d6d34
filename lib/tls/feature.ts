import { TLS_CHECKS } from './check';
import { tlsPod, tlsVariables } from './pod';
import { resolveTls } from './resolve';
import { TLS_RULES } from './rules';

/** Encryption, and certificates that are renewed while everything runs. */
export const tls = { checks: TLS_CHECKS, resolve: resolveTls, rules: TLS_RULES, variables: tlsVariables, pod: tlsPod };
