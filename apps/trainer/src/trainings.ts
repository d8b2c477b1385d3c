import type { Training } from './training.ts';

/** Every training there is, in the order of the help text. */
export const trainings: readonly Training[] = [];
