import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { generate } from '../../scripts/languages';

const ROOT = join(__dirname, '..', '..');

/** How programs of a language are made and run in an empty project. */
export interface Toolchain {
  /** What must be installed, and a command that says whether it is. */
  readonly needs: Record<string, string>;
  /** Files of programs: among the examples, in the documentation, and beside this file. */
  readonly example: string;
  readonly smallest: string;
  readonly mistake: string;
  /** Packs the library for the language, and compiles the programs of a project against it. */
  prepare(library: string, project: string, programs: string[]): void;
  /** What runs one of them. */
  command(program: string): string[];
}

/** A copy of this library as a checkout has it, built: nothing that is in the way of other tests, or of theirs. */
export function buildLibrary(folder: string): void {
  const left = ['.git', '.jsii', 'build', 'dist', 'examples', 'node_modules', 'test'];
  cpSync(ROOT, folder, { recursive: true, filter: (path) => !left.includes(path.slice(ROOT.length + 1)) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  run(folder, 'npm', 'run', 'build');
}

/** Runs a program of a project; what it renders comes to `out`. */
export function start(project: string, [command = '', ...args]: string[]): SpawnSyncReturns<string> {
  const env = { ...process.env, CDK8S_OUTDIR: 'out', JSII_RUNTIME_PACKAGE_CACHE: 'disabled' };
  return spawnSync(command, args, { cwd: project, env, encoding: 'utf8' });
}

export const TOOLCHAINS = {
  Python: {
    needs: { 'python3-venv': "python3 -c 'import ensurepip, venv'" },
    example: 'python/main.py',
    smallest: 'smallest.py',
    mistake: 'mistake.py',
    prepare(library, project) {
      generate(library, project, ['python']);
      run(project, 'python3', '-m', 'venv', 'venv');
      // The versions that the expected files were rendered with.
      const peers = ['cdk8s', 'cdk8s-plus-27', 'constructs'].map((peer) => `${peer}==${versionOf(peer)}`);
      run(project, 'venv/bin/pip', 'install', '--quiet', './python', ...peers);
    },
    command: (program) => ['venv/bin/python', program],
  },
  Go: {
    // From this one on, Go gets itself the version that a module asks for.
    needs: { 'go 1.21 or later': "go version | grep -E 'go1[.](2[1-9]|[3-9][0-9])'" },
    example: 'go/main.go',
    smallest: 'smallest.go',
    mistake: 'mistake.go',
    prepare(library, project, programs) {
      // cdk8s too is made from what npm installed: of the same version, and there wherever npm is.
      generate(library, project, ['go'], '--recurse');
      run(project, 'go', 'mod', 'init', 'programs');
      for (const module of ['constructs', 'cdk8s', 'cdk8splus27', 'redissentinel']) {
        const [, name = ''] = /^module (.*)$/m.exec(readFileSync(join(project, 'go', module, 'go.mod'), 'utf8')) ?? [];
        run(project, 'go', 'mod', 'edit', `-replace=${name}=./go/${module}`);
      }
      // A folder has one program, and gives it its name.
      for (const file of programs) cpSync(join(project, file), join(project, 'programs', basename(file, '.go'), file));
      run(project, 'go', 'build', '-mod=mod', '-o', 'bin/', './programs/...');
    },
    command: (program) => [`bin/${basename(program, '.go')}`],
  },
  Java: {
    needs: { 'a JDK': 'javac -version', maven: 'mvn --version' },
    example: 'java/Main.java',
    smallest: 'Smallest.java',
    mistake: 'Mistake.java',
    prepare(library, project, programs) {
      // As for Go; the sources of all of them come into one folder.
      generate(library, project, ['java'], '--recurse');
      for (const file of programs) cpSync(join(project, file), join(project, 'java/src/main/java', file));
      const version = /<version>\[([\d.]+),2\.0\.0\)/.exec(readFileSync(join(project, 'java/pom.xml'), 'utf8'))?.[1];
      // The jsii runtime, of that version at least, and sources that need nothing else.
      const dependencies = [
        `software.amazon.jsii:jsii-runtime:${version ?? ''}`,
        'org.jetbrains:annotations:19.0.0',
        'javax.annotation:javax.annotation-api:1.3.2',
      ];
      writeFileSync(join(project, 'java/pom.xml'), pom(dependencies));
      run(join(project, 'java'), 'mvn', '-B', '-q', 'compile', 'dependency:copy-dependencies');
    },
    command: (program) => ['java', '-cp', 'java/target/classes:java/target/dependency/*', basename(program, '.java')],
  },
} satisfies Record<string, Toolchain>;

/** What of it is not here. */
export function missing({ needs }: Toolchain): string[] {
  return Object.entries(needs).flatMap(([name, command]) =>
    spawnSync('sh', ['-c', command]).status === 0 ? [] : [name],
  );
}

/** A project of Maven; each dependency is `GROUP:ARTIFACT:VERSION`. */
export function pom(needed: string[]): string {
  const dependencies = needed.map((one) => {
    const [group = '', artifact = '', version = ''] = one.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>test</groupId><artifactId>programs</artifactId><version>1</version>
    <properties>
      <maven.compiler.source>11</maven.compiler.source>
      <maven.compiler.target>11</maven.compiler.target>
      <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    </properties>
    <dependencies>${dependencies.join('')}</dependencies>
  </project>`;
}

function versionOf(peer: string): string {
  return (JSON.parse(readFileSync(require.resolve(`${peer}/package.json`), 'utf8')) as { version: string }).version;
}

export function run(cwd: string, command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd, stdio: 'pipe' });
}
