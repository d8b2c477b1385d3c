import { expect, it } from 'vitest';
import { endlessSource } from './endless-source.ts';

it('rounds follow each other without a gap, however the steps are asked for', () => {
  const rounds: number[] = [];
  const source = endlessSource((round) => {
    rounds.push(round);
    let step = 0;
    return {
      next(steps) {
        const counts = Uint16Array.from({ length: steps }, (_, index) => round * 10 + step + index);
        step += steps;
        return counts;
      },
    };
  }, 5);
  const counts = [...source.next(3), ...source.next(9), ...source.next(1)];
  expect(counts).toEqual([0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22]);
  expect(rounds).toEqual([0, 1, 2]);
});
