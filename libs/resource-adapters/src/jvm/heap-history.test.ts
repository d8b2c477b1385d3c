import { describe, expect, it } from 'vitest';
import { HeapHistory } from './heap-history.ts';
import type { JvmReading } from './jvm-access.ts';

const mb = 1e6;

describe('the history of a heap', () => {
  it('knows the allocation rate, through collections too', () => {
    const { figures } = sawtooth({ collector: 'z', mbPerSecond: 50, seconds: 20 });
    expect(figures.allocationBytesPerSecond / mb).toBeCloseTo(50, 0);
  });

  it('takes what a whole collection left for live', () => {
    const { figures } = sawtooth({ collector: 'z', mbPerSecond: 50, seconds: 20 });
    expect(figures.liveBytes / mb).toBeCloseTo(30, 5);
  });

  it('knows how long collections take, and their share of the time', () => {
    const { figures } = sawtooth({ collector: 'z', mbPerSecond: 50, seconds: 20 });
    expect(figures).toMatchObject({ collectingS: 0.04, cycles: 1 });
    expect(figures.pressure).toBeCloseTo(0.04, 2);
  });

  it('takes the least that young collections left, for what died old lies there', () => {
    const history = new HeapHistory();
    const figures = [90, 40, 90, 55, 90, 60, 100].map((usedMb, index) =>
      history.add(index * 100, reading({ collector: 'g1', usedBytes: usedMb * mb })),
    );
    expect(figures.at(-1)?.liveBytes).toBe(40 * mb);
  });

  it('starts afresh with another run', () => {
    const { history, nowMs } = sawtooth({ collector: 'z', mbPerSecond: 50, seconds: 20 });
    const figures = history.add(nowMs + 100, reading({ instance: '2@2', usedBytes: 10 * mb }));
    expect(figures).toEqual({
      // Half of what is in use: no collection was seen.
      liveBytes: 5 * mb,
      allocationBytesPerSecond: 0,
      collectingS: 0,
      cycles: 0,
      pressure: 0,
    });
  });

  it('keeps to its memory', () => {
    const history = new HeapHistory();
    // A look every millisecond: 300 of them are three tenths of a second.
    let figures = history.add(0, reading({ collectingMs: 0 }));
    for (let ms = 1; ms <= 5_000; ms++) {
      figures = history.add(ms, reading({ collectingMs: Math.min(ms, 4_000) }));
    }
    expect(figures.pressure).toBe(0);
  });
});

/** Used rises at a rate, and falls to 30 MB every second by a cycle of 40 ms. */
function sawtooth(of: { collector: 'z' | 'g1'; mbPerSecond: number; seconds: number }) {
  const history = new HeapHistory();
  const ticks = of.seconds * 10;
  let figures = history.add(0, reading({ usedBytes: 30 * mb, collections: 0, collectingMs: 0 }));
  for (let tick = 1; tick <= ticks; tick++) {
    const collections = Math.floor(tick / 10);
    const usedBytes = (30 + ((tick % 10) * of.mbPerSecond) / 10) * mb;
    const { collector } = of;
    const collectingMs = collections * 40;
    figures = history.add(tick * 100, reading({ collector, usedBytes, collections, collectingMs }));
  }
  return { history, figures, nowMs: ticks * 100 };
}

function reading(part: Partial<JvmReading>): JvmReading {
  return {
    instance: '1@1',
    collector: 'z',
    usedBytes: 30 * mb,
    committedBytes: 100 * mb,
    maxBytes: 500 * mb,
    flags: {},
    ...part,
  };
}
