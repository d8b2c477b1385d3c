import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { BURST_PARTS, burstPartSizes, prepareBurstCorpora } from './burst-corpora.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'levitate-burst-corpora-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function contextIn(checkpointDirectory: string, signal = new AbortController().signal) {
  const steps: string[] = [];
  const progress = ({ stage, step, steps: all }: { stage: string; step: number; steps: number }) =>
    steps.push(`${stage} ${step}/${all}`);
  const context = { checkpointDirectory, quick: true, seed: 3, signal, progress, say: () => {} };
  return { context, steps };
}

it('makes nothing again that is there', async () => {
  const directory = folder();
  for (const part of BURST_PARTS) writeFileSync(join(directory, `${part}.f32`), part);
  const { context, steps } = contextIn(directory);
  const files = await prepareBurstCorpora(context);
  for (const part of BURST_PARTS) expect(readFileSync(files[part], 'utf8')).toBe(part);
  expect(steps).toEqual([]);
});

it('goes on with the part that is missing, and leaves no half of it', async () => {
  const directory = folder();
  for (const part of BURST_PARTS.slice(0, 2)) writeFileSync(join(directory, `${part}.f32`), part);
  const { context } = contextIn(directory, AbortSignal.abort(new Error('enough')));
  await expect(prepareBurstCorpora(context)).rejects.toThrow('enough');
  expect(() => readFileSync(join(directory, 'calibration.f32'))).toThrow(/ENOENT/);
});

it('a full training has every class in every part, most of it to learn from', () => {
  for (const part of BURST_PARTS) {
    const { periodic, precursor, others } = burstPartSizes(part, false);
    expect(Math.min(periodic, precursor, others)).toBeGreaterThan(0);
    if (part !== 'training') {
      expect(burstPartSizes('training', false).precursor).toBeGreaterThan(4 * precursor);
    }
  }
});
