import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DelaySeries } from '@levitate/kernel-lab';
import { expect, it } from 'vitest';
import { planPhases } from './kernel-lanes-cells.ts';
import { writeLevitationPicture } from './kernel-lanes-picture.ts';
import type { LaneRecord } from './kernel-lanes-record.ts';
import type { TraceRun } from './kernel-lanes-score.ts';

const START = 1_700_000_000_000;
const cell = planPhases({ seed: 1, quick: true })[0]?.cells[0];
const plan = cell?.traces[0];
if (cell === undefined || plan === undefined) throw new Error('a quick run has a trace');

function lane(rule: LaneRecord['rule'], droppedPerReading: number): LaneRecord {
  const timeUnixMs = Float64Array.from({ length: plan?.durationMs ?? 0 }, (_, i) => START + i);
  return {
    name: rule,
    rule,
    timeUnixMs,
    dropped: timeUnixMs.map((_, i) => Math.floor(i / 1_000) * droppedPerReading),
    limitBytes: timeUnixMs.map(() => 524_288),
    backlogBytes: timeUnixMs.map(() => 0),
  };
}

function run(lanes: LaneRecord[]): TraceRun {
  const delays = new DelaySeries({ laneCount: 2 });
  delays.add({
    lane: Uint16Array.of(0, 1),
    sentUnixMs: Float64Array.of(START + 25_000, START + 25_000),
    delayMs: Float32Array.of(12, 34),
  });
  return {
    cell: cell as NonNullable<typeof cell>,
    plan: plan as NonNullable<typeof plan>,
    index: 0,
    startUnixMs: START,
    late: [],
    delays,
    lanes: lanes.map((record, index) => ({ record, lane: index })),
  };
}

it('the picture is written as SVG and PNG, with what each lane dropped and its delays', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'picture-'));
  try {
    const lanes = [lane('reactive', 7), lane('predictive', 1)];
    const [svg = '', png = ''] = writeLevitationPicture(run(lanes), { outDir, first: 4 });
    const text = readFileSync(svg, 'utf8');
    expect(text).toMatch(/\d+ dropped/);
    expect(text).toContain('reactive: delay 12.0 ms on average, 12.0 ms p99, 12 ms at most');
    expect(text).toContain('predictive: delay 34.0 ms on average');
    expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG');
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
});

it('without one of the two lanes there is no picture', () => {
  expect(writeLevitationPicture(run([lane('reactive', 1)]), { outDir: '/', first: 4 })).toEqual([]);
});
