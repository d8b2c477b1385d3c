import { startGrpcServer } from '@levitate/grpc-kit';
import { expect, it } from 'vitest';
import { callFloor, measureHealthCalls } from './call-floor.ts';

const { signal } = new AbortController();

it('the floor is of all readings together', () => {
  const floor = callFloor('health', [
    [1, 4],
    [2, 3],
  ]);
  expect(floor).toEqual({ calls: 'health', count: 4, p50_ms: 2, p95_ms: 4, p99_ms: 4 });
  expect(callFloor('health', [])).toMatchObject({ count: 0, p99_ms: undefined });
});

it('every call counts, and a server that is not there is no floor', async () => {
  const server = await startGrpcServer({ listen: '127.0.0.1:0', services: [] });
  const { address } = server;
  const load = { address, ratePerSecond: 1_000, seconds: 0.02, signal };
  expect(await measureHealthCalls(load)).toHaveLength(20);
  await server[Symbol.asyncDispose]();
  await expect(measureHealthCalls(load)).rejects.toThrow(`no health of ${address}`);
});
