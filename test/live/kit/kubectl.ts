import { spawn } from 'node:child_process';

/** What kubectl printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl with the cluster of KUBECONFIG. Throws with what it said where it fails. */
export async function kubectl(args: string[], input = ''): Promise<Output> {
  return run('kubectl', args, input);
}

export async function run(command: string, args: string[], input = ''): Promise<Output> {
  const child = spawn(command, args);
  child.stdin.on('error', () => undefined); // one that reads nothing may be gone by now
  child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    }),
  ]);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code ?? 'a signal'}: ${stderr}${stdout}`);
  return { stdout, stderr };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks again and again until the answer is there. Throws with the last complaint where it is not in time. */
export async function until<T>(seconds: number, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + seconds * 1000;
  let complaint: unknown = 'not yet';
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      complaint = error;
    }
    await sleep(200);
  }
  throw new Error(`${what}: not after ${seconds} s (${String(complaint)})`);
}
