import { expect, it } from 'vitest';
import { runDelayMs, runDelayMsOf, stolenMs } from './process-waits.ts';

it('a process waited for its processor as long as the second number says', () => {
  expect(runDelayMs('5005671 12500000 18\n')).toBe(12.5);
});

it('one that is gone has waited for nothing', () => {
  expect(runDelayMsOf(0)).toBe(0);
});

it('what the host took is told by processor, and the sum of all is left out', () => {
  const stat = [
    'cpu  30 1 2 300 4 5 6 70 0 0',
    'cpu0 10 1 2 100 4 5 6 20 0 0',
    'cpu12 20 0 0 200 0 0 0 50 0 0',
    'intr 1 2 3',
  ].join('\n');
  expect([...stolenMs(stat)]).toEqual([
    [0, 200],
    [12, 500],
  ]);
});
