import { Duration } from 'cdk8s';
import { flag, list, made, matching, notEmpty, oneOf, struct } from '../core/checks';
import { between, objectName, port, secretKey } from '../core/values';
import { MigrationOptions, MigrationPhase, SentinelSourceOptions, ServerSourceOptions, SourceAuth } from './props';

const host = matching(
  /^[a-zA-Z0-9]([-a-zA-Z0-9.]{0,251}[a-zA-Z0-9])?$|^[0-9a-fA-F:]+$/,
  'must be a host name or an address',
  "write 'redis-master.shop.svc'",
);
const user = matching(/^[^\s"'\\]+$/, 'must be the name of a user', 'write it without spaces and quotes');
const auth = struct<SourceAuth>({ secretName: objectName, key: secretKey, user });
const common = { port, auth, tls: flag };

export const MIGRATION_CHECKS = {
  migrateFrom: struct<MigrationOptions>({
    source: made(
      {
        server: struct<ServerSourceOptions>({ ...common, host }),
        sentinels: struct<SentinelSourceOptions>({
          ...common,
          hosts: notEmpty(list(host), 'is empty, and nobody could say who is master', 'write the host of one or more'),
          redisPort: port,
          masterName: matching(/^[\w.-]+$/, 'must be the name of a master', "write letters, digits, '.', '_' and '-'"),
          sentinelAuth: auth,
        }),
      },
      'a MigrationSource',
      "write MigrationSource.server({ host: '…' })",
    ),
    phase: oneOf(MigrationPhase),
    timeout: between(Duration.seconds(1), Duration.days(1), 'seconds'),
  }),
};
