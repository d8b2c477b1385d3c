import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCalendarTime } from './calendar-time.ts';

describe('parseCalendarTime', () => {
  it('agrees with the calendar of the language for every second of four centuries', () => {
    const seconds = fc.integer({ min: -6_000_000_000, max: 8_000_000_000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const text = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ');
        expect(parseCalendarTime(text)).toBe(second * 1000);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '1998-02-29 00:00:00',
    '1900-02-29 00:00:00',
    '1998-13-01 00:00:00',
    '1998-04-31 00:00:00',
    '1998-04-30 24:00:00',
    '1998-04-30T21:30:00',
    '1998-04-30',
    '',
  ])('knows no time "%s"', (text) => {
    expect(parseCalendarTime(text)).toBeUndefined();
  });
});
