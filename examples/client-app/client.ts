import Redis from 'ioredis';

/** Variables that `connection.toEnv()` gives a container. */
export interface RedisEnv {
  readonly REDIS_SENTINELS?: string;
  readonly REDIS_MASTER_NAME?: string;
  readonly REDIS_PASSWORD?: string;
  readonly REDIS_SENTINEL_PASSWORD?: string;
}

/** A connection that always leads to the master; `'slave'` gives one for reads that may be a moment old. */
export function connect(env: RedisEnv, role: 'master' | 'slave' = 'master'): Redis {
  const { REDIS_SENTINELS: sentinels, REDIS_MASTER_NAME: name } = env;
  if (!sentinels || !name) throw new Error('REDIS_SENTINELS and REDIS_MASTER_NAME must be set');
  return new Redis({
    sentinels: sentinels.split(',').map((address) => {
      const [host = '', port = '26379'] = address.split(':');
      return { host, port: Number(port) };
    }),
    name,
    role,
    ...(env.REDIS_PASSWORD && { password: env.REDIS_PASSWORD }),
    ...(env.REDIS_SENTINEL_PASSWORD && { sentinelPassword: env.REDIS_SENTINEL_PASSWORD }),
    socketTimeout: 2000, // a machine that is lost closes no connection
    connectTimeout: 1000, // do not wait long for a sentinel that is lost,
    sentinelCommandTimeout: 1000, // or one that hangs
    commandTimeout: 2000, // nor for an answer of a master that is
    sentinelRetryStrategy: (attempt) => Math.min(100 * attempt, 1000), // ask again until there is a master
    // A master no more, or one that is cut off or has a full disk: find the new one, send again.
    reconnectOnError: ({ message }) => (/^(READONLY|NOREPLICAS|MISCONF)/.test(message) ? 2 : false),
    lazyConnect: true,
  });
}

async function main(): Promise<void> {
  const [writes, reads] = [connect(process.env), connect(process.env, 'slave')];
  await writes.set('foo', 'bar');
  await writes.wait(1, 1000); // for the example's sake: the next line asks a replica
  console.log(await reads.get('foo'));
  for (const redis of [writes, reads]) redis.disconnect();
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
