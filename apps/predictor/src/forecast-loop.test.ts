import { VirtualClock } from '@levitate/clock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startForecastLoop } from './forecast-loop.ts';

describe('forecast loop', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function loop(tickMs: (count: number) => number) {
    const clock = new VirtualClock();
    const stopping = new AbortController();
    const ticks: number[] = [];
    startForecastLoop({
      clock,
      intervalMs: 500,
      signal: stopping.signal,
      tick() {
        ticks.push(clock.monotonicMs());
        clock.advance(tickMs(ticks.length));
      },
    });
    const pass = (ms: number) => {
      for (let passed = 0; passed < ms; passed += 10) {
        clock.advance(10);
        vi.advanceTimersByTime(10);
      }
    };
    return { ticks, pass, stopping };
  }

  it('ticks every interval, however long a tick takes', () => {
    const { ticks, pass } = loop(() => 200);
    pass(2000);
    // The clock also advances by the ticks themselves: 500, 1000, 1500 and so on, never drifting.
    expect(ticks.slice(0, 4)).toEqual([500, 1000, 1500, 2000]);
  });

  it('leaves out ticks it is too late for instead of making up for them', () => {
    const { ticks, pass } = loop((count) => (count === 1 ? 1700 : 0));
    pass(2000);
    expect(ticks.slice(0, 3)).toEqual([500, 2500, 3000]);
  });

  it('ends with the signal', () => {
    const { ticks, pass, stopping } = loop(() => 0);
    pass(600);
    stopping.abort();
    pass(2000);
    expect(ticks).toEqual([500]);
  });
});
