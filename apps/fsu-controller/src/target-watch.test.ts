import { expect, it } from 'vitest';
import type { TargetConfig } from './target-config.ts';
import type { TargetEvents } from './target-events.ts';
import { TargetWatch } from './target-watch.ts';

/** What the roll-out is told of a measurement of a target. */
function told(state: { canary: boolean; isReached: boolean; isEnforcing: boolean }) {
  const readings: unknown[] = [];
  const watch = new TargetWatch({
    config: { name: 'pool', canary: state.canary } as TargetConfig,
    canary: {
      enforces: () => state.isReached,
      observe: (_, reading) => void readings.push(reading),
    },
    events: {} as TargetEvents,
    isEnforcing: () => state.isEnforcing,
  });
  watch.measured({ size: 8, need: 6, rejected: 1, delayS: 0.002 });
  return readings;
}

it.each([
  ['reached and enforced', true, true],
  ['not reached', false, true],
  ['neither', false, false],
])('a roll-out is judged by a target that is %s', (_, isReached, isEnforcing) => {
  const reading = { arrivedBytes: 6, droppedBytes: 1, delayMs: 2 };
  expect(told({ canary: true, isReached, isEnforcing })).toEqual([reading]);
});

it('and not by one that it has reached and that enforces nothing, nor by one outside it', () => {
  expect(told({ canary: true, isReached: true, isEnforcing: false })).toEqual([]);
  expect(told({ canary: false, isReached: true, isEnforcing: true })).toEqual([]);
});
