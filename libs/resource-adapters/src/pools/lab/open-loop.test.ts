import { describe, expect, it } from 'vitest';
import { runOpenLoop, type Served } from './open-loop.ts';

const arrivals = (count: number) => ({
  atMs: Float64Array.from({ length: count }, (_, index) => index),
  work: new Float64Array(count).fill(1),
});

describe('runOpenLoop', () => {
  it('counts what becomes of each request, and how much later than its own service', async () => {
    const outcomes: (Served | Error)[] = ['served', 'rejected', 'failed', new Error('broken')];
    const seen: number[] = [];
    const run = await runOpenLoop({
      arrivals: arrivals(4),
      serviceMs: 3,
      async serve(serviceMs) {
        const outcome = outcomes[seen.push(serviceMs) - 1] ?? 'failed';
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
    });
    expect(seen).toEqual([3, 3, 3, 3]);
    expect(run).toMatchObject({ served: 1, rejected: 1, failed: 2 });
    expect(run.delayMs[0]).toBeGreaterThanOrEqual(0);
    expect([...run.delayMs.subarray(1)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('takes a late answer for a rejection', async () => {
    const serve = async (): Promise<Served> => 'served';
    const run = await runOpenLoop({ arrivals: arrivals(2), serviceMs: 0, serve, lateMs: -1 });
    expect(run).toMatchObject({ served: 0, rejected: 2 });
  });

  it('does not wait for the ones before, and turns away beyond its bound', async () => {
    const all = Promise.withResolvers<Served>();
    let underWay = 0;
    const serve = () => {
      underWay += 1;
      if (underWay === 3) all.resolve('served');
      return all.promise;
    };
    const run = await runOpenLoop({ arrivals: arrivals(3), serviceMs: 1, serve });
    expect(run.served).toBe(3);
    const none = await runOpenLoop({ arrivals: arrivals(3), serviceMs: 1, serve, underWayMax: 0 });
    expect(none).toMatchObject({ served: 0, rejected: 3 });
  });

  it('ends early when it is told', async () => {
    const signal = AbortSignal.abort();
    const serve = async (): Promise<Served> => 'served';
    const run = await runOpenLoop({ arrivals: arrivals(3), serviceMs: 1, serve, signal });
    expect(run).toMatchObject({ served: 0, rejected: 0, failed: 0 });
  });
});
