import { expect, it } from 'vitest';
import { announcementsOf, sumAnnouncements } from './announcements.ts';

it('counts what was announced, not what was abstained from', () => {
  const said = [
    { burstPredicted: true, model: 'learned@1' },
    { burstPredicted: false, model: 'learned@1' },
    { burstPredicted: true, model: 'periodic@1' },
    { burstPredicted: true, model: 'learned@1' },
  ];
  expect(announcementsOf(said)).toEqual({ 'learned@1': 2, 'periodic@1': 1 });
});

it('sums over links by forecaster', () => {
  expect(sumAnnouncements([{ a: 1, b: 2 }, {}, { b: 3 }])).toEqual({ a: 1, b: 5 });
});
