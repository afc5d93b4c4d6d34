import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { expectedOf, filesOf } from '../../scripts/examples';
import { schemaErrors, schemaVersions } from '../support/kubernetes-schema';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'gitops');

interface AnyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: unknown;
}

const files = expectedOf('gitops');
const objects = Object.entries(files).map(([file, text]) => ({ file, object: parse(text) as AnyObject }));
const ofKind = (kind: string) => objects.map(({ object }) => object).filter((object) => object.kind === kind);

interface Application {
  readonly project: string;
  readonly source: { readonly path: string; readonly repoURL: string };
  readonly destination: { readonly namespace: string };
}
interface Project {
  readonly sourceRepos: string[];
  readonly destinations: { readonly namespace: string }[];
  readonly namespaceResourceWhitelist: { readonly group: string; readonly kind: string }[];
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/** Kinds of operators, of which the schemas know nothing. */
const CUSTOM = /^(argoproj\.io|external-secrets\.io|bitnami\.com)\//;

describe('The repository for GitOps', () => {
  test('is what its program renders, byte for byte: `npm run golden` writes it anew.', async () => {
    expect(await filesOf('examples/gitops/main.ts')).toEqual(files);
  });

  test('wants the versions that are tested here.', () => {
    const manifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
    const own = manifest(join(__dirname, '..', '..'));
    const { dependencies, devDependencies } = manifest(EXAMPLE);
    const here = { ...own.devDependencies, [own.name]: own.version };
    expect(here).toMatchObject({ ...dependencies, ...devDependencies });
  });

  test.each(schemaVersions)('is valid in Kubernetes %s.', (version) => {
    const known = objects.map(({ object }) => object).filter(({ apiVersion }) => !CUSTOM.test(apiVersion));
    expect(known.length).toBeGreaterThan(40);
    expect(known.flatMap((object) => schemaErrors(version, object))).toEqual([]);
  });

  test('has a folder for each Application, and all that is in it may be applied where it says.', () => {
    const [project] = ofKind('AppProject').map(({ metadata, spec }) => ({ metadata, spec: spec as Project }));
    const applications = ofKind('Application')
      .map(({ metadata, spec }) => ({ metadata, spec: spec as Application }))
      .filter(({ spec }) => spec.project !== 'default');
    expect(applications.map(({ metadata }) => metadata.name)).toEqual(['cache-production', 'cache-staging']);
    for (const { spec } of applications) {
      const folder = spec.source.path.replace(/^dist\//, '');
      const inside = objects.filter(({ file }) => file.startsWith(`${folder}/`)).map(({ object }) => object);
      expect(inside).not.toEqual([]);
      expect(spec.project).toBe(project?.metadata.name);
      expect(project?.spec.sourceRepos).toContain(spec.source.repoURL);
      expect(project?.spec.destinations.map(({ namespace }) => namespace)).toContain(spec.destination.namespace);
      const allowed = (project?.spec.namespaceResourceWhitelist ?? []).map(({ group, kind }) => `${group}/${kind}`);
      for (const { apiVersion, kind, metadata } of inside) {
        expect(metadata.namespace).toBe(spec.destination.namespace);
        expect(allowed).toContain(`${apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : ''}/${kind}`);
      }
    }
  });

  test('has no Secret, and one object in each environment that makes one.', () => {
    expect(ofKind('Secret')).toEqual([]);
    const makers = objects.filter(({ object }) => /^(External|Sealed)Secret$/.test(object.kind));
    expect(makers.map(({ file }) => file)).toEqual([
      'production/ExternalSecret.cache-auth.k8s.yaml',
      'staging/SealedSecret.cache-auth.k8s.yaml',
    ]);
  });
});

describe('The workflow of a pull request', () => {
  interface Workflow {
    readonly jobs: { readonly dist: { readonly steps: { readonly name?: string; readonly run?: string }[] } };
  }
  const { jobs } = parse(readFileSync(join(EXAMPLE, '.github', 'workflows', 'dist.yaml'), 'utf8')) as Workflow;
  const check = jobs.dist.steps.find(({ name }) => name === 'dist/ is what the program renders')?.run ?? '';
  let folder: string;

  const git = (...args: string[]) => spawnSync('git', args, { cwd: folder });
  /** Writes these, or deletes where there is no text. */
  const write = (texts: Record<string, string | undefined>) => {
    for (const [name, text] of Object.entries(texts)) {
      const file = join(folder, 'dist', name);
      if (text === undefined) rmSync(file);
      else writeFileSync(file, text);
    }
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'workflow-'));
    mkdirSync(join(folder, 'dist'));
    write({ 'one.yaml': 'a: 1\n' });
    git('init', '--quiet');
    git('add', '--all');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message=Render');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test.each<[string, Record<string, string | undefined>, boolean]>([
    ['passes where dist/ was rendered', {}, true],
    ['fails where a file was changed by hand', { 'one.yaml': 'a: 2\n' }, false],
    ['fails where a new file was not committed', { 'two.yaml': 'a: 1\n' }, false],
    ['fails where an old file was left', { 'one.yaml': undefined }, false],
  ])('%s.', (_, rendered, green) => {
    write(rendered);
    expect(spawnSync('sh', ['-ec', check], { cwd: folder }).status === 0).toBe(green);
  });
});
