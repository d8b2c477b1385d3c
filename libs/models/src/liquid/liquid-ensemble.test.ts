import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@levitate/clock';
import { plainLiquidEnd } from '@levitate/neural';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PathSeries } from '../bandwidth/bandwidth-trace.ts';
import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import { loadModelFile } from '../model-file.ts';
import { writeModelFile } from '../write-model-file.ts';
import { coherenceOf } from './coherence.ts';
import { generatedPath } from './generated-path.ts';
import { liquidDraft } from './liquid-draft.ts';
import { LiquidEnsemble } from './liquid-ensemble.ts';
import { openLiquidModel, storedParameters } from './open-liquid-model.ts';
import { PathSampler } from './path-sampler.ts';
import { meanForecast, scoredWindows } from './path-score.ts';
import { trainLiquidMember } from './train-liquid-member.ts';

const SIZE = { units: 12, motors: 3, sparsity: 0.4 };
const SENSES = { roundTrip: false, loss: false, clock: false };
const VARIANCE = new Array(HORIZON).fill(0.1);

const path = (seed: string) => generatedPath({ kind: 'periodic', seed, seconds: 300 });

/** Ten seconds fast, ten slow: what comes is the opposite of what is. */
function square(phase: number): PathSeries {
  const unknown = new Float64Array(300).fill(Number.NaN);
  const rate = (_: number, t: number) => ((t + phase) % 20 < 10 ? 2e6 : 5e5);
  const bandwidthBytesPerSecond = unknown.map(rate);
  return { bandwidthBytesPerSecond, roundTripSeconds: unknown, lossRatio: unknown };
}

async function trained(members: number, updates: number): Promise<LiquidEnsemble> {
  const networks = await networksOf(members, updates);
  return new LiquidEnsemble({ id: 'x@1', networks, senses: SENSES, targetVariance: VARIANCE });
}

function networksOf(members: number, updates: number) {
  const series = [square(0), square(7)];
  const sampler = new PathSampler([{ name: 'generated', series, share: 1 }], SENSES);
  const one = (member: number) =>
    trainLiquidMember({
      sampler,
      size: SIZE,
      random: new SeededRandom('test').fork(member),
      updates,
      batch: 4,
      learningRate: 0.01,
      signal: new AbortController().signal,
      onUpdate: () => {},
    });
  return Promise.all(Array.from({ length: members }, (_, member) => one(member)));
}

describe('LiquidEnsemble', () => {
  it('learns what its base alone does not foresee', { timeout: 20_000 }, async () => {
    const error = async (updates: number) => {
      const ensemble = await trained(1, updates);
      const windows = scoredWindows(square(3), 3);
      const outputs = ensemble.infer(windows.map(({ window }) => window));
      return windows.reduce((sum, { actual }, index) => {
        return sum + Math.abs(actual - meanForecast(outputs[index]?.outputs ?? []));
      }, 0);
    };
    expect(await error(60)).toBeLessThan(0.6 * (await error(1)));
  });

  it('gives each member a say and answers the same to the same window', async () => {
    const ensemble = await trained(2, 3);
    const { window } = scoredWindows(path('c'), 50)[0] ?? expect.fail('no window');
    const [first, again] = ensemble.infer([window, window]);
    expect(first).toEqual(again);
    expect(first?.outputs.map(({ length }) => length)).toEqual([HORIZON, HORIZON]);
    expect(first?.outputs[0]).not.toEqual(first?.outputs[1]);
    expect(ensemble.infer([window], 1)[0]?.outputs).toHaveLength(1);
    const { outputs = [], scale } = first ?? {};
    expect(coherenceOf({ outputs, scale, targetVariance: VARIANCE })).toBeGreaterThan(0);
  });

  it.each([
    ['constants', () => 1e6],
    ['zeros', () => 0],
    ['a spike of 10,000 times', (t: number) => (t === 50 ? 1e10 : 1e6)],
    ['a scale that changes tenfold', (t: number) => (t < 50 ? 1e6 : 1e7)],
  ])('stays finite, at least 0 and bounded on %s', async (_, rate) => {
    const ensemble = await trained(2, 3);
    const rates = Array.from({ length: 100 }, (_, t) => rate(t));
    const values = Float64Array.from(rates.flatMap((one) => [one, -1, -1, -1, -1]));
    const [answer] = ensemble.infer([{ elapsedSeconds: new Float64Array(100).fill(1), values }]);
    const most = 3 * Math.max(1000, ...rates);
    for (const value of answer?.outputs.flat() ?? []) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(most);
    }
  });

  it.each([
    ['no observation', [], [], /without an observation/],
    ['a rate that is no number', [1], [Number.NaN, 0, 0, 0, 0], /observation 0 is NaN/],
    ['time that runs backwards', [1, -1], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0], /comes -1 s after/],
    ['a wrong width', [1], [1, 2], /2 values for 1 observations of 5/],
  ])('refuses %s', async (_, elapsed, values, text) => {
    const ensemble = await trained(1, 1);
    const window = {
      elapsedSeconds: Float64Array.from(elapsed),
      values: Float64Array.from(values),
    };
    expect(() => ensemble.infer([window])).toThrow(text);
  });

  it('comes back from its file to the last bit, and not where a member is short', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'levitate-liquid-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const networks = await networksOf(2, 2);
    const draft = liquidDraft({
      size: SIZE,
      members: 2,
      senses: SENSES,
      targetVariance: VARIANCE,
      training: { seed: '1', kernel: 'typescript', workers: 1, batch: 4, epochs: 2, bestEpoch: 2 },
      command: 'levitate train liquid',
      data: [],
      split: 'none',
      classes: {},
      description: 'a test',
    });
    const parameters = storedParameters(networks);
    await writeModelFile({ folder, draft, parameters });
    const file = await loadModelFile(folder);
    const opened = await openLiquidModel(file, plainLiquidEnd);
    const own = new LiquidEnsemble({
      id: 'x',
      networks,
      senses: SENSES,
      targetVariance: VARIANCE,
    });
    const windows = scoredWindows(path('c'), 40).map(({ window }) => window);
    expect(opened.infer(windows)).toEqual(own.infer(windows));
    expect(opened.macsOfStep).toBe(own.macsOfStep);
    const served = await openLiquidModel(file);
    expect([served.backend, own.backend]).toEqual(['wasm', 'typescript']);
    const flat = (one: LiquidEnsemble) =>
      one.infer(windows).flatMap(({ outputs }) => outputs.flat());
    const wanted = flat(own);
    for (const [at, value] of flat(served).entries()) {
      expect(value / (wanted[at] as number)).toBeCloseTo(1, 9);
    }
    const short = parameters.filter(({ name }) => name !== 'member_1.fc.bias');
    await writeModelFile({ folder, draft, parameters: short });
    const open = async () => openLiquidModel(await loadModelFile(folder));
    await expect(open()).rejects.toThrow(/member 1: fc.bias is missing/);
  });
});
