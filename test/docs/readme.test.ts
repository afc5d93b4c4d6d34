import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as ts from 'typescript';
import { IMAGES } from '../../lib/defaults';
import { blocksOf } from '../support/pages';

const ROOT = join(__dirname, '..', '..');
const PACKAGE = 'cdk8s-redis-sentinel-cluster';
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
  baseUrl: ROOT,
  paths: { [PACKAGE]: ['lib/index.ts'] },
};

/** What the client of the README is given by its manifest. */
const CLIENT = { REDIS_SENTINELS: 'cache-sentinel-1.shop.svc:26379', REDIS_MASTER_NAME: 'cache' };

/** Every `ts` block of these pages as a program; one that goes on with a chart is given it. */
function programs(): string[] {
  const pages = [
    'README.md',
    ...['program', 'clients', 'gitops', 'users', 'tls', 'proxy', 'backup', 'migration'].map(
      (page) => `docs/${page}.md`,
    ),
  ];
  return pages
    .flatMap((page) => blocksOf(page, 'ts'))
    .map((code) => {
      const prelude = [
        ...(/\bchart\b/.test(code) && !code.includes('const chart')
          ? [
              "import * as cdk8s from 'cdk8s';",
              "const chart = new cdk8s.Chart(new cdk8s.App(), 'readme', { namespace: 'readme' });",
            ]
          : []),
        ...(code.includes('RedisSentinelCluster') && !code.includes(PACKAGE)
          ? [`import { RedisSentinelCluster } from '${PACKAGE}';`]
          : []),
      ];
      return [...prelude, code, 'export {};'].join('\n');
    });
}

describe('README and the pages of features', () => {
  const sources = new Map(programs().map((code, index) => [join(ROOT, `readme-${index}.ts`), code]));
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));

  afterAll(() => {
    rmSync(outdir, { recursive: true });
  });

  test('start a client in the image that is the default', () => {
    const { repository, tag } = IMAGES.redis;
    expect(blocksOf('README.md', 'sh').join('')).toContain(`run client --image=${repository}:${tag} `);
  });

  test('has programs', () => {
    expect(sources.size).toBeGreaterThanOrEqual(5);
  });

  test('its programs compile', () => {
    const host = ts.createCompilerHost(OPTIONS);
    // Nobody reads the docstrings of the packages here.
    host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
    const fromDisk = host.getSourceFile.bind(host);
    host.getSourceFile = (name, ...rest) => {
      const source = sources.get(name);
      return source === undefined ? fromDisk(name, ...rest) : ts.createSourceFile(name, source, ts.ScriptTarget.ES2022);
    };
    const program = ts.createProgram([...sources.keys()], OPTIONS, host);

    // Only theirs: `npm run typecheck` looks at the library.
    const errors = [...sources.keys()].flatMap((name) => {
      const source = program.getSourceFile(name);
      return [program.getSyntacticDiagnostics(source), program.getSemanticDiagnostics(source)]
        .flat()
        .map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    });
    expect(errors).toEqual([]);
  });

  test('its programs run', () => {
    const programs = [...sources].map(([name, code], index) => {
      const { outputText } = ts.transpileModule(code, { compilerOptions: OPTIONS, fileName: name });
      const program = join(outdir, `program-${index}.js`);
      writeFileSync(
        program,
        outputText.replaceAll(`'${PACKAGE}'`, `'${ROOT}/lib'`).replaceAll(`"${PACKAGE}"`, `"${ROOT}/lib"`),
      );
      return program;
    });
    // In a process of their own, so that the packages are the ones that a user's program gets.
    execFileSync(
      process.execPath,
      ['-r', 'ts-node/register', '-e', programs.map((program) => `require('${program}');`).join('')],
      {
        cwd: ROOT,
        env: { ...process.env, CDK8S_OUTDIR: outdir, NODE_PATH: join(ROOT, 'node_modules'), ...CLIENT },
      },
    );
  });
});
