import { describe, expect, it } from 'vitest';
import { CallBatch } from './call-batch.ts';

function recorded(answer: (items: number[]) => number[] | Promise<number[]>, itemsMax = 10) {
  const sent: { items: number[]; deadlineMs: number }[] = [];
  const batch = new CallBatch<number, number>({
    itemsMax,
    send: async (items, deadlineMs) => {
      sent.push({ items, deadlineMs });
      return answer(items);
    },
  });
  return { sent, batch };
}

const doubled = (items: number[]) => items.map((item) => 2 * item);

describe('CallBatch', () => {
  it('makes one call of what is asked for in the same moment', async () => {
    const { sent, batch } = recorded(doubled);
    const calls = [1, 2, 3].map((item) => batch.call(item, { deadlineMs: 100 - item }));
    expect(await Promise.all(calls)).toEqual([2, 4, 6]);
    expect(sent).toEqual([{ items: [1, 2, 3], deadlineMs: 97 }]);
  });

  it('leaves at once when it is flushed, and once only', async () => {
    const { sent, batch } = recorded(doubled);
    const call = batch.call(1, { deadlineMs: 5 });
    batch.flush();
    expect(sent).toHaveLength(1);
    expect(await call).toBe(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toHaveLength(1);
  });

  it('makes more calls where one may not carry all', async () => {
    const { sent, batch } = recorded(doubled, 2);
    const calls = [1, 2, 3].map((item) => batch.call(item, { deadlineMs: 5 }));
    expect(await Promise.all(calls)).toEqual([2, 4, 6]);
    expect(sent.map(({ items }) => items)).toEqual([[1, 2], [3]]);
  });

  it('fails every item with the call, and an item the answer leaves out alone', async () => {
    const away = recorded(() => Promise.reject(new Error('away')));
    const calls = [1, 2].map((item) => away.batch.call(item, { deadlineMs: 5 }));
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    const short = recorded(([first = 0]) => [first]);
    const one = short.batch.call(7, { deadlineMs: 5 });
    const other = short.batch.call(8, { deadlineMs: 5 });
    expect(await one).toBe(7);
    await expect(other).rejects.toThrow('leaves this item out');
  });
});
