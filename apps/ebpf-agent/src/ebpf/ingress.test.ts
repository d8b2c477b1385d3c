import { expect, it } from 'vitest';
import { timedEvery } from './ingress.ts';

const monitor = { mode: 'monitor', microburstGapNs: 20_000, microburstPackets: 64 } as const;

it('one packet in eight is timed where nothing is dropped, each where something may be', () => {
  expect(timedEvery(monitor)).toBe(8);
  expect(timedEvery({ ...monitor, mode: 'off' })).toBe(8);
  expect(timedEvery({ ...monitor, mode: 'police' })).toBe(1);
});

it('a short microburst is still eight readings, or as many as it has packets', () => {
  const every = [2, 8, 15, 16, 40, 63, 1_000].map((microburstPackets) =>
    timedEvery({ ...monitor, microburstPackets }),
  );
  expect(every).toEqual([1, 1, 1, 2, 5, 7, 8]);
});

it('where no microbursts are looked for their threshold counts for nothing', () => {
  expect(timedEvery({ ...monitor, microburstGapNs: 0, microburstPackets: 8 })).toBe(8);
  expect(timedEvery({ ...monitor, microburstPackets: 0 })).toBe(8);
});
