import { execFile } from 'node:child_process';

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; what it said on its error output is in the error. */
export function run(program: string, args: string[], input?: string): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new Error(`${program} ${args.join(' ')}: ${stderr.trim() || error.message}`));
    });
    child.stdin?.on('error', () => undefined); // a program that ends without reading says why itself
    child.stdin?.end(input ?? '');
  });
}

export function kubectl(args: string[], input?: string): Promise<Output> {
  return run('kubectl', args, input);
}

/** Objects of any kind, as one call: Kubernetes sees them one after another, within milliseconds. */
export function apply(objects: unknown[], ...flags: string[]): Promise<Output> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  return kubectl(['apply', '-f', '-', ...flags], JSON.stringify(list));
}

export async function getJson(args: string[]): Promise<unknown> {
  const { stdout } = await kubectl([...args, '-o', 'json']);
  const value: unknown = JSON.parse(stdout);
  return value;
}

/** What is at a path in a document; undefined where there is no such thing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Reflect.get(here, step);
  }
  return here;
}

export function textAt(value: unknown, ...path: (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
