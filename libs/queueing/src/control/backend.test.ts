import { expect, it } from 'vitest';
import { Backend } from './backend.ts';
import { ServiceTally } from './service-tally.ts';

it('Backend slows down amid a service, keeps its order, and lets go who waits too long', () => {
  const tally = new ServiceTally();
  const slowdowns = {
    fromMs: Float64Array.of(100),
    toMs: Float64Array.of(300),
    factor: Float64Array.of(0.5),
  };
  const backend = new Backend({ ratePerSecond: 10, slowdowns, tally });
  // 250 ms of work from 50 on: 50 at full speed, 200 ms for 100, then 100 more.
  backend.accept(50, { work: 2.5, ownMs: 250 });
  backend.accept(60, { work: 9, ownMs: 900 });
  backend.accept(70, { work: 1, ownMs: 100 });
  expect(backend.nextLeaveMs).toBe(400);
  expect(backend.lastLeaveMs).toBe(1300);
  backend.settle(399);
  expect(backend.active).toBe(3);
  backend.settle(1299);
  expect(backend.take(true)).toMatchObject({ served: 1, rejected: 1, active: 1 });
  expect(tally.delays.quantile(1)).toBeCloseTo(0.1, 3);
  backend.settle(1300);
  expect(backend.take(true)).toMatchObject({ served: 1, rejected: 0, latencySeconds: 1.24 });
});
