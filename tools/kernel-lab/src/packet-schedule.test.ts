import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PacketSchedule } from './packet-schedule.ts';

it('a step is due once its millisecond is over', () => {
  const schedule = new PacketSchedule(1);
  schedule.append(0, Uint16Array.of(3, 4));
  expect(schedule.take(0.9)).toEqual([]);
  expect(schedule.take(1)).toEqual([{ flow: 0, packets: 3 }]);
  expect(schedule.take(1.9)).toEqual([]);
  expect(schedule.take(2.5)).toEqual([{ flow: 0, packets: 4 }]);
});

it('a late caller gets all overdue steps at once', () => {
  const schedule = new PacketSchedule(2);
  schedule.append(0, Uint16Array.of(1, 1, 1, 1));
  schedule.append(1, Uint16Array.of(0, 0, 5, 0));
  expect(schedule.take(4)).toEqual([
    { flow: 0, packets: 4 },
    { flow: 1, packets: 5 },
  ]);
});

it('a caller may take fewer steps than are due, and gets the rest later', () => {
  const schedule = new PacketSchedule(1);
  schedule.append(0, Uint16Array.of(1, 2, 4, 8));
  expect(schedule.take(4, 3)).toEqual([{ flow: 0, packets: 7 }]);
  expect(schedule.take(4, 3)).toEqual([{ flow: 0, packets: 8 }]);
});

it('steps that one flow does not know yet are taken from none', () => {
  const schedule = new PacketSchedule(2);
  schedule.append(0, Uint16Array.of(1, 1, 1));
  schedule.append(1, Uint16Array.of(1));
  schedule.take(3);
  expect(schedule.nextStep).toBe(1);
});

it('whatever the chunks and the times of asking, every packet is taken once', () => {
  const chunk = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 20 });
  const gaps = fc.array(fc.double({ min: 0, max: 15, noNaN: true }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(chunk, { minLength: 1, maxLength: 5 }), gaps, (chunks, waits) => {
      const schedule = new PacketSchedule(1);
      for (const counts of chunks) schedule.append(0, Uint16Array.from(counts));
      let now = 0;
      let taken = 0;
      for (const wait of [...waits, 1_000]) {
        now += wait;
        for (const due of schedule.take(now)) taken += due.packets;
      }
      expect(taken).toBe(chunks.flat().reduce((sum, packets) => sum + packets, 0));
    }),
  );
});
