import { RingBuffer } from '@levitate/kernel/bpf';
import { keepToOneCpu } from './one-cpu.ts';
import { Programs } from './programs.ts';
import type { Values } from './structs.ts';

/** More than any test has in the ring buffer at once. */
const EVENTS_MAX = 100_000;

/** The programs with one link watched, on one processor, and the events that they report. */
export class EventStand {
  /** First of all: what the programs count is by processor. */
  readonly #kept = keepToOneCpu();
  readonly programs = new Programs();
  readonly #ring: RingBuffer;

  constructor(link: number) {
    this.programs.watch(link);
    this.#ring = RingBuffer.open(this.programs.object.map('events'));
  }

  /** The processor that everything happens on. */
  get cpu(): number {
    return this.#kept.cpu;
  }

  /** Events since the last call. */
  events(): Values[] {
    const all: Values[] = [];
    this.#ring.consume((record) => all.push(this.programs.decodeEvent(record)), EVENTS_MAX);
    return all;
  }

  close(): void {
    this.#ring.close();
    this.programs.close();
    this.#kept.letGo();
  }
}
