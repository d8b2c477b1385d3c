import { energyMicrojoules } from '@levitate/models';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { inferenceMetrics } from '../models/inference-metrics.ts';
import { LiquidEngine, type LiquidSteps } from './liquid-engine.ts';

const MEMBERS = 4;
const STEPS = 10;
/** One member takes 1 uJ for a window. */
const MACS_OF_STEP = 1 / energyMicrojoules(STEPS);

const file = {
  ...{ id: 'tiny@1', fingerprint: 'f'.repeat(64), content: {} },
  manifest: { name: 'tiny', inputs: { features: [{}, {}] } },
} as never;
const facts = {
  ...{ backend: 'typescript', members: MEMBERS, macsOfStep: MACS_OF_STEP },
  targetVariance: [1, 1],
};
const calling = { signal: new AbortController().signal, deadlineUnixMs: Number.POSITIVE_INFINITY };

function windowOf(value: number, width = 2): LiquidSteps {
  const steps = Array.from({ length: STEPS }, () => ({
    elapsedSeconds: 1,
    values: new Array<number>(width).fill(value),
  }));
  return { steps };
}

/** Members say the last value of a window, each `spread` more than the one before. */
function engineOf({ budgetMicrowatts = 1e6, spread = 0, knows = true } = {}) {
  const asked: number[] = [];
  let nowMs = 0;
  const engine = new LiquidEngine({
    models: () => [file],
    factsOf: () => (knows ? facts : undefined),
    pool: {
      async ask(_: unknown, work: { windows: { values: Float64Array }[]; members: number }) {
        asked.push(work.members);
        const outputs = work.windows.map(({ values }) => ({
          outputs: Array.from({ length: work.members }, (_, member) =>
            new Array<number>(2).fill((values.at(-1) ?? 0) + member * spread),
          ),
        }));
        return { kind: 'liquid', backend: 'typescript', members: work.members, outputs };
      },
    } as never,
    metrics: inferenceMetrics({ registry: new Registry(), waiting: () => [] }),
    ...{ cacheMax: 3, coherenceThreshold: 0.6, budgetMicrowatts },
    nowMs: () => nowMs,
  });
  const infer = (...windows: LiquidSteps[]) => {
    const looked = engine.look({ model: '', windows });
    if (looked.missing.length === 0) return Promise.resolve(engine.known(looked));
    return engine.infer(looked, calling);
  };
  return { engine, infer, asked, at: (ms: number) => (nowMs = ms) };
}

describe('LiquidEngine', () => {
  it('gives the mean of the members, and how far they agree', async () => {
    const { infer } = engineOf({ spread: 0.5 });
    const { answers, members, model } = await infer(windowOf(3));
    expect({ members, model }).toEqual({ members: MEMBERS, model: 'tiny@1' });
    expect(answers).toHaveLength(1);
    expect(answers[0]?.values).toEqual([3.75, 3.75]);
    // Variance of 0, 0.5, 1, 1.5 is 0.3125; that of the targets 1.
    expect(answers[0]?.coherence).toBeCloseTo(0.6875, 12);
    expect(answers[0]?.isCoherent).toBe(true);
    const apart = await engineOf({ spread: 0.6 }).infer(windowOf(3));
    expect(apart.answers[0]?.isCoherent).toBe(false);
  });

  it('answers what was asked before without a thread, and asks for the rest alone', async () => {
    const { infer, asked } = engineOf();
    await infer(windowOf(1), windowOf(2));
    const both = await infer(windowOf(2), windowOf(1));
    expect(both.answers.map(({ values, cached }) => [values[0], cached])).toEqual([
      [2, true],
      [1, true],
    ]);
    expect(both.microjoules).toBe(0);
    const mixed = await infer(windowOf(1), windowOf(7));
    expect(mixed.answers.map(({ cached }) => cached)).toEqual([true, false]);
    expect(mixed.microjoules).toBeCloseTo(MEMBERS, 9);
    expect(asked).toHaveLength(2);
  });

  it('forgets the answer not asked for longest', async () => {
    const { infer, asked } = engineOf();
    for (const value of [1, 2, 3, 1, 4]) await infer(windowOf(value));
    expect((await infer(windowOf(1))).answers[0]?.cached).toBe(true);
    expect((await infer(windowOf(2))).answers[0]?.cached).toBe(false);
    expect(asked).toHaveLength(5);
  });

  it('lowers the ensemble first where the budget does not hold the rate, and says so', async () => {
    const { infer, asked, at } = engineOf({ budgetMicrowatts: 10 });
    const said: string[] = [];
    // Five a second: 20 uW for four members, 10 for two.
    for (let index = 0; index < 40; index++) {
      at(index * 200);
      said.push((await infer(windowOf(index))).governor);
    }
    expect(said[0]).toBe('');
    expect(asked.at(-1)).toBe(2);
    expect(said.at(-1)).toMatch(/20.0 uW modelled against a budget of 10 uW: 2 of 4 members/);
  });

  it('then refuses what is beyond the rate: ten times that of one member asked for', async () => {
    const { infer, asked, at } = engineOf({ budgetMicrowatts: 10 });
    let spent = 0;
    let refused = 0;
    for (let index = 0; index < 2_000; index++) {
      at(index * 10);
      try {
        spent += (await infer(windowOf(index))).microjoules;
      } catch (error) {
        refused++;
        expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'ENERGY_BUDGET' });
      }
    }
    // 20 s of 10 uW, what there was at the start, one inference of debt.
    expect(spent).toBeLessThanOrEqual(20 * 10 + 5 * 10 + MEMBERS);
    expect(spent).toBeGreaterThan(200);
    expect(refused + asked.length).toBe(2_000);
    expect(asked.at(-1)).toBe(1);
  });

  it('answers what is known where nothing is left of the budget', async () => {
    const { infer } = engineOf({ budgetMicrowatts: 0.1 });
    await infer(windowOf(1));
    await expect(infer(windowOf(2))).rejects.toThrow('energy_budget_microwatts');
    expect((await infer(windowOf(1))).answers[0]?.cached).toBe(true);
  });

  it('refuses a wrong width, a model there is not, and one that was never tried', () => {
    const { engine } = engineOf();
    const look = (model: string, windows: LiquidSteps[]) => () => engine.look({ model, windows });
    expect(look('', [windowOf(1), windowOf(1, 3)])).toThrow('windows[1].steps[0].values has 3');
    expect(look('other', [windowOf(1)])).toThrow('no model "other" is served; there are tiny');
    const untried = engineOf({ knows: false }).engine;
    expect(() => untried.look({ model: '', windows: [windowOf(1)] })).toThrow(/no model/);
  });
});
