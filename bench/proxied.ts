import { parseArgs } from 'node:util';
import { proxies } from '../test/live/failures/proxies';
import { started } from '../test/live/kit/health';
import type { LiveCluster } from '../test/live/kit/live-cluster';
import type { ProxyFailure } from '../test/live/kit/proxied';
import { measureAll, measureBehindProxy } from './measure';
import type { Proxied, ProxiedConditions } from './proxied-section';
import { OPTIONS, conditionsOf, keep, loadOf, propsFor } from './record';

/**
 * `npm run bench:proxied -- [--runs N] [--images redis-8-2,valkey-8] [--only PATTERN] [--origin TEXT]`: lets every failure happen so
 * many times under clients of the proxies, keeps what was measured in bench/proxied.json, and writes docs/failures.md from it.
 * The origin is that of the images.
 *
 * What is measured replaces what was measured of the same image and failure before.
 */
const { values: options } = parseArgs({ options: { ...OPTIONS, only: { type: 'string', default: '' } } });

const pattern = new RegExp(options.only);

async function main(): Promise<void> {
  for (const props of propsFor(options.images)) {
    await measureAll<Proxied, ProxyFailure>({
      failures: proxies.failures.filter(({ name }) => pattern.test(name)),
      runs: Number(options.runs),
      start: () => started(`bench-${proxies.name}`, { ...proxies.props, ...props }),
      measure: async (cluster, failure) => ({
        ...(await measureBehindProxy(cluster, failure, await proxiedConditionsOf(cluster))),
        ...loadOf(),
      }),
      keep: (measured) => {
        keep('proxied', measured, ({ image, failure }) => `${image} ${failure}`);
      },
    });
  }
}

async function proxiedConditionsOf(cluster: LiveCluster): Promise<ProxiedConditions> {
  const container = '.spec.template.spec.containers[?(@.name=="proxy")]';
  const said = await cluster.kubectl('exec', 'deploy/cache-proxy', '--container=proxy', '--', 'haproxy', '-v');
  return {
    ...(await conditionsOf(cluster, options.origin)),
    proxyImage: await cluster.kubectl('get', 'deploy/cache-proxy', `--output=jsonpath={${container}.image}`),
    proxyServer: `HAProxy ${/version ([\d.]+\d)/.exec(said)?.[1] ?? ''}`,
  };
}

void main().then(() => process.exit()); // clients of clusters that are gone go on asking for them
