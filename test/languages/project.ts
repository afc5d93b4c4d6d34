import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = join(__dirname, '..', '..');
export const PACKAGE = 'cdk8s-redis-sentinel-cluster';

/** What a checkout has, and nothing that was built in it. */
const CHECKOUT = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'lib',
  'scripts',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

/** An empty project in which npm installed the library as from Git, or as it would be published. */
export class Project {
  public readonly folder = mkdtempSync(join(tmpdir(), 'package-'));
  /** What the package has. */
  public readonly files: string[];

  public constructor(neighbours: string[]) {
    const checkout = join(this.folder, 'checkout');
    for (const name of CHECKOUT) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    // Of a dependency from Git npm runs this script and no other; before it publishes, this one too.
    execFileSync('npm', ['run', 'prepare'], { cwd: checkout, stdio: 'ignore' });
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', this.folder], {
      cwd: checkout,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [tarball] = JSON.parse(packed.slice(packed.indexOf('['))) as {
      filename: string;
      files: { path: string }[];
    }[];
    this.files = tarball?.files.map(({ path }) => path) ?? [];
    const installed = join(this.folder, 'node_modules', PACKAGE);
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', join(this.folder, tarball?.filename ?? ''), '-C', installed, '--strip-components=1']);
    rmSync(checkout, { recursive: true });
    for (const neighbour of neighbours) {
      symlinkSync(dirname(require.resolve(`${neighbour}/package.json`)), join(this.folder, 'node_modules', neighbour));
    }
  }

  public write(file: string, text: string): string {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Runs a program, and returns the file of each chart that it renders. */
  public render(program: string, ...charts: string[]): string[] {
    const out = mkdtempSync(join(this.folder, 'rendered-'));
    const env = { PATH: process.env['PATH'], CDK8S_OUTDIR: out };
    execFileSync(process.execPath, [resolve(this.folder, program)], { cwd: this.folder, env });
    return charts.map((chart) => readFileSync(join(out, `${chart}.k8s.yaml`), 'utf8'));
  }

  /** Copies a folder's programs, which import the sources, as programs that import the package; returns where they are. */
  public copy(folder: string, to: string): string[] {
    const programs = readdirSync(join(ROOT, folder)).filter((file) => file.endsWith('.ts'));
    return programs.map((file) =>
      this.write(join(to, file), readFileSync(join(ROOT, folder, file), 'utf8').replace("'../../lib'", `'${PACKAGE}'`)),
    );
  }

  /** Compiles sources into a folder, and returns what the compiler says: nothing where the types fit. */
  public compile(into: string, sources: string[], compilerOptions: Record<string, unknown>): string {
    const strict = {
      target: 'es2022',
      lib: ['es2022'],
      strict: true,
      skipLibCheck: true,
      types: [],
      rootDir: '.',
      outDir: into,
    };
    const config = { compilerOptions: { ...strict, ...compilerOptions }, files: sources };
    const path = this.write(`tsconfig.${into}.json`, JSON.stringify(config));
    return this.tool('tsc', '-p', path).stdout;
  }

  /** Puts a program and all that it imports into one file, and returns what the bundler says. */
  public bundle(program: string, file: string): string {
    const options = ['--bundle', '--platform=node', '--format=cjs', '--log-level=warning'];
    return this.tool('esbuild', program, ...options, `--outfile=${file}`).stderr;
  }

  public delete(): void {
    rmSync(this.folder, { recursive: true });
  }

  private tool(name: string, ...args: string[]): { stdout: string; stderr: string } {
    return spawnSync(join(ROOT, 'node_modules', '.bin', name), args, { cwd: this.folder, encoding: 'utf8' });
  }
}
