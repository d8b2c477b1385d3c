import { expect, it } from 'vitest';
import { LinkLevel } from './link-level.ts';

it('a rate that cannot be is no level, should it be the only one of its second', () => {
  const level = new LinkLevel();
  [1000, Number.POSITIVE_INFINITY, 2000, Number.NaN, 3000, 1e16, 1000].forEach((rate, second) => {
    const timeUnixMs = 1000 * second;
    level.learn({ link: 'a', timeUnixMs, throughputBytesPerSecond: rate, origin: 'push' }, false);
    const highest = level.forecast(10).flatMap(({ q50, q90, q99 }) => [q50, q90, q99]);
    expect(highest.every((value) => value >= 0 && value <= 1e4)).toBe(true);
  });
});
