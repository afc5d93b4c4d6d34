import { describe, expect, test } from '@jest/globals';
import { EnvContract, Product, RedisSentinelCluster, Risk, Tls } from '../../lib';
import { messageOf, newChart, problemsOf, refusedWith, synth } from '../support/synth';
import { IMAGES } from '../../lib/defaults';
import { KNOWN_UNTIL, LINES } from '../../lib/image/patches';
import { parseReference } from '../../lib/image/reference';

describe('A tag', () => {
  const problem = (image: string) =>
    `image.tag = '${image}': is another image tomorrow: two pods of one Deployment may run different servers; write a full version such as '8.2.10', or a digest, or accept it: acceptRisks: [Risk.MOVING_TAG] [moving-tag]`;

  test.each(['latest', '8', '8.2', '8-alpine', '8.10-bookworm', 'alpine', 'bookworm', 'latest-bookworm', 'unstable'])(
    'that moves is a risk: %s',
    (tag) => {
      expect(messageOf({ image: { tag } })).toBe(refusedWith(problem(`docker.io/library/redis:${tag}`)));
      expect(synth({ image: { tag }, acceptRisks: [Risk.MOVING_TAG] })).not.toEqual([]);
    },
  );

  test('that is missing moves too.', () => {
    const repository = 'registry.example.com/redis';
    expect(messageOf({ nodes: { master: { image: { repository } } } })).toBe(refusedWith(problem(repository)));
  });

  test.each([
    { tag: '8.2.10-alpine' },
    { tag: '7.2.16' },
    { tag: 'latest', digest: `sha256:${'0'.repeat(64)}` },
    { repository: 'registry.example.com/redis', digest: `sha256:${'0'.repeat(64)}` },
    { product: Product.VALKEY },
  ])('stays: %j', (image) => {
    expect(synth({ image })).not.toEqual([]);
  });
});

describe('A version', () => {
  const VALKEY = 'docker.io/valkey/valkey';
  const problem = (image: string, patched: string) =>
    `image.tag = '${image}': has security holes that are known (as of ${KNOWN_UNTIL}); write '${patched}' or a later one, or accept it: acceptRisks: [Risk.OUTDATED_IMAGE] [outdated-image]`;

  test.each([
    ['8.2.8', '8.2.10'],
    ['8.2.8-alpine', '8.2.10-alpine'],
    ['8.0.6', '8.2.10'],
    ['7.0.15-bookworm', '8.2.10-bookworm'],
    ['8.10.0', '8.10.2'],
  ])('of Redis with known holes is a risk: %s', (tag, patched) => {
    expect(messageOf({ image: { tag } })).toBe(refusedWith(problem(`docker.io/library/redis:${tag}`, patched)));
    expect(synth({ image: { tag }, acceptRisks: [Risk.OUTDATED_IMAGE] })).not.toEqual([]);
  });

  test.each([
    [VALKEY, '8.1.9', '8.1.11'],
    ['ghcr.io/valkey-io/valkey', '9.1.1', '9.1.3'],
  ])('of Valkey with known holes is a risk: %s:%s', (repository, tag, patched) => {
    const image = { product: Product.VALKEY, repository, tag };
    expect(messageOf({ image })).toBe(refusedWith(problem(`${repository}:${tag}`, patched)));
  });

  test.each([
    { tag: '8.2.9' },
    { tag: '8.12.0' },
    { tag: '9.0.0-rc1' },
    { tag: '8.0.2', digest: `sha256:${'0'.repeat(64)}` },
    { repository: 'registry.example.com/library/redis', tag: '8.0.2' },
    { product: Product.VALKEY, tag: '9.2.0' },
  ])('without known holes, or of a build that may have patches of its own, is none: %j', (image) => {
    expect(synth({ image })).not.toEqual([]);
  });

  describe.each(['6', '6.2', '6.2.24', '6.2.14-alpine', '7.0.7', '5.0.14'])(
    'of Redis that no script can start, %s,',
    (tag) => {
      const image = `docker.io/library/redis:${tag}`;

      test('is refused, accepted or not, and for nothing else.', () => {
        const problems = problemsOf({ image: { tag }, tls: Tls.secret({ secretName: 'a' }) });
        expect(problems.filter(({ rule }) => rule !== 'moving-tag')).toEqual([
          {
            rule: 'server-version',
            property: 'image.tag',
            value: `'${image}'`,
            must: 'is older than Redis 7.0.8, and does not know all that the scripts say: no server would start',
            remedy: "write '8.2.10', or 7.0.8 or later",
          },
        ]);
      });

      test('may be in an image that configures itself, or in a container of the user.', () => {
        const containers = [{ name: 'helper', image: `redis:${tag}` }];
        const own = { image: { tag, envContract: EnvContract.SELF_CONFIGURED } };
        for (const props of [own, { nodes: { pod: { containers } } }])
          expect(problemsOf(props).map(({ rule }) => rule)).not.toContain('server-version');
      });
    },
  );

  test.each(['7.0.8', '7.0', '7', '8.2.10'])('of Redis that the scripts can start is not refused: %s', (tag) => {
    expect(problemsOf({ image: { tag } }).map(({ rule }) => rule)).not.toContain('server-version');
  });

  test('is looked at in every container, whoever it is of.', () => {
    const containers = [{ name: 'helper', image: 'redis:7.0.15' }];
    expect(messageOf({ nodes: { master: { pod: { containers } } } })).toBe(
      refusedWith(problem('redis:7.0.15', '8.2.10').replace('image.tag', 'nodes.master.pod.containers')),
    );
  });

  test('of each default is the newest of its line that is known.', () => {
    for (const product of Object.values(Product)) {
      const [major, minor, patch] = IMAGES[product].tag.split('.');
      expect(LINES[product][`${major ?? ''}.${minor ?? ''}`]?.newest).toBe(Number(patch));
    }
  });
});

test('The images of a cluster are those of all its pods, each once.', () => {
  const pod = { containers: [{ name: 'helper', image: 'tool:1.0.0' }] };
  const master = { image: { tag: '8.2.9' }, pod };
  const cluster = new RedisSentinelCluster(newChart(), 'cache', { nodes: { master }, healthCheck: {} });
  expect(cluster.images).toEqual(['docker.io/library/redis:8.2.10', 'docker.io/library/redis:8.2.9', 'tool:1.0.0']);
});

test.each([
  ['redis', { repository: 'docker.io/library/redis' }],
  ['valkey/valkey:8.1.11', { repository: 'docker.io/valkey/valkey', tag: '8.1.11' }],
  ['registry:5000/redis', { repository: 'registry:5000/redis' }],
  ['localhost/redis:7@sha256:0a', { repository: 'localhost/redis', tag: '7', digest: 'sha256:0a' }],
])('The reference %s is taken apart as Docker does.', (image, reference) => {
  expect(parseReference(image)).toEqual(reference);
});
