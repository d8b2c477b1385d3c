import { expect, it } from 'vitest';
import { reconnecting } from './reconnecting.ts';
import { RpcError } from './rpc-error.ts';

const waitMs = { first: 1, longest: 4 };

async function* of<Item>(items: Item[], error?: Error): AsyncGenerator<Item> {
  yield* items;
  if (error !== undefined) throw error;
}

it('a stream goes on after a loss, and the wait starts over when an item arrived', async () => {
  const waits: number[] = [];
  const attempts = [
    of([1, 2], new Error('gone')),
    of<number>([]),
    of<number>([]),
    of([3]),
    of([4]),
  ];
  const stream = reconnecting({
    open: () => attempts.shift() ?? of<number>([]),
    signal: AbortSignal.timeout(20_000),
    waitMs,
    random: () => 1,
    onDown: (_error, ms) => waits.push(ms),
  });
  const items: number[] = [];
  for await (const item of stream) {
    items.push(item);
    if (item === 4) break;
  }
  expect(items).toEqual([1, 2, 3, 4]);
  expect(waits).toEqual([1, 2, 4, 1]);
});

it('an abort ends the stream without an error, even within a wait', async () => {
  const controller = new AbortController();
  const stream = reconnecting({
    open: () => of<number>([], new Error('never there')),
    signal: controller.signal,
    waitMs: { first: 60_000, longest: 60_000 },
    onDown: () => controller.abort(),
  });
  expect((await stream.next()).done).toBe(true);
});

it('an error that no second attempt can mend is thrown', async () => {
  const stream = reconnecting({
    open: () => of<number>([], new RpcError({ code: 'INVALID_ARGUMENT', message: 'no' })),
    signal: AbortSignal.timeout(20_000),
    waitMs,
  });
  await expect(stream.next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
