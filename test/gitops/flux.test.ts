import { afterAll, beforeAll, describe } from '@jest/globals';
import { everything } from '../live/kit/tier';
import { sceneOf } from './events';
import { Flux } from './kit/flux';
import { survivesAll } from './suite';

// Built in minutes, and it applies as Argo CD does.
(everything ? describe : describe.skip)('Flux', () => {
  const tool = new Flux('cache');
  const scene = sceneOf(tool);

  beforeAll(() => tool.start());
  survivesAll(tool, { ...scene, name: 'flux' }, scene.failures);
  afterAll(() => {
    tool.stop();
  });
});
