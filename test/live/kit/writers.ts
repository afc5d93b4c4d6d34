import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import Redis from 'ioredis';
import { sleep, until } from './kubectl';
import { LiveCluster } from './live-cluster';

/** What a client lived through. */
export interface Account {
  readonly acknowledged: number;
  /** Longest time between two acknowledged writes, in milliseconds. */
  readonly gap: number;
  /** Keys that were acknowledged and are not there. */
  readonly lost: string[];
  /** Keys after which nothing was acknowledged for a second. */
  readonly lastOnes: string[];
}

/** Milliseconds after which a client that is not answered has lost its master. */
const SILENCE = 1000;

/** What has not been answered after so many milliseconds is unknown. */
const LONGEST_WRITE = 3000;

/** A client that writes unique keys. Only OK is an acknowledgement; everything else is unknown, and owes nothing. */
export abstract class Writer {
  private readonly acknowledged: string[] = [];
  /** When the last write was acknowledged, by `performance.now()`. */
  private last: number | undefined;
  private gap = 0;
  private readonly lastOnes: string[] = [];
  private stopped = false;
  private readonly done: Promise<void>;

  private readonly name: string;

  protected constructor(
    protected readonly cluster: LiveCluster,
    kind: string,
  ) {
    this.name = `${kind}-${process.pid}-${Math.round(performance.now())}`; // its own in a cluster that is used again
    this.done = this.run();
  }

  protected abstract write(key: string): Promise<unknown>;

  /** How many have been acknowledged so far, and when the last one was. */
  public get now(): { acknowledged: number; last: number } {
    return { acknowledged: this.acknowledged.length, last: this.last ?? 0 };
  }

  /** Until so many more writes have been acknowledged. */
  public async acknowledges(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    await until(60, `${count} more acknowledged writes of ${this.name}`, () =>
      Promise.resolve(this.acknowledged.length >= goal ? true : undefined),
    );
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
    await this.close();
  }

  /** Counts what is there, after the writing has stopped. The cluster must be healthy. */
  public async account(): Promise<Account> {
    const { acknowledged, gap, lastOnes } = this;
    return { acknowledged: acknowledged.length, gap: Math.round(gap), lost: await this.lost(), lastOnes };
  }

  protected close(): Promise<void> {
    return Promise.resolve();
  }

  private async run(): Promise<void> {
    await sleep(0); // the object is complete then
    for (let number = 0; !this.stopped; number++) {
      const key = `${this.name}:${number}`;
      const answer = await Promise.race([this.write(key).catch(() => undefined), sleep(LONGEST_WRITE)]);
      if (answer === 'OK') {
        const now = performance.now();
        const silence = now - (this.last ?? now);
        this.gap = Math.max(this.gap, silence);
        if (silence > SILENCE) this.lastOnes.push(...this.acknowledged.slice(-1));
        this.acknowledged.push(key);
        this.last = now;
      } else {
        await sleep(10);
      }
    }
  }

  private async lost(): Promise<string[]> {
    const client = this.cluster.client();
    const lost: string[] = [];
    for (let from = 0; from < this.acknowledged.length; from += 1000) {
      const keys = this.acknowledged.slice(from, from + 1000);
      const values = await until(30, `the keys of ${this.name} are read`, () => client.mget(keys));
      lost.push(...keys.filter((_, index) => values[index] === null));
    }
    client.disconnect();
    return lost;
  }
}

/** An application: one client for ever. */
export class PooledWriter extends Writer {
  private client: Redis | undefined;

  public constructor(cluster: LiveCluster, kind = 'pooled') {
    super(cluster, kind);
  }

  protected write(key: string): Promise<unknown> {
    return this.connected().set(key, key);
  }

  protected connected(): Redis {
    return (this.client ??= this.cluster.client());
  }

  protected override close(): Promise<void> {
    this.client?.disconnect();
    return Promise.resolve();
  }
}

/** An application whose writes are Lua scripts. */
export class ScriptWriter extends PooledWriter {
  public constructor(cluster: LiveCluster) {
    super(cluster, 'scripts');
  }

  protected override write(key: string): Promise<unknown> {
    return this.connected().eval(`redis.call('SET', KEYS[1], KEYS[1]) return 'OK'`, 1, key);
  }
}

/** A command line: asks the sentinels anew for every write. */
export class ReconnectingWriter extends Writer {
  public constructor(cluster: LiveCluster) {
    super(cluster, 'reconnecting');
  }

  protected async write(key: string): Promise<unknown> {
    const client = this.cluster.client();
    try {
      return await client.set(key, key);
    } finally {
      client.disconnect();
    }
  }
}

/** A program that takes a line for each write, and answers with one. */
abstract class ToldWriter extends Writer {
  private readonly waiting: ((answer: string) => void)[] = [];
  private program: ChildProcessWithoutNullStreams | undefined;

  protected abstract start(): ChildProcessWithoutNullStreams;

  protected tell(line: string): Promise<string> {
    this.program ??= this.started();
    this.program.stdin.write(`${line}\n`);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private started(): ChildProcessWithoutNullStreams {
    const program = this.start();
    createInterface(program.stdout).on('line', (line) => this.waiting.shift()?.(line));
    program.stdin.on('error', () => undefined); // one that has ended acknowledges nothing
    return program;
  }

  protected override close(): Promise<void> {
    this.program?.kill();
    return Promise.resolve();
  }
}

/** A client on a node's own side of every cut: runs in its pod, and speaks to nobody else. */
export class InsideWriter extends ToldWriter {
  public constructor(
    cluster: LiveCluster,
    private readonly node: string,
  ) {
    super(cluster, 'inside');
  }

  protected write(key: string): Promise<unknown> {
    return this.tell(`SET ${key} ${key}`);
  }

  protected start(): ChildProcessWithoutNullStreams {
    const shell = 'REDISCLI_AUTH="$(cat /passwords/redis)" exec "$(command -v redis-cli || command -v valkey-cli)"';
    const target = ['exec', '--stdin', `deployment/${this.node}`, '--container=redis'];
    return spawn('kubectl', ['--namespace', this.cluster.namespace, ...target, '--', 'sh', '-c', shell]);
  }
}

/** An application of any language: a program that takes keys, and answers OK where it has written one and read it. */
export class ProgramWriter extends ToldWriter {
  public constructor(
    cluster: LiveCluster,
    kind: string,
    private readonly application: { readonly command: string[]; readonly cwd: string },
    private readonly env: NodeJS.ProcessEnv,
  ) {
    super(cluster, kind);
  }

  protected write(key: string): Promise<unknown> {
    return this.tell(key);
  }

  protected start(): ChildProcessWithoutNullStreams {
    const { command, cwd } = this.application;
    const [program = '', ...args] = command;
    const child = spawn(program, args, { cwd, env: { ...process.env, ...this.env } });
    child.stderr.pipe(process.stderr);
    return child;
  }
}
