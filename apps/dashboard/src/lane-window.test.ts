import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LaneWindow } from './lane-window.ts';
import type { LaneSample } from './view.ts';

const at = (timeUnixMs: number, more: Partial<LaneSample> = {}): LaneSample => ({
  timeUnixMs,
  throughputBytesPerSecond: 1,
  queueHighWaterBytes: null,
  limitBytes: null,
  drainBytesPerSecond: null,
  droppedPackets: null,
  delaySeconds: null,
  ahead: null,
  ...more,
});
const times = (window: LaneWindow) => window.samples.map(({ timeUnixMs }) => timeUnixMs);

describe('LaneWindow', () => {
  it('keeps the newest samples in order of time, whatever the order they come in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 80 }),
        fc.integer({ min: 1, max: 20 }),
        (arrivals, capacity) => {
          const window = new LaneWindow(capacity);
          for (const time of arrivals) window.put(at(time));
          const kept = times(window);
          expect(kept.length).toBeLessThanOrEqual(capacity);
          expect(kept).toEqual([...new Set(kept)].sort((left, right) => left - right));
          if (arrivals.length > 0) expect(kept.at(-1)).toBe(Math.max(...arrivals));
        },
      ),
    );
  });

  it('completes a sample that comes again with its forecast, and does not lose it after', () => {
    const window = new LaneWindow(5);
    const ahead = { q50: 1, q99: 2 };
    window.put(at(100));
    window.put(at(100, { ahead }));
    window.put(at(100));
    expect(window.samples).toEqual([at(100, { ahead })]);
  });

  it('hands out what came or changed, once', () => {
    const window = new LaneWindow(10);
    for (const time of [100, 200, 300]) window.put(at(time));
    expect(window.takeChanged()).toHaveLength(3);
    expect(window.takeChanged()).toEqual([]);
    window.put(at(200, { ahead: { q50: 1, q99: 2 } }));
    expect(window.takeChanged().map(({ timeUnixMs }) => timeUnixMs)).toEqual([200, 300]);
  });

  it('is filled backwards by history that comes after the newest sample', () => {
    const window = new LaneWindow(3);
    for (const time of [400, 300, 200, 100]) window.put(at(time));
    expect(times(window)).toEqual([200, 300, 400]);
    expect(window.takeChanged()).toHaveLength(3);
  });

  it('drops a straggler, and begins anew when the clock of the source was set back', () => {
    const window = new LaneWindow(3);
    for (const time of [1e6, 1e6 + 100, 1e6 + 200]) window.put(at(time));
    window.put(at(1e6 - 100));
    expect(times(window)).toEqual([1e6, 1e6 + 100, 1e6 + 200]);
    window.put(at(1e6 - 3_600_000));
    expect(times(window)).toEqual([1e6 - 3_600_000]);
  });

  it('takes predictions of one burst for one onset, and forgets those before the window', () => {
    const window = new LaneWindow(2);
    window.put(at(10_000));
    for (const onset of [12_000, 12_050, 11_900, 24_000, 24_100]) window.predictOnset(onset);
    expect(window.onsetsUnixMs).toEqual([11_900, 24_100]);
    window.put(at(20_000));
    window.put(at(20_100));
    expect(window.onsetsUnixMs).toEqual([24_100]);
  });
});
