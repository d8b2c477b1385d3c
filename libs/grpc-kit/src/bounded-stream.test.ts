import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, BoundedStream } from './bounded-stream.ts';

describe('BoundedStream', () => {
  it('gives a reader everything since its last turn in one batch', async () => {
    const stream = new BoundedStream<number>({ capacity: 10 });
    const reader = stream[Symbol.asyncIterator]();
    stream.push(1);
    stream.push(2);
    expect((await reader.next()).value).toEqual({ items: [1, 2], lost: 0 });
    const waiting = reader.next();
    stream.push(3);
    expect((await waiting).value).toEqual({ items: [3], lost: 0 });
  });

  it('drops the oldest beyond its capacity and says how many', async () => {
    const stream = new BoundedStream<number>({ capacity: 3 });
    for (let item = 1; item <= 10; item += 1) stream.push(item);
    expect(stream.size).toBe(3);
    const reader = stream[Symbol.asyncIterator]();
    expect((await reader.next()).value).toEqual({ items: [8, 9, 10], lost: 7 });
    stream.push(11);
    expect((await reader.next()).value).toEqual({ items: [11], lost: 0 });
  });

  it('neither loses count nor order, whatever the pace of reader and writer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 }),
        async (capacity, bursts) => {
          const stream = new BoundedStream<number>({ capacity });
          const reader = stream[Symbol.asyncIterator]();
          let written = 0;
          let [read, lost, last] = [0, 0, -1];
          const take = async () => {
            const { value } = (await reader.next()) as { value: Batch<number> };
            for (const item of value.items) {
              expect(item).toBeGreaterThan(last);
              last = item;
            }
            read += value.items.length;
            lost += value.lost;
          };
          for (const size of bursts) {
            for (let count = 0; count < size; count += 1) stream.push(written++);
            expect(stream.size).toBeLessThanOrEqual(capacity);
            if (size > 0) await take();
          }
          expect(read + lost).toBe(written);
        },
      ),
    );
  });

  it('hands over what is queued before it ends, then the error', async () => {
    const stream = new BoundedStream<number>({ capacity: 3 });
    const reader = stream[Symbol.asyncIterator]();
    stream.push(1);
    stream.end(new Error('source gone'));
    stream.push(2);
    expect((await reader.next()).value).toEqual({ items: [1], lost: 0 });
    await expect(reader.next()).rejects.toThrow('source gone');
  });

  it('frees the writer when its reader leaves or the signal is aborted', async () => {
    const closed: string[] = [];
    const left = new BoundedStream<number>({ capacity: 3, onClose: () => closed.push('left') });
    left.push(1);
    for await (const _ of left) break;
    expect(left.isOpen).toBe(false);
    const controller = new AbortController();
    const stream = new BoundedStream<number>({
      capacity: 3,
      signal: controller.signal,
      onClose: () => closed.push('aborted'),
    });
    const waiting = stream[Symbol.asyncIterator]().next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(closed).toEqual(['left', 'aborted']);
  });
});
