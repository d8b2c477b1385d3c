import { VirtualClock } from '@levitate/clock';
import type { GrpcServer } from '@levitate/grpc-kit';
import type { TimedSample } from '@levitate/series';
import { afterEach, expect, it } from 'vitest';
import { describeFeatureWindows, sampleAt, samplesAt } from './conformance/conformance.ts';
import {
  linksUnderTest,
  pathsUnderTest,
  type SeriesUnderTest,
  stepsOf,
} from './conformance/series-under-test.ts';
import { serveWindows } from './conformance/serve-windows.ts';
import { type ConnectionState, GrpcFeatureWindows } from './grpc-feature-windows.ts';
import { MemoryFeatureWindows } from './memory-feature-windows.ts';

const clock = new VirtualClock();
const { kind } = linksUnderTest;
const memory = () => new MemoryFeatureWindows({ kind, clock, ...linksUnderTest.bounds });

function describeGrpc<S extends TimedSample>(series: SeriesUnderTest<S>): void {
  describeFeatureWindows('over gRPC', series, async (bounds) => {
    const { kind } = series;
    const behind = new MemoryFeatureWindows({ kind, clock, ...bounds });
    const server = await serveWindows(series.served(behind));
    return {
      windows: new GrpcFeatureWindows({ kind, address: server.address, clock }),
      async stop() {
        await server.drain(0);
        await behind.close();
      },
    };
  });
}

describeGrpc(linksUnderTest);
describeGrpc(pathsUnderTest);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A telemetry that can go away and come back at the same address. */
async function telemetry(windows: MemoryFeatureWindows) {
  let server: GrpcServer = await serveWindows({ links: windows });
  const { port, address } = server;
  cleanups.push(() => server.drain(0));
  return {
    address,
    down: () => server.drain(0),
    up: async (held: MemoryFeatureWindows = windows) => {
      server = await serveWindows({ links: held }, port);
    },
  };
}

function client(address: string, onConnection?: (state: ConnectionState) => void) {
  const windows = new GrpcFeatureWindows({ kind, address, clock, onConnection });
  cleanups.push(() => windows.close());
  return windows;
}

/** Reads on until so many samples more have come. */
function reader(windows: GrpcFeatureWindows, backlog: boolean) {
  const batches = windows.follow({ backlog, signal: AbortSignal.timeout(20_000) });
  const iterator = batches[Symbol.asyncIterator]();
  cleanups.push(async () => void (await iterator.return?.()));
  return async (samplesMin: number) => {
    const steps: number[] = [];
    let lost = 0;
    while (steps.length < samplesMin) {
      const { value, done } = await iterator.next();
      if (done) break;
      steps.push(...stepsOf(value.samples));
      lost += value.lost;
    }
    return { steps, lost };
  };
}

it('after a reconnect no sample is given twice and none is missing', async () => {
  const held = memory();
  const behind = await telemetry(held);
  const next = reader(client(behind.address), true);
  await held.append(samplesAt('a', [0, 1, 2]));
  expect(await next(3)).toEqual({ steps: [0, 1, 2], lost: 0 });
  await behind.down();
  await held.append(samplesAt('a', [3, 4]));
  await behind.up();
  await held.append(samplesAt('a', [5]));
  expect(await next(3)).toEqual({ steps: [3, 4, 5], lost: 0 });
});

it('what the window no longer holds after a reconnect is reported as lost', async () => {
  const held = memory();
  const behind = await telemetry(held);
  const next = reader(client(behind.address), true);
  await held.append(samplesAt('a', [0, 1]));
  await next(2);
  await behind.down();
  const missed = Array.from({ length: 30 }, (_, index) => index + 2);
  await held.append(samplesAt('a', missed));
  await behind.up();
  expect(await next(10)).toEqual({ steps: missed.slice(-10), lost: 20 });
});

it('a telemetry that comes back with empty windows costs what it lost and no more', async () => {
  const held = memory();
  const behind = await telemetry(held);
  const next = reader(client(behind.address), true);
  await held.append(samplesAt('a', [0, 1]));
  await next(2);
  await behind.down();
  const reborn = memory();
  await reborn.append(samplesAt('a', [5, 6]));
  await behind.up(reborn);
  expect(await next(2)).toEqual({ steps: [5, 6], lost: 3 });
});

it('a follower without backlog gets none at a reconnect either, only what it missed', async () => {
  const held = memory();
  const behind = await telemetry(held);
  await held.append([...samplesAt('a', [0, 1]), ...samplesAt('b', [0, 1])]);
  const states: boolean[] = [];
  const next = reader(
    client(behind.address, ({ isConnected }) => states.push(isConnected)),
    false,
  );
  const first = next(1);
  await expect.poll(() => held.followers).toBe(1);
  await held.append(samplesAt('a', [2]));
  expect((await first).steps).toEqual([2]);
  await behind.down();
  await held.append([sampleAt('a', 3), sampleAt('b', 2)]);
  await behind.up();
  expect((await next(2)).steps.sort()).toEqual([2, 3]);
  expect([states[0], states.includes(false), states.at(-1)]).toEqual([true, true, true]);
});

it('a telemetry that is away is a typed error', async () => {
  const behind = await telemetry(memory());
  await behind.down();
  const windows = client(behind.address);
  await expect(windows.read('a')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(windows.append(samplesAt('a', [0]))).rejects.toMatchObject({ code: 'unavailable' });
});

it('a sample that is not one is refused before it leaves, with its field', async () => {
  const behind = await telemetry(memory());
  const bad = sampleAt('a', 0, { queueBytes: Number.NaN });
  await expect(client(behind.address).append([bad])).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [{ field: 'samples[0].queue_bytes' }],
  });
});
