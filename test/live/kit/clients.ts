import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing, pom, run, TOOLCHAINS, type Toolchain } from '../../languages/toolchains';
import { blocksOf } from '../../support/pages';

const ROOT = join(__dirname, '..', '..', '..');
const PROGRAMS = join(ROOT, 'test', 'live', 'clients');
/** Within the cluster's network there is no registry: what programs need is brought here before, by `npm run clients`. */
const PACKAGES = join(ROOT, 'build', 'clients');

/** A library that a page has an example of. */
interface ClientLibrary {
  /** In which of the page's blocks it is: the language, and a word of no other one. */
  readonly block: [language: string, word: string];
  /** The program, a file of `clients`, that has a line in the place of the block. */
  readonly program: string;
  readonly toolchain?: Toolchain;
  /** Brings its packages to an empty folder; undefined for what npm has brought. */
  readonly fetch?: (folder: string) => void;
  /** Compiles the program that is in that folder, without a network. */
  readonly build?: (folder: string) => void;
  readonly command: string[];
}

const java = (program: string, dependency: string): Omit<ClientLibrary, 'block'> => ({
  program: `${program}.java`,
  toolchain: TOOLCHAINS.Java,
  fetch: (folder) => {
    writeFileSync(join(folder, 'pom.xml'), pom([dependency]));
    run(folder, 'mvn', '-B', '-q', 'dependency:copy-dependencies', '-DoutputDirectory=lib');
  },
  build: (folder) => {
    run(folder, 'javac', '-cp', 'lib/*', `${program}.java`);
  },
  command: ['java', '-cp', '.:lib/*', program],
});

export const CLIENTS = {
  ioredis: {
    block: ['ts', "from 'ioredis'"],
    program: 'program.ts',
    command: [process.execPath, '-r', 'ts-node/register', 'program.ts'],
  },
  'redis-py': {
    block: ['python', 'redis-py'],
    program: 'program.py',
    toolchain: TOOLCHAINS.Python,
    fetch: (folder) => {
      run(folder, 'python3', '-m', 'venv', 'venv');
      run(folder, 'venv/bin/pip', 'install', '--quiet', 'redis==8.1.0');
    },
    command: ['venv/bin/python', 'program.py'],
  },
  'go-redis': {
    block: ['go', 'go-redis'],
    program: 'program.go',
    toolchain: TOOLCHAINS.Go,
    fetch: (folder) => {
      run(folder, 'go', 'mod', 'init', 'clients');
      run(folder, 'go', 'get', 'github.com/redis/go-redis/v9@v9.23.0');
    },
    build: (folder) => {
      run(folder, 'go', 'build', '-mod=mod', '-o', 'program', 'program.go');
    },
    command: ['./program'],
  },
  Lettuce: { block: ['java', 'Lettuce'], ...java('Lettuce', 'io.lettuce:lettuce-core:7.7.0.RELEASE') },
  Jedis: { block: ['java', 'Jedis'], ...java('Jedis', 'redis.clients:jedis:8.0.2') },
} satisfies Record<string, ClientLibrary>;
export type ClientName = keyof typeof CLIENTS;

/** Brings what their programs need, of those whose toolchain is here. */
function fetchPackages(): void {
  for (const [name, library] of Object.entries<ClientLibrary>(CLIENTS)) {
    if (library.fetch === undefined || toInstall(library).length > 0) continue;
    const folder = join(PACKAGES, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    library.fetch(folder);
  }
}

const toInstall = ({ toolchain }: ClientLibrary): string[] => (toolchain === undefined ? [] : missing(toolchain));

/** What must be done before a program of it can run; undefined where all is there. */
export function lacking(name: ClientName): string | undefined {
  const library: ClientLibrary = CLIENTS[name];
  const tools = toInstall(library);
  if (tools.length > 0) return `install ${tools.join(' and ')}`;
  return library.fetch === undefined || existsSync(join(PACKAGES, name)) ? undefined : 'npm run clients';
}

/** The lines of an example that are for clusters which let in nobody without a certificate. */
const SHOWS_CERTIFICATE = /^.*with ClientCertificates\.REQUIRED$\n/gm;

/**
 * A program around what a page has of a library, compiled: it takes a key a line, writes and reads it, and answers OK or what went
 * wrong.
 *
 * @returns what starts it, and where
 */
export function programOf(
  name: ClientName,
  page: string,
  showsCertificate: boolean,
): { command: string[]; cwd: string } {
  const { block, program, build, command }: ClientLibrary = CLIENTS[name];
  const [language, word] = block;
  const code = blocksOf(page, language).find((text) => text.includes(word));
  if (code === undefined) throw new Error(`${page} has no example of ${name}`);
  const folder = join(PACKAGES, name);
  mkdirSync(folder, { recursive: true });
  const template = readFileSync(join(PROGRAMS, program), 'utf8');
  const text = showsCertificate ? code : code.replace(SHOWS_CERTIFICATE, '');
  writeFileSync(
    join(folder, program),
    template.replace(/^.*the block of the page\n/m, () => text),
  );
  build?.(folder);
  return { command, cwd: folder };
}

if (require.main === module) fetchPackages();
