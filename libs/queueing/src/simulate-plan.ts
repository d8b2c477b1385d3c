import { SeededRandom } from '@levitate/clock';
import type { Sample } from '@levitate/series';
import { arrivals, type TrafficPlan } from '@levitate/traffic';
import { ByteFifo } from './byte-fifo.ts';

/** What to simulate. */
export interface SimulatePlanOptions {
  plan: TrafficPlan;
  limitBytes: number;
  /** Default `simulated`. */
  link?: string;
  /** Length of a sample; default 100. It divides 1,000. */
  intervalMs?: number;
  /** Wall clock at the start of the plan; default 0. */
  startUnixMs?: number;
}

/** A sample, and the queue it came from, whose limit the reader may change before the next. */
export interface SimulatedInterval {
  sample: Sample;
  queue: ByteFifo;
}

/**
 * Run a traffic plan through the queue simulator, sample by sample, with the plan's background
 * traffic (as Poisson arrivals) and its collapses of the drain. Lazy: a reader that sets the limit
 * between two samples acts on the next interval, as a control loop would.
 */
export function* simulatePlan(options: SimulatePlanOptions): Generator<SimulatedInterval> {
  const { plan, limitBytes, link = 'simulated', intervalMs = 100, startUnixMs = 0 } = options;
  const { drainBytesPerSecond, packetBytes } = plan;
  const queue = new ByteFifo({ link, limitBytes, drainBytesPerSecond, packetBytes });
  const random = new SeededRandom(plan.seed).fork('background');
  const backgroundPackets = plan.backgroundBytesPerSecond / packetBytes / 1000;
  const counts = arrivalsBySecond(plan);
  const intervals = Math.floor(plan.durationMs / intervalMs);
  for (let index = 0; index < intervals; index++) {
    const fromMs = index * intervalMs;
    queue.setDrain(drainBytesPerSecond * drainFactorAt(plan, fromMs));
    for (let timeMs = fromMs; timeMs < fromMs + intervalMs; timeMs++) {
      queue.step(counts(timeMs) + random.poisson(backgroundPackets));
    }
    yield { sample: queue.takeSample(startUnixMs + fromMs + intervalMs), queue };
  }
}

/** Packets of each millisecond, asked in order; drawn a second at a time. */
function arrivalsBySecond(plan: TrafficPlan): (timeMs: number) => number {
  let second = -1;
  let counts: ArrayLike<number> = [];
  return (timeMs) => {
    const wanted = Math.floor(timeMs / 1000);
    if (wanted !== second) {
      counts = arrivals(plan, { fromMs: wanted * 1000, stepMs: 1, count: 1000 });
      second = wanted;
    }
    return counts[timeMs - second * 1000] ?? 0;
  };
}

function drainFactorAt(plan: TrafficPlan, timeMs: number): number {
  const collapse = plan.drainFactor.find((c) => c.fromMs <= timeMs && timeMs < c.toMs);
  return collapse?.factor ?? 1;
}
