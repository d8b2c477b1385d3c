import { SeededRandom } from '@levitate/clock';
import { byLimits, SharedMemory } from '@levitate/queueing';
import { arrivals, planTraffic, type Range, type TrafficPlan } from '@levitate/traffic';

/** Queues that share a memory. */
export const QUEUES = 8;
/** Latency budget of each. */
export const BUDGET_MS = 150;
/** Length of a tick of the loop, ms. */
export const TICK_MS = 100;
/** Wall clock at which simulated traces begin; any will do. */
export const START_UNIX_MS = 1_700_000_000_000;
export const PACKET_BYTES = 1500;

/** What a trace is drawn from; what is not said is the generator's default. */
export interface SharedConditions {
  drainBytesPerSecond: Range;
  /** Milliseconds within which a burst arrives. */
  spreadMs: Range;
  /** Seconds from burst to burst. */
  intervalS?: Range;
  /** No burst before this. */
  warmupMs?: number;
}

/** 200 to 400 Mbit/s. */
const SIMULATED: SharedConditions = { drainBytesPerSecond: [25e6, 50e6], spreadMs: [20, 80] };
/**
 * 1,000 to 5,000 packets/s. At 0.15 of the drain even a ramp to twice a base that two decoys have
 * raised stays below the drain: what is dropped is the bursts' own.
 */
const BASE_SHARE = [0.06, 0.15] as const;
/** Bursts that a queue within its latency budget could hold, had it the memory to itself. */
const BURST = { by: 'excess', shareOfBudget: [0.3, 0.9] } as const;
/** Figures of a queue count from this burst on: before it nobody can know the period. */
const COUNTED_FROM_BURST = 5;
/**
 * The memory as a share of what all queues' latency budgets together would hold: 1.2 queues' worth
 * for eight. Of sizes in steps of 0.05 the largest at which push-out, the bound, drops anything (on
 * seeds that the bench does not use): with more memory than that none is scarce.
 */
export const MEMORY_SHARE = 0.15;

/** Eight queues' traffic, and the memory they share. */
export interface SharedTrace {
  plans: readonly TrafficPlan[];
  durationMs: number;
  /** Packets per millisecond, by queue. */
  arriving: readonly Uint16Array[];
  /** Drain x latency budget of each queue, bytes. */
  budgetBytes: readonly number[];
  /** From when on the drops of each queue count, ms. */
  countedFromMs: readonly number[];
}

/** Draw a trace: four periodic queues and four with ramps, each with a clock of its own. */
export function sharedTrace(options: {
  seed: string;
  durationMs: number;
  conditions?: SharedConditions;
}): SharedTrace {
  const { seed, durationMs, conditions = SIMULATED } = options;
  const { spreadMs, drainBytesPerSecond: drain, ...timing } = conditions;
  const random = new SeededRandom(seed).fork('shared memory');
  const plans = Array.from({ length: QUEUES }, (_, queue) => {
    const drainBytesPerSecond = random.logUniform(...drain);
    const drainPps = drainBytesPerSecond / PACKET_BYTES;
    return planTraffic({
      kind: queue % 2 === 0 ? 'periodic' : 'precursor',
      intervals: 'regular',
      seed: `${seed} queue ${queue}`,
      durationMs,
      drainBytesPerSecond,
      packetBytes: PACKET_BYTES,
      basePps: [BASE_SHARE[0] * drainPps, BASE_SHARE[1] * drainPps],
      burst: { ...BURST, spreadMs },
      ...timing,
    });
  });
  return {
    plans,
    durationMs,
    arriving: plans.map((plan) =>
      Uint16Array.from(arrivals(plan, { fromMs: 0, stepMs: 1, count: durationMs })),
    ),
    budgetBytes: plans.map((plan) => (plan.drainBytesPerSecond * BUDGET_MS) / 1000),
    countedFromMs: plans.map((plan) => {
      const before = plan.bursts[COUNTED_FROM_BURST - 2];
      return before ? before.timeMs + before.durationMs + 1000 : durationMs;
    }),
  };
}

/** Bytes that a share of all queues' latency budgets comes to. */
export function memoryOf({ budgetBytes }: SharedTrace, share: number): number {
  return share * budgetBytes.reduce((sum, bytes) => sum + bytes, 0);
}

/** Bursts of all queues that figures count. */
export function countedBursts({ plans, countedFromMs }: SharedTrace): number {
  const counted = plans.map(
    ({ bursts }, queue) =>
      bursts.filter(({ timeMs }) => timeMs > (countedFromMs[queue] ?? 0)).length,
  );
  return counted.reduce((sum, bursts) => sum + bursts, 0);
}

/** Room that each burst asks for where nothing is dropped, bytes, by queue. */
export function burstNeeds(trace: SharedTrace): number[][] {
  const admission = byLimits;
  const memory = openMemory(trace, { admission, memoryBytes: Number.MAX_SAFE_INTEGER });
  const highWater = trace.plans.map(() => [] as number[]);
  for (let fromMs = 0; fromMs < trace.durationMs; fromMs += TICK_MS) {
    stepTick(memory, { trace, fromMs });
    memory.takeSamples(fromMs).forEach((sample, queue) => {
      highWater[queue]?.push(sample.queueHighWaterBytes ?? 0);
    });
  }
  return trace.plans.map(({ bursts }, queue) =>
    bursts.map(({ timeMs, durationMs }) => {
      const from = Math.floor(timeMs / TICK_MS);
      const to = Math.ceil((timeMs + durationMs) / TICK_MS);
      return Math.max(0, ...(highWater[queue] ?? []).slice(from, to));
    }),
  );
}

/** The queues of a trace on an empty memory. */
export function openMemory(
  trace: SharedTrace,
  memory: Pick<ConstructorParameters<typeof SharedMemory>[0], 'admission' | 'memoryBytes'>,
): SharedMemory {
  const queues = trace.plans.map(({ drainBytesPerSecond }, queue) => ({
    link: `queue-${queue}`,
    drainBytesPerSecond,
  }));
  return new SharedMemory({ ...memory, queues, packetBytes: PACKET_BYTES });
}

const step = new Uint16Array(QUEUES);

/** Let the packets of one tick come. */
export function stepTick(
  memory: SharedMemory,
  { trace, fromMs }: { trace: SharedTrace; fromMs: number },
): void {
  const end = Math.min(trace.durationMs, fromMs + TICK_MS);
  for (let timeMs = fromMs; timeMs < end; timeMs++) {
    for (let queue = 0; queue < QUEUES; queue++) {
      step[queue] = (trace.arriving[queue] as Uint16Array)[timeMs] as number;
    }
    memory.step(step);
  }
}
