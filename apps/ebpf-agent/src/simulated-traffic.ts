import { SeededRandom } from '@levitate/clock';
import { arrivals, planTraffic, type TrafficKind, type TrafficPlan } from '@levitate/traffic';

/** Arrivals are drawn a second at a time. */
const BLOCK_MS = 1_000;
/** Then comes another plan of the same kind, whose seed is the seed and the round. */
const ROUND_MS = 600_000;

/** Traffic of a simulated lane; what is not given is drawn from the seed. */
export interface SimulatedTrafficOptions {
  kind: TrafficKind;
  seed: number;
  /** Seconds from burst to burst, from and to. */
  intervalS?: readonly [number, number] | undefined;
  /** A burst's bytes beyond what drains, as a share of drain x 150 ms, from and to. */
  shareOfBudget?: readonly [number, number] | undefined;
  /** Other traffic that shares the queue, Poisson. */
  backgroundBytesPerSecond?: number | undefined;
}

/** An endless sequence of arrivals, one number a millisecond; equal options give equal ones. */
export class SimulatedTraffic {
  readonly #queue: { drainBytesPerSecond: number; packetBytes: number };
  readonly #options: SimulatedTrafficOptions;
  readonly #background: SeededRandom;
  #plan: TrafficPlan | undefined;
  #round = -1;
  #blockStart = -1;
  #block: Uint32Array = new Uint32Array(0);

  constructor(
    queue: { drainBytesPerSecond: number; packetBytes: number },
    options: SimulatedTrafficOptions,
  ) {
    this.#queue = queue;
    this.#options = options;
    this.#background = new SeededRandom(options.seed).fork('background');
  }

  /** Arrivals of one millisecond, and what share of its rate the queue drains with. */
  at(ms: number): { packets: number; drainFactor: number } {
    const plan = this.#planAt(ms);
    const inRound = ms - this.#round * ROUND_MS;
    const start = inRound - (inRound % BLOCK_MS);
    if (this.#blockStart !== this.#round * ROUND_MS + start) {
      this.#blockStart = this.#round * ROUND_MS + start;
      this.#block = arrivals(plan, { fromMs: start, stepMs: 1, count: BLOCK_MS });
      this.#addBackground(plan);
    }
    const collapse = plan.drainFactor.find((one) => one.fromMs <= inRound && inRound < one.toMs);
    const packets = this.#block[inRound - start] ?? 0;
    return { packets, drainFactor: collapse?.factor ?? 1 };
  }

  #planAt(ms: number): TrafficPlan {
    const round = Math.floor(ms / ROUND_MS);
    if (this.#plan !== undefined && round === this.#round) return this.#plan;
    const { kind, seed, intervalS, shareOfBudget, backgroundBytesPerSecond } = this.#options;
    this.#round = round;
    this.#plan = planTraffic({
      ...this.#queue,
      kind,
      seed: `${seed}/${round}`,
      durationMs: ROUND_MS,
      ...(intervalS && { intervalS }),
      ...(shareOfBudget && { burst: { by: 'excess', shareOfBudget } }),
      ...(backgroundBytesPerSecond !== undefined && { backgroundBytesPerSecond }),
    });
    return this.#plan;
  }

  /** Blocks are drawn in order of time, each once, so this stays a function of the seed. */
  #addBackground(plan: TrafficPlan): void {
    const packets = plan.backgroundBytesPerSecond / plan.packetBytes / 1000;
    if (packets === 0) return;
    const random = this.#background.fork(this.#blockStart);
    for (let index = 0; index < this.#block.length; index++) {
      this.#block[index] = (this.#block[index] ?? 0) + random.poisson(packets);
    }
  }
}
