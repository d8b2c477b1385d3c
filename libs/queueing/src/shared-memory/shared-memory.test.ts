import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteFifo } from '../byte-fifo.ts';
import { type Admission, byLimits, dynamicThresholds, pushOutLongest } from './admission.ts';
import { SharedMemory } from './shared-memory.ts';

const SIZE = 1500;
/** One packet a millisecond. */
const DRAIN = 1.5e6;
const rules = fc.constantFrom<Admission[]>(
  byLimits,
  dynamicThresholds(1),
  dynamicThresholds(8),
  pushOutLongest,
);
const trains = fc.array(fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)), {
  minLength: 1,
  maxLength: 60,
});

function open(admission: Admission, { packets, queues }: { packets: number; queues: number }) {
  return new SharedMemory({
    queues: Array.from({ length: queues }, (_, queue) => ({
      link: `${queue}`,
      drainBytesPerSecond: DRAIN,
    })),
    memoryBytes: packets * SIZE,
    admission,
  });
}

function packetsIn(memory: SharedMemory): number[] {
  return memory.queuedBytes.map((bytes) => bytes / SIZE);
}

describe('SharedMemory', () => {
  it('loses no packet and never holds more than the memory, whatever the rule', () => {
    const limits = fc.array(fc.nat(60_000), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(rules, trains, fc.nat(50), limits, (rule, train, packets, limitBytes) => {
        const memory = open(rule, { packets, queues: 3 });
        train.forEach((arriving, index) => {
          if (index % 5 === 0) memory.setLimits(limitBytes);
          memory.step(arriving);
          const held = packetsIn(memory);
          expect(held.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(packets);
          memory.counters.forEach(({ arrivedPackets, sentPackets, droppedPackets }, queue) => {
            expect(arrivedPackets).toBe(sentPackets + droppedPackets + (held[queue] as number));
          });
        });
      }),
    );
  });

  it('with room for all is each queue by itself', () => {
    fc.assert(
      fc.property(trains, fc.nat(40_000), (train, limitBytes) => {
        const memory = open(byLimits, { packets: 1000, queues: 3 });
        memory.setLimits([limitBytes, limitBytes, limitBytes]);
        const options = { drainBytesPerSecond: DRAIN, limitBytes };
        const alone = [0, 1, 2].map((queue) => new ByteFifo({ link: `${queue}`, ...options }));
        for (const arriving of train) {
          memory.step(arriving);
          alone.forEach((queue, index) => {
            queue.step(arriving[index] as number);
          });
        }
        expect(memory.counters).toEqual(alone.map((queue) => queue.counters));
        const samples = alone.map((queue) => queue.takeSample(7));
        expect(memory.takeSamples(7)).toEqual(samples);
      }),
    );
  });

  it('drains faster than its bucket was deep', () => {
    const queues = [{ link: 'fast', drainBytesPerSecond: 30e6 }];
    const memory = new SharedMemory({ queues, memoryBytes: 15e6, admission: byLimits });
    memory.step([1000]);
    for (let ms = 0; ms < 40; ms++) memory.step([0]);
    // 20 packets a millisecond for 41 of them, and the bucket's 40 of the start.
    expect(memory.counters[0]?.sentPackets).toBeGreaterThanOrEqual(820);
  });
});

describe('dynamicThresholds', () => {
  it.each([
    [1, 1],
    [1, 4],
    [2, 4],
    [0.5, 7],
  ])('alpha %d: %d saturated queues settle at alpha B / (1 + alpha n) each', (alpha, n) => {
    const packets = 1000;
    const memory = open(dynamicThresholds(alpha), { packets, queues: n });
    for (let ms = 0; ms < 200; ms++) memory.step(new Array<number>(n).fill(40));
    for (const held of packetsIn(memory)) {
      // Measured after a millisecond's drain of one packet.
      expect(Math.abs(held - (alpha * packets) / (1 + alpha * n))).toBeLessThanOrEqual(2);
    }
  });
});

describe('pushOutLongest', () => {
  it('does what the rule says, packet by packet', () => {
    fc.assert(
      fc.property(trains, fc.nat(25), (train, packets) => {
        const memory = open(pushOutLongest, { packets, queues: 3 });
        const reference = new ListedPushOut(packets);
        train.forEach((arriving, index) => {
          memory.step(arriving);
          reference.step(arriving, index % 3);
          expect(packetsIn(memory)).toEqual(reference.queues.map((queue) => queue.length));
        });
        const dropped = memory.counters.map(({ droppedPackets }) => droppedPackets);
        expect(dropped).toEqual(reference.dropped);
      }),
    );
  });
});

/** The rule as its authors tell it: lists of packets, the last of the longest list goes. */
class ListedPushOut {
  readonly queues: number[][] = [[], [], []];
  readonly dropped = [0, 0, 0];
  readonly #packets: number;
  /** Of each queue, bytes that may leave: as many packets at the start as the bucket holds. */
  readonly #tokens = [16_384, 16_384, 16_384];

  constructor(packets: number) {
    this.#packets = packets;
  }

  step(arriving: readonly number[], first: number): void {
    const order = [0, 1, 2].map((turn) => (first + turn) % 3);
    for (let round = 0; round < 30; round++) {
      for (const queue of order) if ((arriving[queue] as number) > round) this.#arrive(queue);
    }
    for (const queue of order) {
      const tokens = Math.min(16_384, (this.#tokens[queue] as number) + SIZE);
      const sent = this.queues[queue]?.splice(0, Math.floor(tokens / SIZE)).length ?? 0;
      this.#tokens[queue] = tokens - sent * SIZE;
    }
  }

  #arrive(queue: number): void {
    const total = this.queues.reduce((sum, each) => sum + each.length, 0);
    if (total >= this.#packets) {
      const most = Math.max(...this.queues.map((each) => each.length));
      const isLongest = (this.queues[queue] as number[]).length === most;
      const victim = isLongest ? queue : this.queues.findIndex((each) => each.length === most);
      this.dropped[victim] = (this.dropped[victim] as number) + 1;
      if (isLongest) return;
      this.queues[victim]?.pop();
    }
    this.queues[queue]?.push(0);
  }
}
