import type { Scene } from '../kit/failure';
import { crashes, cuts, memory, orphans } from './crashes';
import { lasting } from './lasting';
import { machines } from './machines';
import {
  changing,
  leftBehind,
  move,
  scaledToTwo,
  setting,
  stops,
  toldFirst,
  underCommands,
  underLongScript,
  upgrade,
} from './planned';
import { resources } from './resources';
import { scale } from './scale';
import { size } from './size';

/** Every row of docs/failures.md that any image must survive. */
export const SCENES: Scene[] = [
  {
    name: 'defaults',
    props: {},
    failures: [
      ...[...stops, underCommands, underLongScript, leftBehind, scaledToTwo, toldFirst, setting, move],
      ...[...crashes, ...cuts, ...lasting],
    ],
  },
  machines,
  memory,
  ...resources,
  scale,
  ...changing,
  ...orphans,
];

export { size, stops, upgrade };
