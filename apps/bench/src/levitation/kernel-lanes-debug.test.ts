import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { forgetMissedBursts, writeMissedBursts } from './kernel-lanes-debug.ts';
import type { BurstScore } from './kernel-lanes-score.ts';

function burst(over: Partial<BurstScore>): BurstScore {
  return { burst: 4, onsetUnixMs: 1_000, excessBytes: 9, drops: {}, limitBytes: {}, ...over };
}

/** No tick but one that tells which target was asked for. */
const ticks = { around: (target: string) => [{ target } as never] };

it('a burst is told for the lane that lost packets of it, with the ticks of its target', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'missed-bursts-'));
  onTestFinished(() => rmSync(outDir, { recursive: true, force: true }));
  const bursts = [
    burst({ burst: 4, drops: { predictive: 0, 'predictive-statistical': 3 } }),
    burst({ burst: 5, drops: { predictive: 2, 'predictive-statistical': 0 } }),
  ];
  for (const rule of ['predictive', 'predictive-statistical'] as const) {
    writeMissedBursts({ outDir, target: `lane-${rule}`, rule, bursts, ticks });
  }
  const text = readFileSync(join(outDir, 't1-missed-bursts.jsonl'), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { burst: 5, target: 'lane-predictive', ticks: [{ target: 'lane-predictive' }] },
    { burst: 4, target: 'lane-predictive-statistical' },
  ]);
  forgetMissedBursts(outDir);
  expect(() => readFileSync(join(outDir, 't1-missed-bursts.jsonl'))).toThrow(/ENOENT/);
});
