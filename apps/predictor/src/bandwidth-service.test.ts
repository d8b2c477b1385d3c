import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@levitate/clock';
import { contracts, type telemetry } from '@levitate/contracts';
import { linkSeries, MemoryFeatureWindows, pathSeries } from '@levitate/feature-windows';
import { connect, RpcError } from '@levitate/grpc-kit';
import type { PathSample } from '@levitate/series';
import { systemClock } from '@levitate/service-kit';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { predictorConfig } from './config.ts';
import { startPredictor } from './start-predictor.ts';
import { writeTinyModel } from './testing/tiny-model.ts';

const startUnixMs = 1_700_000_000_000;
const closing: (() => unknown)[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-models-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

function pathSamples(count: number, options: { path?: string; from?: number } = {}): PathSample[] {
  const { path = 'a>b', from = 0 } = options;
  return Array.from({ length: count }, (_, index) => ({
    path,
    origin: 'push',
    timeUnixMs: startUnixMs + (from + index) * 1000,
    intervalMs: 1000,
    bandwidthBytesPerSecond: 1e6 + 1e5 * Math.sin((from + index) / 3),
    roundTripSeconds: 0.05,
  }));
}

const onWire = (samples: readonly PathSample[]): telemetry.PathSampleInit[] =>
  samples.map((sample) => ({ ...sample, origin: 'SAMPLE_ORIGIN_PUSH' }));

async function start(over: object = {}) {
  const config = predictorConfig.parse({
    listen: '127.0.0.1:0',
    models: { folder, poll_ms: 100, backend: 'typescript' },
    ...over,
    bandwidth: { forecast_interval_ms: 50, ...(over as { bandwidth?: object }).bandwidth },
  });
  const lines: string[] = [];
  const log = (_: object, message: string) => lines.push(message);
  const registry = new Registry();
  const clock = new VirtualClock();
  const paths = new MemoryFeatureWindows({ kind: pathSeries, clock });
  const service = await startPredictor({
    config,
    clock: systemClock,
    logger: { info: log, warn: log, error: log } as never,
    registry,
    windows: new MemoryFeatureWindows({ kind: linkSeries, clock }),
    paths,
    openers: new URL('./testing/tiny-openers.ts', import.meta.url),
  });
  closing.push(() => service.drain(100));
  const { address } = service.grpcServer;
  const bandwidth = connect(contracts.bandwidth, { address, deadlineMs: 20_000 });
  const models = connect(contracts.models, { address });
  closing.push(
    () => bandwidth.close(),
    () => models.close(),
  );
  return { service, bandwidth, models, paths, registry, lines };
}

async function failureOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return error instanceof RpcError ? `${error.code} ${error.reason}` : String(error);
}

describe('bandwidth forecasts', () => {
  it('come from a baseline that says so where no model file is', async () => {
    const { bandwidth, models } = await start();
    const samples = onWire(pathSamples(100));
    const { forecasts } = await bandwidth.forecastBandwidth({ windows: [{ samples }] });
    expect(forecasts[0]).toMatchObject({
      ...{ path: 'a>b', model: 'persistence@1', backend: 'statistics', abstained: ['no-model'] },
    });
    expect(forecasts[0]?.steps).toHaveLength(10);
    const [first] = forecasts[0]?.steps ?? [];
    expect(first?.q10BytesPerSecond).toBeLessThan(first?.q90BytesPerSecond ?? 0);
    expect((await models.listModels({})).models).toEqual([]);
  });

  it('come from the model that won, many in one pass, and from the cache again', async () => {
    await writeTinyModel(folder, { gain: 1.5 });
    const { bandwidth, models, registry } = await start();
    const windows = ['a', 'b', 'c'].map((path) => ({
      samples: onWire(pathSamples(100, { path })),
    }));
    const ask = () => bandwidth.forecastBandwidth({ windows, horizonSteps: 3 });
    const first = await ask();
    expect(first.forecasts.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
    const last = windows[0]?.samples.at(-1)?.bandwidthBytesPerSecond ?? 0;
    for (const { model, backend, abstained, steps } of first.forecasts) {
      expect({ model, backend, abstained }).toEqual({
        ...{ model: 'tiny@1', backend: 'typescript', abstained: [] },
      });
      expect(steps).toHaveLength(3);
      expect(steps[0]?.meanBytesPerSecond).toBeCloseTo(1.5 * last, -1);
    }
    const again = await ask();
    expect(again.forecasts.map(({ cached }) => cached)).toEqual([true, true, true]);
    expect(again.forecasts[0]?.steps).toEqual(first.forecasts[0]?.steps);
    const text = await registry.metrics();
    expect(text).toMatch(
      /predictor_inferences_total\{capability="bandwidth",outcome="answered"\} 1/,
    );
    expect(text).toMatch(/predictor_cache_total\{capability="bandwidth",outcome="hit"\} [3-5]/);
    const { models: listed } = await models.listModels({});
    expect(listed[0]).toMatchObject({ name: 'tiny', state: 'MODEL_STATE_SERVING' });
    expect(listed[0]?.classes[0]).toMatchObject({ trafficClass: 'all', winner: 'tiny' });
  });

  it('are the baseline’s where it won and where the window shows too little', async () => {
    await writeTinyModel(folder, { winner: 'holt-winters' });
    const { bandwidth, models } = await start();
    const whole = { samples: onWire(pathSamples(100)) };
    const empty = { samples: [{ path: 'a>b', timeUnixMs: startUnixMs }] };
    const { forecasts } = await bandwidth.forecastBandwidth({ windows: [whole, empty] });
    expect(forecasts.map(({ model, abstained }) => [model, ...abstained])).toEqual([
      ['holt-winters@1', 'baseline-won'],
      ['none@1', 'no-data'],
    ]);
    expect((await models.listModels({})).models[0]?.state).toBe('MODEL_STATE_STANDBY');
    // Reports name a model by its kind: what is no baseline is the model.
    await writeTinyModel(folder, { version: '2', winner: 'LSTM' });
    await vi.waitFor(async () => {
      const [listed] = (await models.listModels({})).models;
      expect(listed).toMatchObject({ version: '2', state: 'MODEL_STATE_SERVING' });
    });
    await vi.waitFor(async () => {
      const short = { samples: onWire(pathSamples(10)) };
      const answer = await bandwidth.forecastBandwidth({ windows: [short] });
      expect(answer.forecasts[0]?.abstained).toEqual(['short-window']);
    });
  });

  it('outlive a new model that is damaged, and take a sound one without a restart', async () => {
    const path = await writeTinyModel(folder, { gain: 1 });
    const { bandwidth, models, lines } = await start();
    const modelNow = async (from: number) => {
      const windows = [{ samples: onWire(pathSamples(100, { from })) }];
      return (await bandwidth.forecastBandwidth({ windows })).forecasts[0]?.model;
    };
    expect(await modelNow(0)).toBe('tiny@1');
    await truncate(join(path, 'weights.f32'), 7);
    await vi.waitFor(async () => {
      const [listed] = (await models.listModels({})).models;
      expect(listed?.state).toBe('MODEL_STATE_REFUSED');
      expect(listed?.why).toMatch(/truncated: 7 bytes.*train the model again/);
    });
    expect(await modelNow(1)).toBe('tiny@1');
    await writeTinyModel(folder, { gain: 2, version: '2' });
    await vi.waitFor(async () => expect(await modelNow(2)).toBe('tiny@2'));
    await writeTinyModel(folder, { version: '3', feature: 'rain' });
    await vi.waitFor(async () => {
      const { status, manifest } = await models.getModel({ name: 'tiny' });
      expect(status?.why).toMatch(/trained on "rain"/);
      expect(JSON.parse(manifest).version).toBe('2');
    });
    expect(lines).toContain('model refused');
    expect(await failureOf(models.getModel({ name: 'other' }))).toBe('NOT_FOUND UNKNOWN_MODEL');
  });

  it('are shed with a clear status beyond the queue, and not made once late', async () => {
    await writeTinyModel(folder, { family: 'slow' });
    const { bandwidth, registry } = await start({ bandwidth: { queue_max: 2 } });
    const ask = (from: number, deadlineMs = 20_000) =>
      bandwidth.forecastBandwidth(
        { windows: [{ samples: onWire(pathSamples(100, { from })) }] },
        { deadlineMs },
      );
    await ask(0);
    const codes = await Promise.all(Array.from({ length: 10 }, (_, n) => failureOf(ask(n + 1))));
    const shed = codes.filter((code) => code === 'RESOURCE_EXHAUSTED TOO_MANY_FORECASTS');
    expect(shed.length).toBeGreaterThanOrEqual(5);
    expect(codes.filter((code) => code === 'undefined').length + shed.length).toBe(10);
    const behind = [ask(20), ask(21)];
    expect(await failureOf(ask(22, 40))).toMatch(/^DEADLINE_EXCEEDED/);
    await Promise.all(behind);
    const text = await registry.metrics();
    expect(text).toMatch(/predictor_inferences_total\{capability="bandwidth",outcome="failed"\}/);
  });
});

describe('followed paths', () => {
  it('are forecast by the winner, streamed, and stated with the race', async () => {
    await writeTinyModel(folder, { gain: 1 });
    const { bandwidth, paths, models } = await start({ bandwidth: { forecast_interval_ms: 50 } });
    await paths.append(pathSamples(120));
    await vi.waitFor(async () => {
      const { forecast } = await bandwidth.getBandwidth({ path: 'a>b' });
      expect(forecast?.model).toBe('tiny@1');
    });
    for await (const { forecasts, lost } of bandwidth.streamBandwidth({ paths: ['a>b'] })) {
      expect(lost).toBe(0);
      expect(forecasts[0]?.path).toBe('a>b');
      break;
    }
    expect(await failureOf(bandwidth.getBandwidth({ path: 'c' }))).toBe('NOT_FOUND UNKNOWN_PATH');
    const [listed] = (await models.listModels({})).models;
    expect(listed?.online.map(({ forecaster }) => forecaster)).toContain('persistence');
    expect(listed?.drift?.alarm).toBe(false);
  });

  it('are refused beyond their bound', async () => {
    const { paths, registry } = await start({ bandwidth: { paths_max: 2 } });
    for (const path of ['a', 'b', 'c']) await paths.append(pathSamples(3, { path }));
    await vi.waitFor(async () => {
      const text = await registry.metrics();
      expect(text).toMatch(/predictor_paths 2/);
      expect(text).toMatch(/predictor_path_samples_total\{outcome="refused"\} 3/);
    });
  });
});
