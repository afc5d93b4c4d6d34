import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { everything } from '../live/kit/tier';
import { sceneOf } from './events';
import { delivered } from './kit/delivered';
import { Flux } from './kit/flux';
import { survivesAll } from './suite';

// Built in minutes, and it applies as Argo CD does.
(everything ? describe : describe.skip)('Flux', () => {
  const tool = new Flux('cache');
  const scene = sceneOf(tool);

  beforeAll(() => tool.start());
  survivesAll(tool, { ...scene, name: 'flux' }, scene.failures);

  test('a second cluster in another namespace, whose health check is waited for', async () => {
    const { cluster } = await delivered({ name: 'flux-second', props: { healthCheck: {} }, failures: [] }, tool);
    try {
      expect(await cluster.kubectl('get', 'job', '--output=jsonpath={.items[*].status.succeeded}')).toBe('1');
      expect(await tool.differences()).toEqual([]);
    } finally {
      await cluster.destroy();
    }
  });

  afterAll(() => {
    tool.stop();
  });
});
