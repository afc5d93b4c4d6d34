import { join } from 'node:path';
import { App } from 'cdk8s';
import { TEAMS, TeamChart } from './chart';

for (const [team, options] of Object.entries(TEAMS)) {
  // One App for each file: an App goes through all of its tree for every chart, so with one for all of them, twice as many
  // clusters would take four times as long.
  const app = new App({ outdir: process.env['CDK8S_OUTDIR'] ?? join(__dirname, 'dist') });
  new TeamChart(app, team, options);
  app.synth();
}
