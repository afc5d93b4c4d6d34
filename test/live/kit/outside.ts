import { existsSync } from 'node:fs';
import { kubectl, run, sleep, until } from './kubectl';
import { type LiveCluster, ownAddresses } from './live-cluster';

/** What the machines of the cluster here are plugged into: a bridge, in a network namespace of its own. */
const BRIDGE = { name: 'fabric', namespace: 'lab-fabric' };

/** Whether a machine can be plugged in beside them. */
export const canPlugIn = existsSync(`/run/netns/${BRIDGE.namespace}`);

/** A machine beside those of the cluster: no route leads from it to a pod or a Service, and nobody there knows their names. */
export class Outsider {
  private constructor(
    private readonly name: string,
    public readonly address: string,
  ) {}

  /** @param host the last number of its address */
  public static async plugIn(host: number): Promise<Outsider> {
    const outsider = new Outsider(`outside-${host}`, besides(host));
    await outsider.unplug();
    const cable = `to-${outsider.name}`;
    await ip('netns', 'add', outsider.name);
    const inFabric = ['-netns', BRIDGE.namespace, 'link'];
    await ip(...inFabric, 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', outsider.name);
    await ip(...inFabric, 'set', cable, 'master', BRIDGE.name);
    await ip(...inFabric, 'set', cable, 'up');
    await outsider.ip('address', 'add', `${outsider.address}/24`, 'dev', 'eth0');
    await outsider.ip('link', 'set', 'eth0', 'up');
    return outsider;
  }

  public async unplug(): Promise<void> {
    if (existsSync(`/run/netns/${this.name}`)) await ip('netns', 'delete', this.name);
  }

  /** The same program, run there. */
  public running<T extends { readonly command: string[] }>(program: T): T {
    return { ...program, command: ['ip', 'netns', 'exec', this.name, ...program.command] };
  }

  /** Sends all that is for an address by a machine. */
  public async sendBy(address: string, machine: string): Promise<void> {
    await this.ip('route', 'replace', `${address}/32`, 'via', machine);
  }

  /** What a server says to nobody in particular, or how it does not. */
  public async ask(host: string, port: number): Promise<string> {
    const [program = '', ...args] = this.running({
      command: [process.execPath, '--eval', ASK, host, String(port)],
    }).command;
    return (await run(program, args)).stdout.trim();
  }

  private async ip(...args: string[]): Promise<void> {
    await ip('-netns', this.name, ...args);
  }
}

const ASK = `
  const socket = require('net').connect({ host: process.argv[1], port: Number(process.argv[2]), timeout: 3000 });
  socket.on('connect', () => socket.write('PING\\r\\n'));
  socket.on('data', (data) => say(String(data)));
  socket.on('timeout', () => say('silence'));
  socket.on('close', () => say('closed'));
  socket.on('error', ({ code }) => say(code));
  function say(what) { console.log(what.trim()); process.exit(); }`;

/** An address of their network. */
export function besides(host: number): string {
  const [own] = ownAddresses();
  if (own === undefined) throw new Error('nothing is plugged in here');
  return own.replace(/\d+$/, String(host));
}

async function ip(...args: string[]): Promise<void> {
  await run('ip', args);
}

/** As a provider's, which begins with such: a machine is looked at every ten seconds, and is out when it has failed twice. */
const INTERVAL = 10_000;
const THRESHOLD = 2;

/**
 * What a provider's balancer does for one client: it has an address for a Service, asks machines by the port that Kubernetes gave the
 * Service for it whether they have a pod of it, and sends what comes for the address to one that says so.
 */
export class Balancer {
  private readonly failures = new Map<string, number>();
  private machine = '';
  private stopped = false;
  private done: Promise<void> = Promise.resolve();

  private constructor(
    public readonly address: string,
    private readonly client: Outsider,
    private readonly machines: string[],
    private readonly port: number,
  ) {}

  public static async start(
    cluster: LiveCluster,
    service: string,
    address: string,
    client: Outsider,
  ): Promise<Balancer> {
    const port = await cluster.kubectl('get', 'service', service, '--output=jsonpath={.spec.healthCheckNodePort}');
    const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: address }] } } });
    await cluster.kubectl('patch', 'service', service, '--subresource=status', '--type=merge', `--patch=${status}`);
    const balancer = new Balancer(address, client, await machines(), Number(port));
    await until(30, 'a machine has a pod of the Service', async () => {
      await balancer.look();
      return balancer.machine === '' ? undefined : true;
    });
    balancer.done = balancer.run();
    return balancer;
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async run(): Promise<void> {
    let next = performance.now() + INTERVAL;
    while (!this.stopped) {
      await sleep(100);
      if (performance.now() < next) continue;
      next += INTERVAL;
      await this.look();
    }
  }

  private async look(): Promise<void> {
    for (const machine of this.machines) {
      const answer = fetch(`http://${machine}:${this.port}/healthz`, { signal: AbortSignal.timeout(5000) });
      const healthy = await answer.then(({ ok }) => ok).catch(() => false);
      this.failures.set(machine, healthy ? 0 : (this.failures.get(machine) ?? THRESHOLD - 1) + 1);
    }
    const isOut = (machine: string): boolean => (this.failures.get(machine) ?? THRESHOLD) >= THRESHOLD;
    if (this.machine !== '' && !isOut(this.machine)) return;
    this.machine = this.machines.find((machine) => !isOut(machine)) ?? '';
    if (this.machine !== '') await this.client.sendBy(this.address, this.machine);
  }
}

/** Addresses of all machines. */
export async function machines(): Promise<string[]> {
  const path = '--output=jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}';
  return (await kubectl(['get', 'nodes', path])).stdout.split(' ');
}
