import { createCipheriv } from 'node:crypto';
import type Redis from 'ioredis';
import { healthy } from '../test/live/kit/health';
import { until } from '../test/live/kit/kubectl';
import type { LiveCluster } from '../test/live/kit/live-cluster';

/** Data that stay for all failures are in a database of their own: what clients write in theirs is deleted in between. */
const DATABASE = 1;
/** Of a value. */
const BYTES = 1000;
/** Keys that one script writes: a server that did nothing else for longer would look dead on a busy machine. */
const BATCH = 2000;
/** Values that are read again. */
const SAMPLE = 100;

/** Values are parts of this: the same in every run, and nothing that a snapshot could compress. */
const TEXT = createCipheriv('aes-256-ctr', Buffer.alloc(32), Buffer.alloc(16))
  .update(Buffer.alloc(75_000))
  .toString('base64');
const valueOf = (key: number): string => TEXT.slice(key % (TEXT.length - BYTES)).slice(0, BYTES);

const WRITE = `
for key = tonumber(ARGV[2]), tonumber(ARGV[3]) - 1 do
  local from = key % (#ARGV[1] - ${BYTES}) + 1
  redis.call('SET', 'kept:' .. key, string.sub(ARGV[1], from, from + ${BYTES - 1}))
end`;

const keysIn = (bytes: number): number => Math.ceil(bytes / BYTES);

/** Writes that much data; all nodes have them then. A machine that is busy with it may lose its master meanwhile. */
export async function keepData(cluster: LiveCluster, bytes: number): Promise<void> {
  const keys = keysIn(bytes);
  let server: Redis | undefined;
  for (let from = 0; from < keys; from += BATCH) {
    await until(300, `keys from ${from} of ${keys} are on all nodes`, async () => {
      server ??= cluster.patient((await healthy(cluster)).master, DATABASE);
      try {
        await server.eval(WRITE, 0, TEXT, from, Math.min(from + BATCH, keys));
        return (await server.wait(cluster.nodes.length - 1, 5000)) === cluster.nodes.length - 1 ? true : undefined;
      } catch (error) {
        server.disconnect();
        server = undefined;
        throw error;
      }
    });
  }
  server?.disconnect();
}

/** What is wrong with the data that were written so, on any node; empty where all are there. */
export async function missingData(cluster: LiveCluster, bytes: number): Promise<string[]> {
  const keys = keysIn(bytes);
  const apart = Math.max(1, Math.floor(keys / SAMPLE));
  const sample = Array.from({ length: Math.min(SAMPLE, keys) }, (_, index) => index * apart);
  const each = cluster.nodes.map(async (node) => {
    const server = cluster.patient(node, DATABASE);
    try {
      const count = await server.dbsize();
      const values = await server.mget(sample.map((key) => `kept:${key}`));
      const wrong = sample.filter((key, index) => values[index] !== valueOf(key)).length;
      return [
        ...(count === keys ? [] : [`${node} has ${count} of ${keys} keys that were kept`]),
        ...(wrong === 0 ? [] : [`${wrong} of ${sample.length} kept values that ${node} has are not what was written`]),
      ];
    } finally {
      server.disconnect();
    }
  });
  return (await Promise.all(each)).flat();
}
