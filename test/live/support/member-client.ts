import { Redis, type RedisOptions } from 'ioredis';
import { within } from './time';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

/** What a server said: text, numbers, and lists of them. */
export type Reply = string | number | null | Reply[];

const ANSWER_MILLISECONDS = 1000;

/** One connection to one node or sentinel by its Service's name. A question never waits: no connection, no answer. */
export class MemberClient {
  public readonly host: string;
  private readonly redis: Redis;

  public constructor(address: Address, options: RedisOptions = {}) {
    this.host = address.host;
    this.redis = new Redis({
      ...address,
      enableReadyCheck: false,
      enableOfflineQueue: false,
      disableClientInfo: true,
      connectTimeout: ANSWER_MILLISECONDS,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 100,
      ...options,
    });
    this.redis.on('error', () => undefined); // a member that is away is what these tests are about
  }

  /** The answer, an error that the server gave, or undefined where it gave none in time. */
  public async ask(command: string, ...args: (string | number)[]): Promise<Reply | Refusal | undefined> {
    if (this.redis.status !== 'ready') return undefined;
    const answer = await within(
      ANSWER_MILLISECONDS,
      this.redis.call(command, ...args).then(
        (reply) => asReply(reply),
        (error: unknown) => (isRefusal(error) ? new Refusal(error.message) : undefined),
      ),
    );
    // A pod that is gone without a word leaves a connection on which nothing ever comes.
    if (answer === undefined) this.redis.disconnect(true);
    return answer;
  }

  public async text(command: string, ...args: (string | number)[]): Promise<string> {
    const reply = await this.ask(command, ...args);
    if (reply instanceof Refusal) return `-${reply.message}`;
    return reply === undefined ? '' : String(reply);
  }

  public async list(command: string, ...args: (string | number)[]): Promise<Reply[]> {
    const reply = await this.ask(command, ...args);
    return Array.isArray(reply) ? reply : [];
  }

  /** INFO, or a part of it, as names and values; empty where there is no answer. */
  public async info(section: string): Promise<Record<string, string>> {
    const lines = (await this.text('INFO', section)).split('\r\n');
    return Object.fromEntries(lines.map((line) => split(line)).filter(([, value]) => value !== ''));
  }

  /** Until it is connected: the first question of a new client needs that. */
  public async connected(milliseconds: number): Promise<boolean> {
    if (this.redis.status === 'ready') return true;
    const ready = new Promise<true>((resolve) => {
      this.redis.once('ready', () => {
        resolve(true);
      });
    });
    return (await within(milliseconds, ready)) ?? false;
  }

  public close(): void {
    this.redis.disconnect();
  }
}

/** An error that the server answered with. */
export class Refusal {
  public constructor(public readonly message: string) {}
}

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

function asReply(value: unknown): Reply {
  if (Array.isArray(value)) return value.map(asReply);
  if (Buffer.isBuffer(value)) return value.toString();
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function split(line: string): [string, string] {
  const colon = line.indexOf(':');
  return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
}

/** A flat list of names and values, as SENTINEL MASTER answers. */
export function pairs(reply: Reply): Record<string, string> {
  const found: Record<string, string> = {};
  if (!Array.isArray(reply)) return found;
  for (let index = 0; index + 1 < reply.length; index += 2) found[String(reply[index])] = String(reply[index + 1]);
  return found;
}
