import { SeededRandom } from '@levitate/clock';
import { openKernel } from '@levitate/neural';
import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import type { ModelFile } from '../../model-file.ts';
import { requestDay } from './request-day.ts';
import { requestFeatureNames } from './request-features.ts';
import { openRequestOnsets, REQUEST_ONSETS, requestOnsetParameters } from './request-onset-file.ts';
import { RequestOnsetForecaster } from './request-onset-forecaster.ts';
import { RequestOnsetModel } from './request-onset-model.ts';

const SECONDS = 3000;
const DAY_START_UNIX_MS = 19_700 * 86_400_000;

function dayOf(name: string) {
  const random = new SeededRandom(name);
  const values = Float64Array.from({ length: SECONDS }, () => random.poisson(40));
  for (let onset = 700; onset < SECONDS; onset += 900) values.fill(220, onset, onset + 15);
  return requestDay(name, values);
}

const kernel = await openKernel('wasm');
const model = RequestOnsetModel.train([dayOf('a'), dayOf('b')], {
  kernel,
  seed: 'x',
  recipe: { units: 4, members: 2, epochs: 4 },
});

/** The file that a training would have written of the model. */
function fileOf(over: Partial<ModelFile['manifest']> = {}): ModelFile {
  const { means, deviations } = model.moments;
  const manifest = {
    name: REQUEST_ONSETS,
    capability: 'burst',
    spec: model.members[0]?.spec,
    inputs: {
      features: requestFeatureNames,
      normalisation: { parameters: { means: [...means], deviations: [...deviations] } },
    },
    classes: { requests: { winner: REQUEST_ONSETS } },
    calibration: { probability: { kind: 'platt', slope: 1, intercept: 0 } },
    ...over,
  };
  const parameters = requestOnsetParameters(model);
  return { id: 'onsets@1', manifest, parameters } as unknown as ModelFile;
}

function sampleOf(second: number, value: number, over: Partial<Sample> = {}): Sample {
  return {
    link: 'requests',
    origin: 'simulated',
    timeUnixMs: DAY_START_UNIX_MS + (second + 1) * 1000,
    intervalMs: 1000,
    connectionsPerSecond: value,
    throughputBytesPerSecond: 1000 * value,
    ...over,
  };
}

it('a model out of its file scores as the one that was trained', () => {
  const day = dayOf('new');
  const seconds = [100, 650, 695, 1500];
  const opened = openRequestOnsets(fileOf(), kernel);
  expect(opened.hasWon).toBe(true);
  expect([...opened.model.scores(day, seconds)]).toEqual([...model.scores(day, seconds)]);
});

it('served second by second it says what it says of the whole day', () => {
  const day = dayOf('new');
  const forecaster = new RequestOnsetForecaster(openRequestOnsets(fileOf(), kernel));
  expect(forecaster.isCalibrated).toBe(false);
  for (let second = 0; second <= 695; second++) {
    const sample = sampleOf(second, day.values[second] as number);
    forecaster.learn({ sample, onset: undefined, ended: undefined, inBurst: false });
    if (second < 60) continue;
    if (second % 127 !== 0 && second !== 695) continue;
    expect(forecaster.isCalibrated).toBe(true);
    const odds = model.scores(day, [second])[0] as number;
    expect(forecaster.forecast(10).probability).toBeCloseTo(1 / (1 + Math.exp(-odds)), 6);
  }
});

it('says nothing of links that are finer than a second or count no requests', () => {
  const forecaster = new RequestOnsetForecaster(openRequestOnsets(fileOf(), kernel));
  for (const over of [{ intervalMs: 100 }, { connectionsPerSecond: undefined }]) {
    for (let second = 0; second < 100; second++) {
      const sample = sampleOf(second, 40, over);
      forecaster.learn({ sample, onset: undefined, ended: undefined, inBurst: false });
    }
    expect(forecaster.isCalibrated).toBe(false);
    expect(forecaster.forecast(10)).toEqual({ abstained: 'no-data' });
  }
});

it('begins anew after a hole of a minute, and at midnight', () => {
  const forecaster = new RequestOnsetForecaster(openRequestOnsets(fileOf(), kernel));
  const learn = (from: number, count: number) => {
    for (let second = from; second < from + count; second++) {
      const sample = sampleOf(second, 40);
      forecaster.learn({ sample, onset: undefined, ended: undefined, inBurst: false });
    }
  };
  learn(0, 70);
  expect(forecaster.isCalibrated).toBe(true);
  learn(200, 10);
  expect(forecaster.isCalibrated).toBe(false);
  learn(86_400 - 70, 70);
  expect(forecaster.isCalibrated).toBe(true);
  learn(86_400, 5);
  expect(forecaster.isCalibrated).toBe(false);
});

it('refuses a file of other features, without a map, or with a member cut short', () => {
  const inputs = { ...fileOf().manifest.inputs, features: [{ name: 'other', unit: 'x' }] };
  const open = (file: ModelFile) => () => openRequestOnsets(file, kernel);
  expect(open(fileOf({ inputs }))).toThrow(/other features/);
  expect(open(fileOf({ calibration: {} }))).toThrow(/Platt/);
  const file = fileOf();
  const short = { ...file, parameters: file.parameters.slice(1) };
  expect(open(short)).toThrow(/is not the|has no/);
});
