import { RpcError } from '@levitate/grpc-kit';
import { energyMicrojoules } from '@levitate/models';
import { expect, it } from 'vitest';
import type { LiquidAnswers, LiquidLook, LiquidSteps } from './liquid-engine.ts';
import { liquidRacer } from './liquid-racer.ts';

const MEMBERS = 4;
/** The whole ensemble takes 10 uJ for a window of 100 steps. */
const MACS_OF_STEP = 10 / energyMicrojoules(100 * MEMBERS);
const file = {
  id: 'liquid@1',
  manifest: { name: 'liquid', classes: { all: { validation: { liquid: { accuracy: 0.75 } } } } },
} as never;
const call = { signal: new AbortController().signal, deadlineUnixMs: Number.POSITIVE_INFINITY };

/** A racer whose ensemble says the last rate of a window times `gain`, ten times. */
function racerOf(
  over: { gain?: number; isCoherent?: boolean; fails?: RpcError; budgetMicrowatts?: number } = {},
) {
  const { gain = 1, isCoherent = true, fails, budgetMicrowatts = 50 } = over;
  const looked: (readonly LiquidSteps[])[] = [];
  const racer = liquidRacer({
    file,
    facts: { backend: 'wasm', members: MEMBERS, macsOfStep: MACS_OF_STEP, targetVariance: [1] },
    engine: {
      look({ windows }) {
        looked.push(windows);
        return { missing: windows } as unknown as LiquidLook;
      },
      known: () => {
        throw new Error('nothing is known');
      },
      async infer() {
        if (fails !== undefined) throw fails;
        const answers = (looked.at(-1) ?? []).map(({ steps }) => {
          const rate = steps.at(-1)?.values[0] ?? 0;
          return { values: new Array<number>(10).fill(gain * rate), isCoherent, cached: false };
        });
        return { answers, model: 'liquid@1', backend: 'wasm' } as unknown as LiquidAnswers;
      },
    },
    ...{ budgetMicrowatts, roundMs: 1000 },
  });
  return { racer, looked };
}

const window = {
  ...{ stepMs: 1000, endUnixMs: 1_700_000_000_000 },
  bandwidth: Float64Array.of(Number.NaN, 1e6, Number.NaN, 2e6),
  roundTrip: Float64Array.of(0.1, 0.1, 0.1, 0.05),
  loss: new Float64Array(4).fill(Number.NaN),
};

it('races on as many paths as half of the energy budget carries', () => {
  expect(racerOf().racer.pathsMax).toBe(2);
  expect(racerOf({ budgetMicrowatts: 10 }).racer.pathsMax).toBe(0);
  expect(racerOf({ budgetMicrowatts: 1000 }).racer.pathsMax).toBe(50);
});

it('asks of what was measured, at the times it was, and bounds the answer', async () => {
  const { racer, looked } = racerOf({ gain: 3 });
  expect(racer.reference).toBeCloseTo(0.25, 9);
  const [forecast] = await racer.forecast([window], call);
  const steps = looked[0]?.[0]?.steps ?? [];
  const seen = steps.map(({ elapsedSeconds, values }) => [elapsedSeconds, values[0], values[2]]);
  // What nobody measured is no observation; loss was never measured.
  expect(seen).toEqual([
    [1, 1e6, -1],
    [2, 2e6, -1],
  ]);
  expect(forecast).toMatchObject({ model: 'liquid@1', backend: 'wasm', abstained: [] });
  expect(forecast?.steps).toHaveLength(10);
  expect(forecast?.steps[9]?.mean).toBe(6e6);
  const [negative] = await racerOf({ gain: -1 }).racer.forecast([window], call);
  expect(negative?.steps[0]?.mean).toBe(0);
});

it('withholds what is incoherent, unsound or beyond the budget, and says which', async () => {
  const refused = (reason: string) =>
    new RpcError({ code: 'RESOURCE_EXHAUSTED', reason, message: 'no' });
  const cases = [
    [{ isCoherent: false }, 'incoherent'],
    [{ gain: Number.NaN }, 'unsound'],
    [{ fails: refused('ENERGY_BUDGET') }, 'energy-budget'],
    [{ fails: refused('TOO_MANY_FORECASTS') }, 'model-busy'],
  ] as const;
  for (const [over, why] of cases) {
    const [forecast] = await racerOf(over).racer.forecast([window], call);
    expect(forecast).toMatchObject({ steps: [], model: 'none@1', abstained: [why] });
  }
  const late = new RpcError({ code: 'DEADLINE_EXCEEDED', message: 'late' });
  await expect(racerOf({ fails: late }).racer.forecast([window], call)).rejects.toBe(late);
});
