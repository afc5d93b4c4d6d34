import { App, Chart } from 'cdk8s';
import { InvalidClusterError, RedisSentinelCluster, type Problem, type RedisSentinelClusterProps } from '../../lib';
import { isManifest, type Manifest } from './manifests';

/** A chart that is written to no folder. */
export function newChart(namespace?: string): Chart {
  return new Chart(new App(), 'test', namespace === undefined ? {} : { namespace });
}

/** The objects of a chart. */
export function objectsOf(chart: Chart): Manifest[] {
  return chart.toJson().map((object: unknown) => {
    if (!isManifest(object)) throw new Error(`no kind of this library: ${JSON.stringify(object)}`);
    return object;
  });
}

/** The objects of one cluster. */
export function synth(props: RedisSentinelClusterProps = {}, id = 'cache', namespace?: string): Manifest[] {
  const chart = newChart(namespace);
  new RedisSentinelCluster(chart, id, props);
  return objectsOf(chart);
}

/** Props with one value, by its path: `at('nodes.port', 1)` is `{ nodes: { port: 1 } }`. */
export function at(path: string, value: unknown): object {
  return path.split('.').reduceRight<object>((inner, name, index, names) => {
    return { [name]: index === names.length - 1 ? value : inner };
  }, {});
}

/** Why props are refused, as a program in plain JavaScript may write them; undefined where they are not. */
export function refusal(props: unknown, id = 'cache'): InvalidClusterError | undefined {
  try {
    Reflect.construct(RedisSentinelCluster, [newChart(), id, props]);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidClusterError) return error;
    throw error;
  }
}

export function problemsOf(props: unknown, id = 'cache'): Problem[] {
  return refusal(props, id)?.problems ?? [];
}

export function messageOf(props: unknown, id = 'cache'): string {
  const error = refusal(props, id);
  if (error === undefined) throw new Error('the props were not refused');
  return error.message;
}

/** The whole message of a cluster with these problems. */
export function refusedWith(...problems: string[]): string {
  const head = `RedisSentinelCluster 'test/cache' was not rendered: ${problems.length} problem`;
  return [`${head}${problems.length === 1 ? '' : 's'}`, ...problems.map((problem) => `  ${problem}`)].join('\n');
}
