import type { BurstForecast } from '@levitate/forecast';
import { LinkForecaster } from '@levitate/forecast';
import { byLimits } from '@levitate/queueing';
import { expect, it } from 'vitest';
import { newPolicy } from './shared-memory-policies.ts';
import { runShared } from './shared-memory-run.ts';
import { ControlledSplit, type QueueForecaster } from './shared-memory-split.ts';
import { openMemory, QUEUES, sharedTrace, stepTick, TICK_MS } from './shared-memory-trace.ts';

const trace = sharedTrace({ seed: 'a split under test', durationMs: 150_000 });
const memoryBytes = 0.15 * trace.budgetBytes.reduce((sum, bytes) => sum + bytes, 0);
const newStatistical = () => new LinkForecaster({ link: 'test' });
const at = { trace, memoryBytes, newForecaster: newStatistical, newStatistical };

/** Every limit that a split sets over a part of the trace. */
function limitsOf(forecasters: readonly QueueForecaster[] | undefined): number[][] {
  const split = new ControlledSplit({ memoryBytes, queues: QUEUES, forecasters });
  const memory = openMemory(trace, { admission: byLimits, memoryBytes });
  memory.setLimits(split.startBytes);
  const limits: number[][] = [];
  for (let fromMs = 0; fromMs < 40_000; fromMs += TICK_MS) {
    stepTick(memory, { trace, fromMs });
    const next = split.step({
      nowMs: fromMs + TICK_MS,
      samples: memory.takeSamples(fromMs + TICK_MS),
      limitBytes: memory.limitBytes,
      queuedBytes: memory.queuedBytes,
    });
    memory.setLimits(next);
    limits.push(next);
    const held = next.map((bytes, queue) => Math.max(bytes, memory.queuedBytes[queue] as number));
    const total = held.reduce((sum, bytes) => sum + bytes, 0);
    expect(total).toBeLessThanOrEqual(memoryBytes * (1 + 1e-9));
  }
  return limits;
}

/** Says the same of the next burst for ever. */
function constant(said: Partial<BurstForecast>): QueueForecaster {
  const inner = newStatistical();
  return {
    learn: (sample) => inner.learn(sample),
    forecast: () => ({ ...inner.forecast(), ...said }),
  };
}

it('is the reactive split to the byte where no forecast may be used', () => {
  const reactive = limitsOf(undefined);
  expect(new Set(reactive.flat()).size).toBeGreaterThan(100);
  const silent = Array.from({ length: QUEUES }, () => constant({ burstPredicted: false }));
  expect(limitsOf(silent)).toEqual(reactive);
  const late = { burstPredicted: true, confidence: 1, madeUnixMs: -10_000 };
  expect(limitsOf(Array.from({ length: QUEUES }, () => constant(late)))).toEqual(reactive);
});

it('drops far less with right forecasts than the reactive split, if no less than push-out', () => {
  const run = (name: Parameters<typeof newPolicy>[0]) =>
    runShared(trace, { policy: newPolicy(name, at), memoryBytes }).drops;
  const reactive = run('reactive_split');
  expect(reactive).toBeGreaterThan(10_000);
  const perfect = run('perfect_split');
  expect(perfect).toBeLessThan(0.1 * reactive);
  expect(run('lqd')).toBeLessThanOrEqual(perfect);
});
