import { join } from 'node:path';
import { App } from 'cdk8s';
import { client, minimal, production } from './chart';

// What the programs in Python, Go and Java beside this file must render too, byte for byte.
const app = new App({ outdir: process.env['CDK8S_OUTDIR'] ?? join(__dirname, 'dist') });
for (const chart of [minimal, production, client]) chart(app);
app.synth();
