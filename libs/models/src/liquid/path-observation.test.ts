import { expect, it } from 'vitest';
import { observationsOfPath } from './path-observation.ts';

const NONE = Number.NaN;

it('leaves out what was not measured and lets the time to the next one say so', () => {
  const { elapsedSeconds, values } = observationsOfPath({
    stepMs: 1000,
    // Monday, 5 January 1970, 00:00:03.
    endUnixMs: 4 * 86_400_000 + 3000,
    bandwidth: Float64Array.of(NONE, 10, NONE, NONE, 20),
    roundTrip: Float64Array.of(NONE, 0.05, NONE, NONE, NONE),
    loss: Float64Array.of(NONE, NONE, NONE, NONE, 0.1),
  });
  expect([...elapsedSeconds]).toEqual([1, 3]);
  expect([...values]).toEqual([10, 0.05, -1, 0, 0, 20, -1, 0.1, 3, 0]);
});

it('knows no time of day where the clock means nothing', () => {
  const one = Float64Array.of(1);
  const window = { stepMs: 1000, endUnixMs: 0, bandwidth: one, roundTrip: one, loss: one };
  expect([...observationsOfPath(window, { hasClock: false }).values]).toEqual([1, 1, 1, -1, -1]);
});
