import { bandwidthTraining } from './bandwidth-training.ts';
import { burstTraining } from './burst-training.ts';
import { liquidTraining } from './liquid-training.ts';
import { onsetsTraining } from './onsets-training.ts';
import { reserveTraining } from './reserve-training.ts';
import type { Training } from './training.ts';

/** Every training there is, in the order of the help text. */
export const trainings: readonly Training[] = [
  burstTraining,
  bandwidthTraining,
  liquidTraining,
  onsetsTraining,
  reserveTraining,
];
