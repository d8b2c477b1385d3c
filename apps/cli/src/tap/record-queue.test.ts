import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecordQueue } from './record-queue.ts';
import type { TapRecord } from './tap-record.ts';

const record = (id: number) => ({ kind: 'decision', id }) as TapRecord;
const idsOf = (records: readonly TapRecord[]) => records.map((each) => (each as { id: number }).id);

it('beyond its bound the oldest go, counted, and the reader is told before the rest', async () => {
  const queue = new RecordQueue(3);
  for (let id = 1; id <= 8; id += 1) queue.push(record(id));
  const turn = await queue.take();
  expect(turn?.losses).toEqual([{ place: 'here', lost: 5 }]);
  expect(idsOf(turn?.records ?? [])).toEqual([6, 7, 8]);
});

it('what services lost is told with the next record, each place by itself', async () => {
  const queue = new RecordQueue(3);
  queue.losses.add('telemetry', 4);
  queue.losses.add('fsu-controller', 0);
  const taken = queue.take();
  queue.losses.add('telemetry', 2);
  queue.push(record(1));
  expect((await taken)?.losses).toEqual([{ place: 'telemetry', lost: 6 }]);
});

it('the end lets the reader have what waits; dropping counts it', async () => {
  const ended = new RecordQueue(3);
  ended.push(record(1));
  ended.end();
  ended.push(record(2));
  expect(idsOf((await ended.take())?.records ?? [])).toEqual([1]);
  expect(await ended.take()).toBeUndefined();

  const dropped = new RecordQueue(3);
  dropped.push(record(1));
  dropped.drop();
  expect(await dropped.take()).toEqual({ losses: [{ place: 'here', lost: 1 }], records: [] });
  expect(await dropped.take()).toBeUndefined();
});

it('whatever the pace, every record is either read in order or counted', async () => {
  const steps = fc.array(fc.oneof(fc.constant('push' as const), fc.constant('take' as const)), {
    maxLength: 200,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 7 }), async (order, capacity) => {
      const queue = new RecordQueue(capacity);
      let [pushed, lost, waiting] = [0, 0, 0];
      const read: number[] = [];
      const take = async () => {
        const turn = await queue.take();
        expect(turn?.records.length ?? 0).toBeLessThanOrEqual(capacity);
        for (const loss of turn?.losses ?? []) lost += loss.lost;
        read.push(...idsOf(turn?.records ?? []));
        waiting = 0;
      };
      for (const step of order) {
        if (step === 'push') {
          pushed += 1;
          waiting += 1;
          queue.push(record(pushed));
        } else if (waiting > 0) {
          await take();
        }
      }
      queue.end();
      await take();
      expect(read.length + lost).toBe(pushed);
      expect(read).toEqual([...read].sort((left, right) => left - right));
    }),
  );
});
