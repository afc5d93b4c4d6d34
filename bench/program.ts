import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { RedisSentinelCluster } from '../lib';

/**
 * `program COUNT FOLDER [floor]`: renders that many default clusters, each in a file of its own.
 *
 * One App a file: an App looks at its whole tree for every chart, so one App for all is quadratic. `floor` is the least
 * that any program must do with these objects: build, dump and write each once.
 */
const [, , count = '1', folder = 'bench-out', mode] = process.argv;
mkdirSync(folder, { recursive: true });

for (let index = 0; index < Number(count); index++) {
  const name = `cache-${index}`;
  const app = new App({ outdir: folder });
  const chart = new Chart(app, name, { namespace: name });
  new RedisSentinelCluster(chart, name);
  if (mode === 'floor') {
    const objects = chart.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
    writeFileSync(join(folder, `${name}.yaml`), Yaml.stringify(...objects.map((object): unknown => object.toJson())));
  } else {
    app.synth();
  }
}
