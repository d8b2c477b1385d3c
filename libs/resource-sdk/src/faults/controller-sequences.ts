import type { FaultSequences } from '@levitate/testing/faults';
import { type ControllerStep, drawControllerSteps } from './controller-steps.ts';
import { RuledResource } from './ruled-resource.ts';

/** Sequences through the shipped controller, from its state directory to the resource. */
export const sequences: FaultSequences<ControllerStep> = {
  draw: drawControllerSteps,
  play: (seed, steps) => new RuledResource(seed).play(steps),
};
