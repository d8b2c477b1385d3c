import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentPeak } from './recent-peak.ts';

it('RecentPeak is the largest of the last values', () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 100 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 12 }), (list, length) => {
      const recent = new RecentPeak(length);
      list.forEach((value, index) => {
        const last = list.slice(Math.max(0, index + 1 - length), index + 1);
        expect(recent.add(value)).toBe(Math.max(...last));
      });
    }),
  );
});
