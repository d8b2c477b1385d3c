import type { Sample } from '@levitate/series';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PendingSamples } from './pending-samples.ts';

function samples(count: number, from = 0): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    link: 'a',
    origin: 'push',
    timeUnixMs: from + index,
  }));
}

it('beyond the bound the oldest are dropped and counted', () => {
  const pending = new PendingSamples<Sample>(3);
  pending.offer(samples(5));
  expect(pending.lost).toBe(2);
  expect(pending.take(10).map(({ timeUnixMs }) => timeUnixMs)).toEqual([2, 3, 4]);
});

it('what is on its way counts towards the bound, and comes first when it is put back', () => {
  const pending = new PendingSamples<Sample>(3);
  pending.offer(samples(2));
  const taken = pending.take(2);
  pending.offer(samples(2, 10));
  pending.putBack(taken);
  expect(pending.take(10).map(({ timeUnixMs }) => timeUnixMs)).toEqual([0, 1, 11]);
  expect(pending.lost).toBe(1);
});

it('whoever waits is told once everything offered so far was written or lost', async () => {
  const pending = new PendingSamples<Sample>(10);
  pending.offer(samples(3));
  let isSettled = false;
  const settled = pending.settled().then(() => {
    isSettled = true;
  });
  pending.offer(samples(1));
  pending.written(pending.take(2).length);
  await Promise.resolve();
  expect(isSettled).toBe(false);
  pending.giveUp(pending.take(1).length);
  await settled;
  expect(isSettled).toBe(true);
});

it('no sample is ever unaccounted for', () => {
  const operation = fc.oneof(
    fc.record({ offer: fc.integer({ min: 1, max: 9 }) }),
    fc.record({
      take: fc.integer({ min: 1, max: 9 }),
      outcome: fc.constantFrom('ok', 'back', 'no'),
    }),
  );
  fc.assert(
    fc.property(fc.array(operation), fc.integer({ min: 1, max: 12 }), (operations, bound) => {
      const pending = new PendingSamples<Sample>(bound);
      let offered = 0;
      let written = 0;
      for (const each of operations) {
        if ('offer' in each) {
          pending.offer(samples(each.offer));
          offered += each.offer;
          continue;
        }
        const taken = pending.take(each.take);
        if (each.outcome === 'back') pending.putBack(taken);
        if (each.outcome === 'no') pending.giveUp(taken.length);
        if (each.outcome === 'ok') {
          pending.written(taken.length);
          written += taken.length;
        }
      }
      expect(pending.size).toBeLessThanOrEqual(bound);
      expect(pending.size + pending.lost + written).toBe(offered);
    }),
  );
});
