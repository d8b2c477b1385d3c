import { expect, it } from 'vitest';
import {
  changesWithin,
  dropsWithin,
  type LaneRecord,
  limitAt,
  reservedWithin,
} from './kernel-lanes-record.ts';

/** Readings every 100 ms from 1,000 on. */
const lane: LaneRecord = {
  name: 'lane',
  rule: 'predictive',
  timeUnixMs: Float64Array.of(1_000, 1_100, 1_200, 1_300, 1_400),
  dropped: Float64Array.of(5, 5, 9, 20, 20),
  limitBytes: Float64Array.of(100, 100, 300, 300, 100),
  backlogBytes: Float64Array.of(0, 0, 0, 0, 0),
};

it('drops of a span are those between the readings that enclose it', () => {
  expect(dropsWithin(lane, { fromUnixMs: 1_100, toUnixMs: 1_150 })).toBe(4);
  expect(dropsWithin(lane, { fromUnixMs: 1_150, toUnixMs: 1_250 })).toBe(15);
  expect(dropsWithin(lane, { fromUnixMs: 1_350, toUnixMs: 9_000 })).toBe(0);
});

it('reserved memory is the limit times the time it stood', () => {
  expect(reservedWithin(lane, { fromUnixMs: 1_000, toUnixMs: 1_400 })).toBeCloseTo(80);
  expect(reservedWithin(lane, { fromUnixMs: 1_200, toUnixMs: 1_250 })).toBeCloseTo(15);
});

it('the limit at a moment is that of the reading before it', () => {
  expect(limitAt(lane, 1_199)).toBe(100);
  expect(limitAt(lane, 1_201)).toBe(300);
});

it('changes of a limit are counted where they were seen', () => {
  expect(changesWithin(lane, { fromUnixMs: 1_000, toUnixMs: 2_000 })).toBe(2);
  expect(changesWithin(lane, { fromUnixMs: 1_000, toUnixMs: 1_350 })).toBe(1);
});
