import { createInterface } from 'node:readline';
import type Client from 'ioredis';

// the block of the page

/** What blocks export: one of these. */
const page = module.exports as { readonly redis?: Client; readonly connect?: () => Client };

async function main(client = page.redis ?? page.connect?.()): Promise<void> {
  client?.on('error', () => undefined); // the commands say it
  for await (const key of createInterface(process.stdin)) {
    const answer = client?.set(key, key).then(() => client.get(key));
    console.log(await answer?.then((value) => (value === key ? 'OK' : 'another value'), String));
  }
}

void main();
