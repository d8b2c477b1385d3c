import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { burstLstmSpec, generateCorpus, writeCorpus } from '@levitate/models';
import { Network, openKernel } from '@levitate/neural';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { familiesOn, judgeBurst } from './burst-judgement.ts';
import type { BurstCandidate, TrainedCandidate } from './burst-training.ts';
import type { TrainingContext } from './training.ts';

const kernel = await openKernel('wasm');
const spec = burstLstmSpec({ units: 4, layers: 1 });

/** A network that says nothing but the hazard of its last layer's bias, second by second. */
function sayingOf(family: BurstCandidate['family'], hazardLogit: number): TrainedCandidate {
  const network = new Network(spec, { kernel, seed: 1 });
  for (const { values } of network.parameters) values.fill(0);
  network.parameters.at(-1)?.values.fill(hazardLogit);
  const candidate: BurstCandidate = { family, spec, answers: 'every', epochs: 1, peak: 1e-3 };
  return { candidate, network, outcome: {} as TrainedCandidate['outcome'] };
}

const folder = mkdtempSync(join(tmpdir(), 'levitate-burst-judgement-'));
const validation = join(folder, 'validation.f32');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  const classes = [{ kind: 'periodic' as const, traces: 1, basePps: [1000, 2000] as const }];
  writeCorpus(validation, [...generateCorpus({ part: 'test', classes, durationMs: 160_000 })]);
});

it('sets networks beside each other on the same windows', () => {
  // Periodic bursts every 12 to 30 s: "surely" is wrong about as often as it is right.
  const skills = familiesOn(validation, [sayingOf('lstm', -2.5), sayingOf('transformer', 4)]);
  expect(Object.keys(skills)).toEqual(['lstm', 'transformer']);
  expect(skills.lstm).toBeLessThan(0.1);
  expect(skills.lstm).toBeGreaterThan(skills.transformer ?? 0);
});

it('stops between two links when it is told to', async () => {
  const context = {
    seed: 1,
    quick: true,
    say: () => {},
    signal: AbortSignal.abort(new Error('enough')),
  } as unknown as TrainingContext;
  const judging = judgeBurst({
    context,
    trained: [sayingOf('lstm', -2)],
    settings: { slope: 1, intercept: 0, announceFrom: 0.9 },
    files: { validation },
  });
  await expect(judging).rejects.toThrow('enough');
});
