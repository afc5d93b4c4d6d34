import { join } from 'node:path';
import { App } from 'cdk8s';
import { ProductionChart } from './chart';

// `ts-node examples/production/main.ts` writes to dist/ beside this file, and `cdk8s synth` to its own output folder.
const app = new App({ outdir: process.env['CDK8S_OUTDIR'] ?? join(__dirname, 'dist') });
new ProductionChart(app, 'production');
app.synth();
