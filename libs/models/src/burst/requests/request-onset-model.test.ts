import { SeededRandom } from '@levitate/clock';
import { openKernel } from '@levitate/neural';
import { describe, expect, it } from 'vitest';
import { ClockProfile } from './clock-profile.ts';
import { requestDay, scoredSeconds } from './request-day.ts';
import { RequestOnsetModel } from './request-onset-model.ts';

const HOURS = 4;
/** Requests burst at this second of some hours, and at no other time. */
const PHASE = 1234;

/** Part of a day whose bursts follow the clock. */
function dayOf(name: string) {
  const random = new SeededRandom(name);
  const values = Float64Array.from({ length: HOURS * 3600 }, () => random.poisson(40));
  for (let hour = 1; hour < HOURS; hour++) {
    if (random.float() < 0.3) continue;
    for (let second = 0; second < 20; second++) values[hour * 3600 + PHASE + second] = 200;
  }
  return requestDay(name, values);
}

describe('requestDay', () => {
  it('labels onsets and scores what is neither in a burst nor without a window', () => {
    const values = new Float64Array(400).fill(50);
    values.fill(300, 200, 220);
    const day = requestDay('a', values);
    expect(day.onsets).toEqual([200]);
    expect([day.isComing[189], day.isComing[190], day.isComing[199]]).toEqual([0, 1, 1]);
    const scored = new Set(scoredSeconds(day));
    expect([59, 60, 199, 200, 224, 225, 389, 390].map((second) => scored.has(second))).toEqual([
      false,
      true,
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('ClockProfile', () => {
  it('says where in the hour the bursts of other days began', () => {
    const profile = ClockProfile.of([dayOf('a'), dayOf('b')]);
    const before = profile.features(3 * 3600 + PHASE - 5, 40);
    const elsewhere = profile.features(3 * 3600 + PHASE + 600, 40);
    expect(before[4]).toBeGreaterThan((elsewhere[4] as number) + 3);
  });
});

describe('RequestOnsetModel', () => {
  it('ranks what comes before a burst of a new day above the rest, alike for a seed', async () => {
    const kernel = await openKernel('wasm');
    const days = ['a', 'b', 'c'].map(dayOf);
    const train = () =>
      RequestOnsetModel.train(days, {
        kernel,
        seed: 'test',
        recipe: { units: 24, members: 2, epochs: 12 },
      });
    const fresh = dayOf('new');
    const seconds = [...scoredSeconds(fresh)].filter((s) => s % 7 === 0 || fresh.isComing[s] === 1);
    const scores = train().scores(fresh, seconds);
    expect(train().scores(fresh, seconds.slice(0, 50))).toEqual(scores.slice(0, 50));
    const mean = (coming: number) => {
      const of = scores.filter((_, row) => fresh.isComing[seconds[row] as number] === coming);
      return of.reduce((sum, score) => sum + score, 0) / of.length;
    };
    expect(mean(1)).toBeGreaterThan(mean(0) + 2);
  });
});
