import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App, Chart, Yaml } from 'cdk8s';
import { Persistence, RedisSentinelCluster, type RedisSentinelClusterProps } from '../../lib';
import { apiReference } from '../../scripts/api-reference';
import { expectedOf, filesIn } from '../../scripts/examples';
import { generate } from '../../scripts/languages';
import { blocksOf } from '../support/pages';
import { TOOLCHAINS, buildLibrary, missing, start } from './toolchains';

const ROOT = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'languages-'));
const library = join(folder, 'library');
const expected = expectedOf('languages');
const MINIMAL = 'minimal.k8s.yaml';

beforeAll(() => {
  buildLibrary(library);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('API.md is what the sources give: `npm run golden` writes it anew.', async () => {
  expect(readFileSync(join(ROOT, 'API.md'), 'utf8')).toBe(await apiReference(library));
});

test('C# has sources; they are not compiled.', () => {
  generate(library, folder, ['dotnet']);
  const [name, file] = ['Cdk8sRedisSentinelCluster', 'RedisSentinelCluster.cs'];
  expect(readFileSync(join(folder, 'dotnet', name, name, file), 'utf8')).toContain(`namespace ${name}`);
});

for (const [language, toolchain] of Object.entries(TOOLCHAINS)) {
  const toInstall = missing(toolchain);
  if (toInstall.length > 0) {
    test.skip(`${language} is not looked at: install ${toInstall.join(' and ')}`, () => undefined);
    continue;
  }

  describe(language, () => {
    const project = join(folder, language);
    const [example, smallest, mistake] = [basename(toolchain.example), toolchain.smallest, toolchain.mistake];

    beforeAll(() => {
      mkdirSync(project);
      cpSync(join(ROOT, 'examples/languages', toolchain.example), join(project, example));
      cpSync(join(__dirname, mistake), join(project, mistake));
      writeFileSync(join(project, smallest), blocksOf('docs/languages.md', language.toLowerCase()).join('\n'));
      toolchain.prepare(library, project, [example, smallest, mistake]);
    });

    test.each([
      [example, expected],
      [smallest, { [MINIMAL]: expected[MINIMAL] }],
    ])('renders the same bytes as TypeScript: %s', (program, files) => {
      const { status, stderr } = start(project, toolchain.command(program));
      expect(status === 0 ? '' : stderr).toBe('');
      expect(filesIn(join(project, 'out'))).toEqual(files);
      rmSync(join(project, 'out'), { recursive: true });
    });

    test('is told every mistake at once, and where it is.', () => {
      const { status, stderr } = start(project, toolchain.command(mistake));
      expect(status).not.toBe(0);
      expect(stderr).toContain("RedisSentinelCluster 'shop/cache' was not rendered: 2 problems");
      expect(stderr).toContain('nodes.replicas = 10: must be a whole number from 0 to 9');
      expect(stderr).toContain('nodes.replicaOverrides.replica2.deployment.revisionHistoryLimit = 101: must be');
    });

    if (language !== 'Python') return;

    /** What dicts in the props come to: the props that they are, or an error that says so. */
    const DICTS: Record<string, RedisSentinelClusterProps | RegExp> = {
      members: { nodes: { replicaOverrides: { replica1: { scheduling: { zone: 'z1' } } } } },
      'a map': { metadata: { labels: { team: 'a' } } },
      'save points': { persistence: Persistence.rdb({ savePoints: [{ seconds: 60, changes: 5 }] }) },
      'an unknown member': /^TypeError: ReplicaOverrides.* '1'$/,
      'a misspelt member': /^TypeError: SchedulingOptions.* 'zoone'$/,
      'misspelt save points': /Key 'savePoints'[^]*Index 0[^]*seconds/,
      'a client': /^TypeError: (type of argument clients must be |[^]*\n {2}network_policy\.clients\[0\] = a dict)/,
      variables: /^TypeError: [^]*\n {2}nodes\.pod\.env\[0\] = a dict[^]*\n {2}nodes\.pod\.env\[1\] = a dict/,
      'a toleration': /^TypeError: [^]* nodes\.replica_overrides\.replica2\.scheduling\.tolerations\[0\] = a dict/,
      'a mount': /^TypeError: [^]* sentinels\.pod\.containers\[0\]\.volume_mounts\[0\] = a dict/,
      'an affinity': /^TypeError: [^]* nodes\.scheduling\.affinity\.[a-z_.]*\.node_selector_terms\[0\] = a dict/,
    };

    test.each([[[]], [['-O']]])('takes dicts for what they are, or refuses them: python %j', (options) => {
      cpSync(join(__dirname, 'dicts.py'), join(project, 'dicts.py'));
      const [python = ''] = toolchain.command('');
      const { stdout } = start(project, [python, ...options, 'dicts.py']);
      const outcomes = JSON.parse(stdout) as Record<string, string>;
      expect(Object.keys(outcomes)).toEqual(Object.keys(DICTS));
      for (const [name, outcome] of Object.entries(outcomes)) {
        const wanted = DICTS[name];
        if (wanted instanceof RegExp) expect(outcome).toMatch(wanted);
        else expect(outcome).toBe(rendered(wanted));
      }
    });
  });
}

function rendered(props?: RedisSentinelClusterProps): string {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  new RedisSentinelCluster(chart, 'cache', props);
  return Yaml.stringify(...(chart.toJson() as unknown[]));
}
