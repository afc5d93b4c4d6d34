import { join } from 'node:path';
import { App, YamlOutputType } from 'cdk8s';
import { ApplicationsChart, RootChart } from './argo-cd';
import { ENVIRONMENTS, EnvironmentChart } from './chart';

const REPOSITORY = 'https://git.example.com/platform/caches.git';

// `ts-node examples/gitops/main.ts` writes to dist/ beside this file, and `cdk8s synth` to its own output folder. A file for each
// object, so that a pull request shows which one changes.
const app = new App({
  outdir: process.env['CDK8S_OUTDIR'] ?? join(__dirname, 'dist'),
  yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
});
for (const [name, options] of Object.entries(ENVIRONMENTS)) new EnvironmentChart(app, name, options);
const applications = new ApplicationsChart(app, 'applications', { repository: REPOSITORY, environments: ENVIRONMENTS });
new RootChart(app, 'root', REPOSITORY, applications);
app.synth();
