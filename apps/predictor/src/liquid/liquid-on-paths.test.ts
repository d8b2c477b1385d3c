import { VirtualClock } from '@levitate/clock';
import { contracts } from '@levitate/contracts';
import { MemoryFeatureWindows, pathSeries } from '@levitate/feature-windows';
import { connect } from '@levitate/grpc-kit';
import type { PathSample } from '@levitate/series';
import { systemClock } from '@levitate/service-kit';
import { Registry } from 'prom-client';
import { expect, it, vi } from 'vitest';
import { predictorConfig } from '../config.ts';
import { startPredictor } from '../start-predictor.ts';

const startUnixMs = 1_700_000_000_000;

function sampleAt(second: number): PathSample {
  return {
    ...{ path: 'a>b', origin: 'push', intervalMs: 1000, roundTripSeconds: 0.05 },
    timeUnixMs: startUnixMs + second * 1000,
    bandwidthBytesPerSecond: 1e6 + 2e5 * Math.sin(second / 3),
  };
}

it('the shipped ensemble races on a followed path, and its online score is told', async () => {
  const paths = new MemoryFeatureWindows({ kind: pathSeries, clock: new VirtualClock() });
  const config = predictorConfig.parse({
    ...{ listen: '127.0.0.1:0', capabilities: ['bandwidth', 'liquid'] },
    models: { backend: 'wasm' },
    bandwidth: { forecast_interval_ms: 50 },
    liquid: { energy_budget_microwatts: 1e4 },
  });
  const silent = () => {};
  const logger = { info: silent, warn: silent, error: silent } as never;
  const registry = new Registry();
  const service = await startPredictor({ config, clock: systemClock, logger, registry, paths });
  const { address } = service.grpcServer;
  const bandwidth = connect(contracts.bandwidth, { address });
  const models = connect(contracts.models, { address });
  const forecastAt = (second: number) =>
    vi.waitFor(
      async () => {
        const { forecast } = await bandwidth.getBandwidth({ path: 'a>b' });
        expect(forecast?.madeUnixMs).toBe(startUnixMs + second * 1000);
      },
      { timeout: 60_000, interval: 10 },
    );
  try {
    await paths.append(Array.from({ length: 60 }, (_, second) => sampleAt(second)));
    await forecastAt(59);
    const listed = async () =>
      (await models.listModels({})).models.find(({ name }) => name === 'liquid');
    const ownIn = (model: Awaited<ReturnType<typeof listed>>) =>
      model?.online.find(({ forecaster }) => forecaster === 'liquid@1');
    let liquid = await listed();
    // On a busy machine the budget of energy may pass over a forecast or two.
    for (let second = 60; second < 80 && (ownIn(liquid)?.count ?? 0) < 4; second++) {
      await paths.append([sampleAt(second)]);
      await forecastAt(second);
      liquid = await listed();
    }
    const own = ownIn(liquid);
    expect(own?.count).toBeGreaterThanOrEqual(4);
    expect(own?.loss).toBeGreaterThan(0);
    expect(own?.loss).toBeLessThan(0.5);
    expect(liquid?.online.map(({ forecaster }) => forecaster)).toContain('persistence');
    expect(liquid?.drift).toMatchObject({ alarm: false });
    expect(await registry.metrics()).toMatch(/predictor_bandwidth_error\{forecaster="liquid@1"\}/);
  } finally {
    bandwidth.close();
    models.close();
    await service.drain(100);
  }
}, 90_000);
