import type { Scene } from '../kit/failure';
import { clusterTool } from '../kit/faults';
import { crashes, cuts, memory, orphans } from './crashes';
import { machines } from './machines';
import { changing, drain, setting, stops, underCommands, upgrade } from './planned';
import { resources } from './resources';
import { scale } from './scale';

/** Every row of docs/failures.md that any image must survive. */
export const SCENES: Scene[] = [
  {
    name: 'defaults',
    props: {},
    failures: [...stops, underCommands, drain, setting, ...crashes, ...cuts],
  },
  ...(clusterTool === undefined ? [] : [machines]),
  memory,
  ...resources,
  scale,
  ...changing,
  ...orphans,
];

export { stops, upgrade };
