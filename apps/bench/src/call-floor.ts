import { connectHealth } from '@levitate/grpc-kit';
import { openLoop, quantileOf } from './liquid/open-loop.ts';

/** What calls of the machine itself take, milliseconds. */
export interface CallFloor {
  /** What was called, for the reader of a report. */
  readonly calls: string;
  readonly count: number;
  readonly p50_ms: number | undefined;
  readonly p95_ms: number | undefined;
  readonly p99_ms: number | undefined;
}

/**
 * Asks a server for its health at a fixed rate: the shortest call there is. What it takes is the
 * client, the network and the processors; a service that does something can only take longer.
 * @returns latencies in ascending order, milliseconds
 */
export async function measureHealthCalls(options: {
  address: string;
  ratePerSecond: number;
  seconds: number;
  signal: AbortSignal;
}): Promise<readonly number[]> {
  const { address, ratePerSecond, seconds, signal } = options;
  const client = connectHealth({ address });
  try {
    const reading = await openLoop({
      count: ratePerSecond * seconds,
      ratePerSecond,
      signal,
      async send() {
        await client.check('', { signal });
        return 1;
      },
    });
    if (reading.errors > 0) throw new Error(`no health of ${address}: ${reading.firstError}`);
    return reading.latenciesMs;
  } finally {
    client.close();
  }
}

/** One floor of several readings, such as one before and one after what is measured. Pure. */
export function callFloor(calls: string, readings: readonly (readonly number[])[]): CallFloor {
  const all = readings.flat().sort((one, other) => one - other);
  const ms = (q: number) => quantileOf(all, q);
  return { calls, count: all.length, p50_ms: ms(0.5), p95_ms: ms(0.95), p99_ms: ms(0.99) };
}
