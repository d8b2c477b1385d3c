import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kernel, Network, openKernel } from '@levitate/neural';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadModelFile } from '../model-file.ts';
import { wanderingTrace } from '../testing/wandering-trace.ts';
import { writeModelFile } from '../write-model-file.ts';
import { evaluateBandwidth, LEARNED_BANDWIDTH } from './bandwidth-evaluation.ts';
import { BandwidthForecaster, openBandwidthModel } from './bandwidth-forecaster.ts';
import { bandwidthManifest } from './bandwidth-manifest.ts';
import { bandwidthSpec, SERVED_STEPS } from './bandwidth-network.ts';
import { calibrateBandwidth } from './calibrate-bandwidth.ts';
import { cutSeries } from './cut-series.ts';
import { learnedInputs } from './learned-inputs.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await openKernel('auto');
});
const learned = { roundTrip: false, loss: false, time: false };
const spec = bandwidthSpec({ answers: 'last step', steps: SERVED_STEPS });
const network = (seed: number) => new Network(spec, { kernel, seed });
const { series } = wanderingTrace({ seed: 'forecaster', seconds: 200 });
const path = cutSeries(series, 0, 100);

describe('BandwidthForecaster', () => {
  it('gives ten ordered, finite steps for any window, of any length', () => {
    const forecaster = new BandwidthForecaster({ id: 'a@1', members: [network(1)], learned });
    const holes = { ...path, bandwidth: path.bandwidth.map((value, at) => (at % 3 ? value : NaN)) };
    const silent = { ...path, bandwidth: new Float64Array(100) };
    const paths = [path, holes, silent, cutSeries(series, 0, 30), cutSeries(series, 0, 200)];
    for (const { mean, steps } of forecaster.forecasts(paths)) {
      expect(steps).toHaveLength(10);
      for (const { q10, q50, q90 } of [mean, ...steps]) {
        expect(q10).toBeGreaterThanOrEqual(0);
        expect(q50).toBeGreaterThanOrEqual(q10);
        expect(q90).toBeGreaterThanOrEqual(q50);
        expect(Number.isFinite(q90)).toBe(true);
      }
    }
  });

  it('looks at the newest hundred seconds only', () => {
    const forecaster = new BandwidthForecaster({ id: 'a@1', members: [network(1)], learned });
    const [long, short] = forecaster.forecast(
      [series, series].map((each, index) => cutSeries(each, index === 0 ? 0 : 100, 200)),
    );
    expect(long).toEqual(short);
  });

  it('reads the newest seconds of a window, told with what came before them', () => {
    const of = (window: typeof path, steps?: number) => {
      const each = bandwidthSpec({ answers: 'last step', ...(steps && { steps }) });
      const members: [Network] = [new Network(each, { kernel, seed: 1 })];
      const [forecast] = new BandwidthForecaster({ id: 'a@1', members, learned }).forecast([
        window,
      ]);
      return forecast?.q50[0] ?? 0;
    };
    expect(of(path, SERVED_STEPS)).not.toBe(of(path));
    const other = { ...path, bandwidth: path.bandwidth.map((v, at) => (at < 20 ? 2 * v : v)) };
    expect(of(other, SERVED_STEPS)).not.toBe(of(path, SERVED_STEPS));
  });

  it('of several members says what lies between them', () => {
    const of = (...members: [Network, ...Network[]]) =>
      new BandwidthForecaster({ id: 'a@1', members, learned }).forecasts([path])[0]?.mean.q50 ?? 0;
    const [one, two, both] = [of(network(1)), of(network(2)), of(network(1), network(2))];
    expect(both).toBeCloseTo((one + two) / 2, -1);
    expect(one).not.toBeCloseTo(two, 0);
  });

  it('covers what it should after calibration, on traces of the same kind', async () => {
    const made = { id: 'a@1', members: [network(1)] as [Network], learned };
    const traces = [1, 2].map((at) => wanderingTrace({ seed: `calibrate ${at}`, seconds: 180 }));
    const raw = new BandwidthForecaster(made);
    const offsets = calibrateBandwidth(raw, { traces, learned });
    const forecaster = new BandwidthForecaster({ ...made, offsets });
    const test = [wanderingTrace({ seed: 'calibrate 3', seconds: 230 })];
    const [found] = await evaluateBandwidth({
      forecaster,
      traces: test,
      training: traces,
      stride: 3,
    });
    expect(found?.coverage80).toBeGreaterThan(0.65);
    expect(found?.coverage80).toBeLessThan(0.95);
    expect(Object.keys(found?.scores ?? {})).toContain('NLinear');
    expect(found?.scores[LEARNED_BANDWIDTH]?.windows).toBe(found?.windows);
  });
});

describe('a model file', () => {
  async function folderWith(members: number, change = (draft: Draft): Draft => draft) {
    const folder = await mkdtemp(join(tmpdir(), 'levitate-bandwidth-model-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const networks = Array.from({ length: members }, (_, index) => network(index + 1));
    const parameters = networks.flatMap((each) => each.parameters);
    const offset = { low: -0.1, high: 0.1 };
    const draft = bandwidthManifest({
      command: 'levitate train bandwidth',
      traces: [wanderingTrace({ seed: 'card', seconds: 200 })],
      parts: ['test'],
      learned,
      offsets: { horizon: offset, steps: new Array(10).fill(offset) },
      members,
      training: { seed: '1', kernel: 'wasm', workers: 1, batch: 1, epochs: 1, bestEpoch: 1 },
      validation: [],
      test: [],
    });
    await writeModelFile({ folder, draft: change(draft), parameters });
    return loadModelFile(folder);
  }
  type Draft = ReturnType<typeof bandwidthManifest>;

  it('gives the forecasts of the networks it was written from', async () => {
    for (const members of [1, 2]) {
      const opened = openBandwidthModel(await folderWith(members), kernel);
      const networks = Array.from({ length: members }, (_, index) => network(index + 1));
      const offset = { low: -0.1, high: 0.1 };
      const direct = new BandwidthForecaster({
        id: 'bandwidth@1',
        members: networks as [Network, ...Network[]],
        learned,
        offsets: { horizon: offset, steps: new Array(10).fill(offset) },
      });
      expect(opened.forecasts([path])).toEqual(direct.forecasts([path]));
    }
  });

  it('of other inputs, or in another order, is refused', async () => {
    const swapped = await folderWith(1, (draft) => {
      const features = draft.inputs.features.toReversed();
      return { ...draft, inputs: { ...draft.inputs, features } };
    });
    expect(() => openBandwidthModel(swapped, kernel)).toThrow(/not those of this release/);
    const strange = await folderWith(1, (draft) => {
      const features = draft.inputs.features.with(0, { name: 'altitude', unit: 'm' });
      return { ...draft, inputs: { ...draft.inputs, features } };
    });
    expect(() => openBandwidthModel(strange, kernel)).toThrow(/altitude/);
  });
});

it('an input that few training seconds know is not learnt', () => {
  const trace = wanderingTrace({ seed: 'inputs', seconds: 100 });
  const known = (count: number) => ({
    ...trace,
    series: {
      ...trace.series,
      roundTripSeconds: trace.series.roundTripSeconds.map((_, at) => (at < count ? 0.05 : NaN)),
    },
  });
  expect(learnedInputs([known(10), trace])).toEqual(learned);
  expect(learnedInputs([known(80), trace])).toEqual({ ...learned, roundTrip: true });
});
