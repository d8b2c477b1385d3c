import { type MemoryClaim, shareMemory, TargetController } from '@levitate/control';
import type { BurstForecast } from '@levitate/forecast';
import type { Sample } from '@levitate/series';
import { BUDGET_MS, TICK_MS } from './shared-memory-trace.ts';

/** Ticks between two forecasts of a queue: one a second, as the service makes them. */
const FORECAST_TICKS = 10;
/** Each queue keeps a quarter of its even share; the rest of the memory moves. */
const FLOOR_SHARE = 0.25;
/** From asking for a limit until it is in force: a tick. */
const ACTUATION_DELAY_MS = 100;
const HOLD_MS = 10_000;
const MAX_CHANGES_PER_MINUTE = 10;

/** Whoever forecasts one queue. */
export interface QueueForecaster {
  learn(sample: Sample): void;
  forecast(): BurstForecast;
}

/** What a split of the memory is shown on each tick, by queue. */
export interface SplitTick {
  nowMs: number;
  samples: readonly Sample[];
  limitBytes: readonly number[];
  queuedBytes: readonly number[];
}

/** One queue with its controller. */
interface ControlledQueue {
  controller: TargetController;
  forecaster: QueueForecaster | undefined;
  forecast: BurstForecast | undefined;
  askedBytes: number;
  /** Since when an announced burst is under way, milliseconds since 1970. */
  burstUnixMs: number | undefined;
}

/**
 * A memory split by the product’s own controllers, one a queue, each in its envelope, and by
 * `shareMemory` over what they ask for. Without forecasters it is the reactive split: where the
 * queues ask for more than there is, what they ask beyond their floors is scaled down evenly.
 */
export class ControlledSplit {
  readonly #memoryBytes: number;
  readonly #floorBytes: number;
  readonly #queues: ControlledQueue[];
  #ticks = 0;

  /** @param options `forecasters`: fresh ones, one a queue; without them nothing is announced */
  constructor(options: {
    memoryBytes: number;
    queues: number;
    forecasters?: readonly QueueForecaster[] | undefined;
  }) {
    const { memoryBytes, queues, forecasters } = options;
    this.#memoryBytes = memoryBytes;
    this.#floorBytes = (FLOOR_SHARE * memoryBytes) / queues;
    this.#queues = Array.from({ length: queues }, (_, queue) => ({
      controller: new TargetController({
        kind: 'queue',
        predictive: forecasters !== undefined,
        latencyBudgetMs: BUDGET_MS,
        min: this.#floorBytes,
        max: memoryBytes,
        maxChangesPerMinute: MAX_CHANGES_PER_MINUTE,
        actuationDelayMs: ACTUATION_DELAY_MS,
        periodMs: TICK_MS,
        holdMs: HOLD_MS,
        setpoint: 0.7,
      }),
      forecaster: forecasters?.[queue],
      forecast: undefined,
      askedBytes: this.#floorBytes,
      burstUnixMs: undefined,
    }));
  }

  /** Limits to begin with: every queue's floor. */
  get startBytes(): number[] {
    return this.#queues.map(() => this.#floorBytes);
  }

  /** Limits for the next tick. */
  step(tick: SplitTick): number[] {
    const claims = this.#queues.map((queue, index) => this.#claim(queue, { tick, index }));
    this.#ticks += 1;
    const memory = {
      memoryBytes: this.#memoryBytes,
      nowUnixMs: tick.samples[0]?.timeUnixMs ?? 0,
    };
    // On one host a fall is in force as soon as it is asked for; then others may rise.
    const fallen = shareMemory(claims, memory).map((bytes, index) =>
      Math.min(bytes, (claims[index] as MemoryClaim).limitBytes),
    );
    return shareMemory(
      claims.map((claim, index) => ({ ...claim, limitBytes: fallen[index] as number })),
      memory,
    );
  }

  #claim(queue: ControlledQueue, { tick, index }: { tick: SplitTick; index: number }): MemoryClaim {
    const sample = tick.samples[index] as Sample;
    const limitBytes = tick.limitBytes[index] as number;
    queue.forecaster?.learn(sample);
    if (this.#ticks % FORECAST_TICKS === 0) queue.forecast = queue.forecaster?.forecast();
    const decision = queue.controller.step({
      nowMs: tick.nowMs,
      sample,
      forecast: queue.forecast,
      size: limitBytes,
      requested: queue.askedBytes,
    });
    queue.askedBytes = decision.allowed;
    queue.burstUnixMs = decision.announced ? (queue.burstUnixMs ?? sample.timeUnixMs) : undefined;
    return {
      limitBytes,
      queuedBytes: tick.queuedBytes[index] as number,
      floorBytes: this.#floorBytes,
      askedBytes: decision.allowed,
      announced: decision.law === 'predictive' ? announced(queue, sample.timeUnixMs) : undefined,
    };
  }
}

/** The burst that a queue asks for; one that has not begun is not over, however late it is. */
function announced(queue: ControlledQueue, nowUnixMs: number): MemoryClaim['announced'] {
  const { forecast, burstUnixMs } = queue;
  const confidence = forecast?.confidence ?? 0;
  if (burstUnixMs !== undefined) {
    const lengthMs = 1000 * (forecast?.durationS.q99 ?? 0);
    return { onsetUnixMs: burstUnixMs, endUnixMs: burstUnixMs + lengthMs, confidence };
  }
  const onsetUnixMs = forecast?.burstPredicted
    ? forecast.madeUnixMs + 1000 * forecast.timeToBurstS
    : nowUnixMs;
  return { onsetUnixMs, endUnixMs: Number.POSITIVE_INFINITY, confidence };
}
