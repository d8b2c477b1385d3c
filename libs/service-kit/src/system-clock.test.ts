import { expect, it, vi } from 'vitest';
import { systemClock } from './system-clock.ts';

it('is within the millisecond that Date names, and does not run back', () => {
  let last = 0;
  for (let round = 0; round < 10_000; round += 1) {
    const before = Date.now();
    const now = systemClock.unixMs();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThan(Date.now() + 1);
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});

it('follows a step of the wall clock at once, both ways', () => {
  const real = Date.now();
  const date = vi.spyOn(Date, 'now');
  try {
    date.mockReturnValue(real + 3_600_000);
    expect(Math.floor(systemClock.unixMs())).toBe(real + 3_600_000);
    date.mockReturnValue(real - 3_600_000);
    expect(Math.floor(systemClock.unixMs())).toBe(real - 3_600_000);
  } finally {
    date.mockRestore();
  }
  expect(Math.abs(systemClock.unixMs() - Date.now())).toBeLessThan(1_000);
});
