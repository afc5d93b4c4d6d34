import { Rule } from '../core/rule';
import { ResolvedNodes } from '../nodes/resolve';
import { ResolvedBackup } from './resolve';

/** A client that copies from a master looks like a replica, and every sentinel keeps it. */
const sourceIsAReplica: Rule<ResolvedBackup & ResolvedNodes> = ({ backup, nodes }) =>
  backup === undefined || nodes.length > 1
    ? []
    : [
        {
          rule: 'backup-without-replica',
          property: 'backup',
          value: '{ … }',
          must: 'takes its copy from a replica, and there is none: from the master every sentinel would take it for one for ever',
          remedy: 'write nodes.replicas: 1 or more, or delete it',
        },
      ];

export const BACKUP_RULES = [sourceIsAReplica];
