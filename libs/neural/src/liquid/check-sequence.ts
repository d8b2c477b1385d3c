import { LiquidError } from './liquid-error.ts';

/** Input of several steps. */
export interface LiquidSequence {
  /** [steps x inputs] */
  readonly values: Float64Array;
  readonly steps: number;
  /** Time since the step before [steps]; without it 1 for each. */
  readonly timespans?: ArrayLike<number> | undefined;
}

/**
 * @throws LiquidError `bad-input`: wrong length, a number that is not finite, a timespan not
 * above 0
 */
export function checkSequence(sequence: LiquidSequence, inputs: number): void {
  const { values, steps, timespans } = sequence;
  if (values.length !== steps * inputs) {
    const text = `${values.length} numbers for ${steps} steps of ${inputs} inputs`;
    throw new LiquidError('bad-input', text);
  }
  for (let index = 0; index < values.length; index++) {
    if (Number.isFinite(values[index])) continue;
    throw new LiquidError('bad-input', `input ${index} is ${values[index]}`);
  }
  if (timespans === undefined) return;
  for (let t = 0; t < steps; t++) {
    const timespan = timespans[t];
    if (timespan !== undefined && timespan > 0 && Number.isFinite(timespan)) continue;
    throw new LiquidError('bad-input', `timespan ${t} is ${timespan}, not above 0`);
  }
}
