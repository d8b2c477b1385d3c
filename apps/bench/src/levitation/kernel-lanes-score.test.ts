import { DelaySeries } from '@levitate/kernel-lab';
import { expect, it } from 'vitest';
import { planPhases } from './kernel-lanes-cells.ts';
import type { LaneRecord } from './kernel-lanes-record.ts';
import { quantile, ratio, scoreTrace, type TraceRun } from './kernel-lanes-score.ts';

const START = 1_700_000_000_000;
const cell = planPhases({ seed: 3, quick: false })[0]?.cells[0];
if (cell === undefined) throw new Error('a full run has a first cell');
const plan = cell.traces[0];
if (plan === undefined) throw new Error('a cell has traces');

/** A lane that drops `perBurst` packets 10 ms into each burst, and one packet between any two. */
function laneDropping(rule: LaneRecord['rule'], perBurst: number): LaneRecord {
  const readings = Math.floor((plan?.durationMs ?? 0) / 20);
  const timeUnixMs = Float64Array.from({ length: readings }, (_, i) => START + i * 20);
  const dropped = timeUnixMs.map((time) => {
    const begun = (plan?.bursts ?? []).filter((burst) => START + burst.timeMs + 10 <= time);
    const between = (plan?.bursts ?? []).filter((burst) => START + burst.timeMs + 5_000 <= time);
    return begun.length * perBurst + (perBurst > 0 ? between.length : 0);
  });
  const limitBytes = timeUnixMs.map(() => 524_288);
  return { name: rule, rule, timeUnixMs, dropped, limitBytes, backlogBytes: limitBytes };
}

function run(over: Partial<TraceRun> = {}): TraceRun {
  if (cell === undefined || plan === undefined) throw new Error('unreachable');
  return {
    cell,
    plan,
    index: 0,
    startUnixMs: START,
    late: [],
    delays: new DelaySeries({ laneCount: 2 }),
    lanes: [
      { lane: 0, record: laneDropping('reactive', 7) },
      { lane: 1, record: laneDropping('predictive', 0) },
    ],
    ...over,
  };
}

it('only drops of counted bursts count, and only their own', () => {
  const score = scoreTrace(run(), { first: 4 });
  expect(score.bursts.length).toBeGreaterThan(3);
  expect(score.bursts[0]?.burst).toBe(4);
  expect(score.drops).toEqual({ reactive: 7 * score.bursts.length, predictive: 0 });
  expect(score.strayDrops).toBe(0);
});

it('a burst that left late is void', () => {
  const fifth = plan.bursts[4];
  const late = [{ atMs: (fifth?.timeMs ?? 0) + 5, lateMs: 80 }];
  const score = scoreTrace(run({ late }), { first: 4 });
  expect(score.voidBursts).toBe(1);
  expect(score.bursts[0]?.burst).toBe(5);
});

it('packets late outside bursts, or a little late, void nothing', () => {
  const fifth = plan.bursts[4];
  const late = [
    { atMs: (fifth?.timeMs ?? 0) - 2_000, lateMs: 80 },
    { atMs: fifth?.timeMs ?? 0, lateMs: 20 },
  ];
  expect(scoreTrace(run({ late }), { first: 4 }).voidBursts).toBe(0);
});

it('ratios follow the bench definitions', () => {
  expect(ratio(0, 0)).toBe(1);
  expect(ratio(3, 0)).toBe(3);
  expect(ratio(1, 4)).toBe(0.25);
});

it('quantiles are those of the sorted values', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([3, 1, 2], 1)).toBe(3);
  expect(quantile([], 0.5)).toBeUndefined();
});
