import { contracts, type telemetry } from '@levitate/contracts';
import { type Handlers, serve, startGrpcServer } from '@levitate/grpc-kit';
import { afterEach, expect, it } from 'vitest';
import { runCli } from '../cli.ts';
import type { Surroundings } from '../surroundings.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

/** A telemetry that knows of one path, and the command asked of it. */
async function statusOf(handlers: Partial<Handlers<telemetry.TelemetryServiceMethods>>) {
  const nothing = () => ({});
  const server = await startGrpcServer({
    listen: '127.0.0.1:0',
    services: [
      serve(contracts.telemetry, {
        ...{ pushSamples: nothing, getWindow: nothing, listLinks: nothing },
        ...{ pushPathSamples: nothing, getPathWindow: nothing, listPaths: nothing },
        async *streamSamples() {},
        async *streamPathSamples() {},
        ...handlers,
      }),
    ],
  });
  cleanups.push(() => server.drain(0));
  const nobody = ['ebpf-agent', 'predictor', 'fsu-controller', 'dashboard'];
  const at = [...nobody.map((name) => `${name}=127.0.0.1:9`), `telemetry=${server.address}`];
  return async (...argv: string[]): Promise<string> => {
    const out: string[] = [];
    const surroundings: Partial<Surroundings> = {
      env: { XDG_RUNTIME_DIR: '/nonexistent' },
      root: '/nonexistent',
      print: (line) => void out.push(line),
      complain: () => {},
      signal: new AbortController().signal,
    };
    await runCli(['status', ...argv, '--at', ...at], surroundings as Surroundings);
    return out.join('\n');
  };
}

const path = { path: 'eu-1>us-2', origin: 'SAMPLE_ORIGIN_PUSH' as const, samples: 7 };

it('status shows the paths that telemetry knows, with their newest values', async () => {
  const status = await statusOf({
    listPaths: () => ({ paths: [{ ...path, newestUnixMs: Date.now() }] }),
    getPathWindow: ({ path }) => ({
      samples: [
        { path, timeUnixMs: 1, roundTripSeconds: 0.5 },
        { path, timeUnixMs: 2, bandwidthBytesPerSecond: 1.25e7, roundTripSeconds: 0.025 },
      ],
    }),
  });
  expect(await status()).toMatch(/^eu-1>us-2 +100 Mbit\/s +25\.0 ms +- +push +0 s ago +7 +0$/m);
  const { paths } = JSON.parse(await status('-o', 'json'));
  expect(paths).toMatchObject([
    { path: 'eu-1>us-2', origin: 'push', samples: 7, roundTripSeconds: 0.025 },
  ]);
  expect(paths[0]).not.toHaveProperty('lossRatio');
});

it('status goes without paths where telemetry knows of none, or not what they are', async () => {
  const none = await statusOf({});
  expect(await none()).not.toContain('PATH');
  const older = await statusOf({
    listPaths: () => {
      throw new Error('of another release');
    },
  });
  expect(await older()).toMatch(/^telemetry +\S+ +serving/m);
});
