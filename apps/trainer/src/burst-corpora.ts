import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BurstTrace, type CorpusClass, generateCorpus, writeCorpus } from '@levitate/models';
import type { TrainingContext } from './training.ts';

/** Parts of the split; each is drawn from seeds of its own (SPEC 3.1: disjoint by trace). */
export const BURST_PARTS = ['training', 'validation', 'calibration', 'test'] as const;

/** @see BURST_PARTS */
export type BurstPart = (typeof BURST_PARTS)[number];

/** Traces of a part. Periodic ones come first, then those with a precursor, then the rest. */
export interface BurstPartSizes {
  periodic: number;
  precursor: number;
  /** Of each kind without a rule: random, flat, self-similar, sawtooth. */
  others: number;
}

const SIZES: Record<BurstPart, BurstPartSizes> = {
  training: { periodic: 90, precursor: 150, others: 5 },
  validation: { periodic: 12, precursor: 24, others: 2 },
  calibration: { periodic: 12, precursor: 24, others: 2 },
  test: { periodic: 20, precursor: 20, others: 2 },
};
const QUICK: BurstPartSizes = { periodic: 2, precursor: 3, others: 0 };
const DURATION_MS = 600_000;
/** Training sees all bases; what is chosen and told is by those that the bars are about. */
const TRAINING_PPS = [200, 5000] as const;
const JUDGED_PPS = [1000, 5000] as const;
const OTHERS = ['random', 'flat', 'self-similar', 'sawtooth'] as const;

export function burstPartSizes(part: BurstPart, quick: boolean): BurstPartSizes {
  return quick ? QUICK : SIZES[part];
}

/** Generate the parts that are not there yet. @returns the file of each */
export async function prepareBurstCorpora(
  context: Pick<
    TrainingContext,
    'checkpointDirectory' | 'quick' | 'seed' | 'signal' | 'progress' | 'say'
  >,
): Promise<Record<BurstPart, string>> {
  const files: Partial<Record<BurstPart, string>> = {};
  for (const part of BURST_PARTS) {
    const file = join(context.checkpointDirectory, `${part}.f32`);
    files[part] = file;
    if (existsSync(file)) continue;
    const sizes = burstPartSizes(part, context.quick);
    const basePps = part === 'training' ? TRAINING_PPS : JUDGED_PPS;
    const classes: CorpusClass[] = [
      { kind: 'periodic', traces: sizes.periodic, basePps },
      { kind: 'precursor', traces: sizes.precursor, basePps },
      ...OTHERS.map((kind) => ({ kind, traces: sizes.others, basePps })),
    ];
    const steps = classes.reduce((sum, { traces }) => sum + traces, 0);
    const traces: BurstTrace[] = [];
    const seeded = `levitate train burst ${context.seed} ${part}`;
    const started = performance.now();
    for (const trace of generateCorpus({ part: seeded, classes, durationMs: DURATION_MS })) {
      context.signal.throwIfAborted();
      traces.push(trace);
      const eachS = (performance.now() - started) / 1000 / traces.length;
      context.progress({
        stage: `traffic for ${part}`,
        epoch: 1,
        epochs: 1,
        step: traces.length,
        steps,
        loss: 0,
        etaSeconds: eachS * (steps - traces.length),
      });
      await new Promise(setImmediate);
    }
    writeCorpus(file, traces);
  }
  return files as Record<BurstPart, string>;
}
