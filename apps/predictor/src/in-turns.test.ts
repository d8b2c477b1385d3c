import { VirtualClock } from '@levitate/clock';
import { expect, it } from 'vitest';
import { inTurns } from './in-turns.ts';

const { signal } = new AbortController();

it('work that takes long lets others run in between, and keeps its order', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  setImmediate(() => seen.push('a call'));
  const work = (item: number) => {
    seen.push(`item ${item}`);
    clock.advance(1.6);
  };
  await inTurns([1, 2, 3], work, { clock, signal });
  expect(seen).toEqual(['item 1', 'item 2', 'a call', 'item 3']);
});

it('work that takes little is done at once', () => {
  const seen: number[] = [];
  void inTurns([1, 2, 3], (item) => seen.push(item), { clock: new VirtualClock(), signal });
  expect(seen).toEqual([1, 2, 3]);
});

it('ends between two turns when it is told to', async () => {
  const clock = new VirtualClock();
  const stopping = new AbortController();
  const seen: number[] = [];
  const work = (item: number) => {
    seen.push(item);
    clock.advance(3);
    stopping.abort();
  };
  await inTurns([1, 2, 3], work, { clock, signal: stopping.signal });
  expect(seen).toEqual([1]);
});
