import { VirtualClock } from '@levitate/clock';
import { contracts, type predictor } from '@levitate/contracts';
import {
  linkSeries,
  MemoryFeatureWindows,
  pathSeries,
  windowRpcs,
} from '@levitate/feature-windows';
import { LinkForecaster } from '@levitate/forecast';
import {
  type CallContext,
  connect,
  type GrpcServer,
  RpcError,
  serve,
  startGrpcServer,
} from '@levitate/grpc-kit';
import { Readiness, systemClock } from '@levitate/service-kit';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { predictorConfig } from './config.ts';
import { ForecastBook } from './forecast-book.ts';
import { ForecastStreams } from './forecast-streams.ts';
import { openWindows } from './open-windows.ts';
import { predictorRpcs } from './service.ts';
import { startPredictor } from './start-predictor.ts';
import { burstySamples, startUnixMs } from './testing/bursty-samples.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Telemetry as others see it: windows behind real gRPC. */
async function startTelemetry(windows: MemoryFeatureWindows, port = 0): Promise<GrpcServer> {
  const paths = new MemoryFeatureWindows({ kind: pathSeries, clock: new VirtualClock() });
  const server = await startGrpcServer({
    listen: `127.0.0.1:${port}`,
    services: [serve(contracts.telemetry, windowRpcs({ links: windows, paths }))],
  });
  closing.push(() => server.drain(0));
  return server;
}

function windowsOf(): MemoryFeatureWindows {
  return new MemoryFeatureWindows({
    kind: linkSeries,
    clock: new VirtualClock(),
    spanMs: 600_000,
    samplesMax: 6000,
  });
}

async function startService(telemetryAddress: string, over: object = {}) {
  const config = predictorConfig.parse({
    listen: '127.0.0.1:0',
    windows: { telemetry_address: telemetryAddress },
    forecast_interval_ms: 50,
    stale_after_ms: 3_600_000,
    ...over,
  });
  const lines: string[] = [];
  const log = (_: object, message: string) => lines.push(message);
  const logger = { info: log, warn: log, error: log } as never;
  const registry = new Registry();
  const readiness = new Readiness();
  const context = { config, clock: systemClock, logger, registry, readiness };
  const service = await startPredictor({ ...context, windows: await openWindows(context) });
  closing.push(() => service.drain(100));
  const client = connect(contracts.predictor, { address: service.grpcServer.address });
  closing.push(() => client.close());
  return { service, client, registry, readiness, lines };
}

type Service = Awaited<ReturnType<typeof startService>>;

/** Polls until `link` is forecast from a sample at least that new. */
async function forecastFrom(
  { client }: Service,
  { link = 'a', madeUnixMs }: { link?: string; madeUnixMs: number },
): Promise<predictor.BurstForecast> {
  return await vi.waitFor(
    async () => {
      const { forecast } = await client.getForecast({ link });
      if (!forecast || forecast.madeUnixMs < madeUnixMs) throw new Error('not there yet');
      return forecast;
    },
    { timeout: 10_000, interval: 20 },
  );
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return error instanceof RpcError ? `${error.code} ${error.reason}` : String(error);
}

describe('predictor over gRPC', () => {
  it('learns the backlog at its start and announces the burst to come', async () => {
    const windows = windowsOf();
    await windows.append(burstySamples({ seconds: 100 }));
    const telemetry = await startTelemetry(windows);
    const service = await startService(telemetry.address);
    const forecast = await forecastFrom(service, { madeUnixMs: startUnixMs + 100_000 });
    expect(forecast).toMatchObject({ link: 'a', burstPredicted: true, abstained: [] });
    expect(forecast.timeToBurstSeconds).toBeGreaterThan(4);
    expect(forecast.timeToBurstSeconds).toBeLessThan(6);
    expect(forecast.peakBytesPerSecond?.q50).toBeGreaterThan(1.1e7);
    expect(forecast.levelBytesPerSecond).toHaveLength(10);
    expect(service.readiness.components).toContainEqual({ name: 'telemetry', ok: true, why: '' });

    const { links } = await service.client.listForecasters({});
    expect(links.map(({ link }) => link)).toEqual(['a']);
    const served = links[0]?.scores.find(({ forecaster }) => forecaster === links[0]?.serving);
    expect(served?.hits).toBeGreaterThanOrEqual(3);
    expect(served?.leadSecondsMedian).toBeGreaterThan(3);
    const metrics = await service.registry.metrics();
    expect(metrics).toMatch(/predictor_forecasts_total\{model="\w+@1",predicted="true"\} \d/);
    expect(metrics).toMatch(/predictor_claims_total\{forecaster="periodic",outcome="hit"\} [3-9]/);
    expect(metrics).toMatch(/predictor_forecast_duration_seconds_count [1-9]/);
    expect(metrics).toMatch(/predictor_samples_total\{outcome="learnt"\} 1000/);
  });

  it('says of a burst model how it and its rivals do on the links', async () => {
    const windows = windowsOf();
    const seconds = 100;
    await windows.append(['a', 'b'].flatMap((link) => burstySamples({ link, seconds })));
    const service = await startService((await startTelemetry(windows)).address);
    await forecastFrom(service, { link: 'b', madeUnixMs: startUnixMs + 100_000 });
    const models = connect(contracts.models, { address: service.service.grpcServer.address });
    closing.push(() => models.close());
    const listed = (await models.listModels({})).models.find(({ name }) => name === 'burst');
    const { links } = await service.client.listForecasters({});
    const hits = (name: string) =>
      links
        .flatMap(({ scores }) => scores.filter(({ forecaster }) => forecaster === name))
        .reduce((sum, score) => sum + score.hits, 0);
    expect(listed?.online.map(({ forecaster }) => forecaster)).toEqual(['periodic', 'learned']);
    expect(hits('periodic')).toBeGreaterThanOrEqual(6);
    for (const { forecaster, total, recent, count, loss } of listed?.online ?? []) {
      expect(total?.hits).toBe(hits(forecaster));
      expect(recent).toEqual(total);
      const { hits: good = 0, misses = 0, falseAlarms = 0 } = recent ?? {};
      expect(count).toBe(good + misses + falseAlarms);
      expect(loss).toBeCloseTo(1 - good / count, 9);
    }
    const requests = (await models.listModels({})).models.find(({ name }) => name === 'onsets');
    expect(requests).toMatchObject({ state: 'MODEL_STATE_SERVING', online: [] });
  });

  it('streams what it holds and every tick after, only of the links asked for', async () => {
    const windows = windowsOf();
    await windows.append(['a', 'b', 'c'].flatMap((link) => burstySamples({ link, seconds: 20 })));
    const service = await startService((await startTelemetry(windows)).address);
    await forecastFrom(service, { link: 'c', madeUnixMs: startUnixMs + 20_000 });
    const links = new Set<string>();
    let messages = 0;
    for await (const { forecasts, lost } of service.client.streamForecasts({ links: ['a', 'c'] })) {
      for (const { link } of forecasts) links.add(link);
      expect(lost).toBe(0);
      if (++messages === 4) break;
    }
    expect([...links].sort()).toEqual(['a', 'c']);
  });

  it('tells a reader that fell behind how many forecasts it lost', async () => {
    const windows = windowsOf();
    const names = Array.from({ length: 20 }, (_, index) => `link-${index}`);
    await windows.append(names.flatMap((link) => burstySamples({ link, seconds: 1 })));
    const limits = { stream_forecasts_max: 5 };
    const service = await startService((await startTelemetry(windows)).address, { limits });
    for (const link of names) {
      await forecastFrom(service, { link, madeUnixMs: startUnixMs + 1000 });
    }
    for await (const { forecasts, lost } of service.client.streamForecasts({})) {
      expect(forecasts.length).toBeLessThanOrEqual(5);
      expect(lost).toBe(15);
      break;
    }
  });

  it('goes on with no-data and not ready while telemetry is gone, and recovers alone', async () => {
    const windows = windowsOf();
    await windows.append(burstySamples({ seconds: 100 }));
    const telemetry = await startTelemetry(windows);
    const service = await startService(telemetry.address, { stale_after_ms: 400 });
    await forecastFrom(service, { madeUnixMs: startUnixMs + 100_000 });
    await telemetry.drain(0);
    await vi.waitFor(
      async () => {
        const { forecast } = await service.client.getForecast({ link: 'a' });
        expect(forecast).toMatchObject({ burstPredicted: false, abstained: ['no-data'] });
        const state = service.readiness.components.find(({ name }) => name === 'telemetry');
        expect(state?.ok).toBe(false);
        expect(state?.why).toContain(telemetry.address);
      },
      { timeout: 10_000, interval: 20 },
    );
    await windows.append(burstySamples({ seconds: 103 }).slice(1000));
    await startTelemetry(windows, telemetry.port);
    const back = await forecastFrom(service, { madeUnixMs: startUnixMs + 103_000 });
    expect(back).toMatchObject({ link: 'a' });
    await vi.waitFor(
      () => {
        expect(service.readiness.components.find(({ name }) => name === 'telemetry')?.ok).toBe(
          true,
        );
      },
      { timeout: 10_000, interval: 20 },
    );
  });

  it('forecasts a window that the caller brings and keeps nothing of it', async () => {
    const service = await startService((await startTelemetry(windowsOf())).address);
    const samples = burstySamples({ link: 'mine', seconds: 100 }).map((sample) => ({
      ...sample,
      origin: 'SAMPLE_ORIGIN_PUSH' as const,
    }));
    const { forecast } = await service.client.forecastWindow({ samples });
    expect(forecast).toMatchObject({ link: 'mine', burstPredicted: true });
    expect(await codeOf(service.client.getForecast({ link: 'mine' }))).toBe(
      'NOT_FOUND UNKNOWN_LINK',
    );
    const hole = [...samples.slice(0, 3), ...samples.slice(0, 3)];
    expect(await codeOf(service.client.forecastWindow({ samples: hole }))).toBe(
      'INVALID_ARGUMENT INVALID_REQUEST',
    );
    expect(await codeOf(service.client.forecastWindow({ samples: [] }))).toBe(
      'INVALID_ARGUMENT INVALID_REQUEST',
    );
  });

  it('answers one sample with an abstention and an unknown link with NOT_FOUND', async () => {
    const service = await startService((await startTelemetry(windowsOf())).address);
    const sample = { link: 'x', timeUnixMs: startUnixMs };
    const { forecast } = await service.client.forecastWindow({ samples: [sample] });
    expect(forecast?.burstPredicted).toBe(false);
    expect(forecast?.abstained).toHaveLength(1);
    const unknown = 'NOT_FOUND UNKNOWN_LINK';
    expect(await codeOf(service.client.listForecasters({ link: 'x' }))).toBe(unknown);
    expect((await service.client.listForecasters({})).links).toEqual([]);
  });

  it('refuses readers beyond its bound and says which', async () => {
    const limits = { streams_max: 1 };
    const service = await startService((await startTelemetry(windowsOf())).address, { limits });
    const reader = new AbortController();
    closing.push(() => reader.abort());
    const first = service.client.streamForecasts({}, { signal: reader.signal });
    const reading = first[Symbol.asyncIterator]().next();
    reading.catch(() => {});
    const second = async () => {
      for await (const _ of service.client.streamForecasts({})) break;
    };
    await vi.waitFor(
      async () => {
        expect(await service.registry.metrics()).toMatch(/predictor_streams 1/);
      },
      { timeout: 10_000, interval: 20 },
    );
    expect(await codeOf(second())).toBe('RESOURCE_EXHAUSTED TOO_MANY_STREAMS');
  });

  it('works on no more brought windows at once than its bound', async () => {
    const newForecaster = (link: string) => new LinkForecaster({ link });
    const options = { newForecaster, linksMax: 1, staleAfterMs: 1000, forgetAfterMs: 1000 };
    const { forecastWindow } = predictorRpcs({
      book: new ForecastBook(options),
      streams: new ForecastStreams({ streamsMax: 1, forecastsMax: 1 }),
      newForecaster,
      replaysMax: 1,
    });
    const samples = burstySamples({ seconds: 60 }).map((sample) => ({
      ...sample,
      origin: 'SAMPLE_ORIGIN_PUSH' as const,
    })) as predictor.ForecastWindowRequest['samples'];
    const call = { signal: new AbortController().signal } as CallContext;
    const ask = async () => await forecastWindow({ samples }, call);
    const codes = await Promise.all([codeOf(ask()), codeOf(ask())]);
    expect(codes).toEqual(['undefined', 'RESOURCE_EXHAUSTED TOO_MANY_REPLAYS']);
    expect(await codeOf(ask())).toBe('undefined');
  });

  it('follows no more links than its bound and says so once', async () => {
    const windows = windowsOf();
    const names = Array.from({ length: 8 }, (_, index) => `link-${index}`);
    await windows.append(names.flatMap((link) => burstySamples({ link, seconds: 2 })));
    const limits = { links_max: 5 };
    const service = await startService((await startTelemetry(windows)).address, { limits });
    await forecastFrom(service, { link: 'link-0', madeUnixMs: startUnixMs + 2000 });
    await vi.waitFor(async () => {
      const metrics = await service.registry.metrics();
      expect(metrics).toMatch(/predictor_links 5/);
      expect(metrics).toMatch(/predictor_samples_total\{outcome="refused"\} 60/);
    });
    expect(service.lines.filter((line) => line.includes('links_max'))).toHaveLength(1);
  });
});
