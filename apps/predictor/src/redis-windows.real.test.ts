import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contracts } from '@levitate/contracts';
import { linkSeries, RedisFeatureWindows } from '@levitate/feature-windows';
import { connect } from '@levitate/grpc-kit';
import { Readiness, systemClock } from '@levitate/service-kit';
import { realRedis } from '@levitate/testing';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { predictorConfig } from './config.ts';
import { openWindows } from './open-windows.ts';
import { startPredictor } from './start-predictor.ts';
import { burstySamples, startUnixMs } from './testing/bursty-samples.ts';

realRedis.describe('predictor on windows in Redis', () => {
  let directory: string;
  let server: ChildProcess;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'levitate-predictor-'));
    const flags = ['--port', '0', '--unixsocket', join(directory, 'redis.sock'), '--save', ''];
    server = spawn(realRedis.path, [...flags, '--dir', directory], { stdio: 'ignore' });
  });
  afterAll(async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const exit = once(server, 'exit');
      server.kill('SIGKILL');
      await exit;
    }
    await rm(directory, { recursive: true, force: true });
  });

  realRedis.it(
    'forecasts what another process wrote, and is not ready once Redis is gone',
    async () => {
      const url = join(directory, 'redis.sock');
      const bounds = { spanMs: 600_000, samplesMax: 6_000 };
      const writer = await RedisFeatureWindows.open({
        kind: linkSeries,
        clock: systemClock,
        url,
        ...bounds,
      });
      await vi.waitFor(() => expect(writer.status.isConnected).toBe(true), { timeout: 15_000 });
      const config = predictorConfig.parse({
        listen: '127.0.0.1:0',
        windows: { source: 'redis', redis: { url } },
        forecast_interval_ms: 50,
      });
      const logger = { info() {}, warn() {}, error() {} } as never;
      const readiness = new Readiness();
      const context = { config, clock: systemClock, logger, registry: new Registry(), readiness };
      const service = await startPredictor({ ...context, windows: await openWindows(context) });
      const client = connect(contracts.predictor, { address: service.grpcServer.address });
      try {
        await writer.append(burstySamples({ seconds: 100 }));
        await vi.waitFor(
          async () => {
            const { forecast } = await client.getForecast({ link: 'a' });
            expect(forecast?.madeUnixMs).toBe(startUnixMs + 100_000);
            expect(forecast?.burstPredicted).toBe(true);
          },
          { timeout: 15_000, interval: 20 },
        );
        expect(readiness.isReady).toBe(true);
        server.kill('SIGKILL');
        await vi.waitFor(() => expect(readiness.isReady).toBe(false), { timeout: 15_000 });
        expect((await client.listForecasters({})).links).toHaveLength(1);
      } finally {
        client.close();
        await service.drain(100);
        await writer.close();
      }
    },
  );
});
