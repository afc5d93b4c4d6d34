import { join } from 'node:path';
import { App } from 'cdk8s';
import { BackupChart, DrillChart } from './chart';

// `ts-node examples/backup/main.ts` writes to dist/ beside this file, and `cdk8s synth` to its own output folder.
const app = new App({ outdir: process.env['CDK8S_OUTDIR'] ?? join(__dirname, 'dist') });
new BackupChart(app, 'shop');
new DrillChart(app, 'drill');
app.synth();
