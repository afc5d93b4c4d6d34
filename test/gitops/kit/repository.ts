import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Yaml } from 'cdk8s';
import type { Manifest } from '../../live/kit/live-cluster';

/** Seconds for a rollout in which members wait for those that might have come back, and for what comes after it. */
export const LONGEST_SYNC = 400;

const AUTHOR = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];

/** A git repository on this machine. */
export class Repository {
  /** Where it is; it begins when somebody asks. */
  public get folder(): string {
    if (this.made === undefined) {
      this.made = mkdtempSync(join(tmpdir(), 'repository-'));
      this.git('init', '--quiet', '--initial-branch=main');
    }
    return this.made;
  }
  private made: string | undefined;

  /** Commits these files, by their paths, in the place of all that a folder had. Returns the commit. */
  public commit(folder: string, files: Record<string, string>): string {
    const root = join(this.folder, folder);
    rmSync(root, { recursive: true, force: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    this.git('add', '--all');
    this.git(...AUTHOR, 'commit', '--quiet', '--allow-empty', '--message', `Render ${folder}`);
    return this.git('rev-parse', 'HEAD').trim();
  }

  public delete(): void {
    if (this.made !== undefined) rmSync(this.made, { recursive: true });
    this.made = undefined;
  }

  private git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.folder, encoding: 'utf8' });
  }
}

/** A file for each object, as this library's `main.ts` writes them. */
export function filesOf(objects: Manifest[]): Record<string, string> {
  return Object.fromEntries(
    objects.map((object) => [`${object.kind}.${object.metadata.name}.yaml`, Yaml.stringify(object)]),
  );
}
