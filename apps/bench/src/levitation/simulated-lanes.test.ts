import { bufferBytesMin, TargetController } from '@levitate/control';
import type { BurstForecast, LinkForecaster } from '@levitate/forecast';
import { simulatePlan } from '@levitate/queueing';
import { beforeAll, describe, expect, it } from 'vitest';
import { openServed } from '../open-served.ts';
import {
  BUDGET_MS,
  type CellKey,
  countable,
  planPhases,
  UNCOUNTED_BURSTS,
} from './kernel-lanes-cells.ts';
import { DEFAULT_LIMIT_BYTES } from './kernel-lanes-rules.ts';

const START_UNIX_MS = 1_700_000_000_000;
/** A forecast a second, as the service gives them. */
const FORECAST_TICKS = 10;

let served: Awaited<ReturnType<typeof openServed>>;
beforeAll(async () => {
  served = await openServed();
});

/** The lanes of the slowest train of a cell: it has the least to learn from. */
function slowest(key: CellKey) {
  const cells = planPhases({ seed: 1, quick: false }).flatMap((phase) => phase.cells);
  const cell = cells.find((each) => each.key === key);
  const plan = cell?.traces.at(-1);
  if (cell === undefined || plan === undefined) throw new Error(`no cell ${key}`);
  return { plan, budgetBytes: cell.budgetBytes };
}

/** A lane of T1 in virtual time, from its first counted burst on. */
function play({ plan, budgetBytes }: ReturnType<typeof slowest>, forecaster?: LinkForecaster) {
  const controller = new TargetController({
    ...{ kind: 'queue', predictive: forecaster !== undefined, latencyBudgetMs: BUDGET_MS },
    ...{ min: bufferBytesMin, max: 16_777_216, maxChangesPerMinute: 10, actuationDelayMs: 100 },
    ...{ periodMs: 100, holdMs: 10_000, setpoint: 0.7 },
  });
  const countedMs = (countable(plan)[UNCOUNTED_BURSTS - 1]?.timeMs ?? 0) + 2_000;
  let forecast: BurstForecast | undefined;
  const total = { drops: 0, reserved: 0, ticks: 0 };
  const at = { plan, limitBytes: DEFAULT_LIMIT_BYTES, startUnixMs: START_UNIX_MS };
  let tick = 0;
  for (const { sample, queue } of simulatePlan(at)) {
    const nowMs = sample.timeUnixMs - START_UNIX_MS;
    forecaster?.learn(sample);
    if (tick++ % FORECAST_TICKS === 0) forecast = forecaster?.forecast();
    queue.setLimit(controller.step({ nowMs, sample, forecast, size: queue.limitBytes }).allowed);
    if (nowMs <= countedMs) continue;
    total.drops += sample.droppedPackets ?? 0;
    total.reserved += queue.limitBytes / budgetBytes;
    total.ticks += 1;
  }
  return { drops: total.drops, reserved: total.reserved / total.ticks };
}

describe.each(['periodic', 'precursor', 'memoryless'] as const)('%s bursts', (key) => {
  it('find room, with the shipped model as without it, and little of it between them', () => {
    const lane = slowest(key);
    const reactive = play(lane);
    expect(reactive.drops).toBeGreaterThan(100);
    const withModel = play(lane, served.newForecaster());
    expect(withModel.drops).toBeLessThanOrEqual(0.05 * reactive.drops);
    expect(withModel.reserved).toBeLessThan(0.4);
    expect(withModel.drops).toBeLessThanOrEqual(play(lane, served.newStatistical()).drops);
  });
});
