import { cost } from '@levitate/queueing';
import type { InputMemory } from './input-memory.ts';
import type { Law } from './law.ts';

/** Relative moves up to this are coalesced by the envelope and cost no change. */
const smallMove = 0.05;
/** Share of the replayed ticks in which a law only learns. */
const warmUpShare = 0.5;

/**
 * One law run over remembered inputs, on a resource whose new size is usable after the delay and
 * counted as reserved from the request on. Some ticks at a time, so that it costs a loop little.
 */
export class LawReplay {
  readonly law: Law;
  readonly #memory: InputMemory;
  readonly #scoredFrom: number;
  readonly #end: number;
  readonly #underWay: number[];
  #at: number;
  #size: number;
  #requested: number;
  #counted: number;
  #needed = 0;
  #lost = 0;
  #peak = 0;
  #reserved = 0;
  #changes = 0;
  #ticks = 0;

  /** @param start size in force before the first remembered tick */
  constructor(law: Law, of: { memory: InputMemory; startSize: number; delayTicks: number }) {
    const { memory, startSize, delayTicks } = of;
    this.law = law;
    this.#memory = memory;
    this.#at = memory.start;
    this.#end = memory.end;
    this.#scoredFrom = memory.start + (memory.end - memory.start) * warmUpShare;
    this.#underWay = Array<number>(delayTicks).fill(startSize);
    this.#size = startSize;
    this.#requested = startSize;
    this.#counted = startSize;
  }

  get isDone(): boolean {
    return this.#at >= this.#end;
  }

  /**
   * Cost of what was scored so far, in the terms of the benches: 100 x the share of the need that
   * found no room, reserved / peak need, 0.01 x changes a minute.
   */
  cost(periodMs: number): number {
    const minutes = (this.#ticks * periodMs) / 60_000;
    if (this.#needed === 0 || this.#ticks === 0) return 0;
    return cost({
      rejectedShare: this.#lost / this.#needed,
      p99OverBudget: 0,
      reservedOverPeak: this.#reserved / this.#ticks / this.#peak,
      changesPerMinute: this.#changes / minutes,
    });
  }

  /** Go on by at most so many ticks. */
  advance(ticks: number): void {
    const to = Math.min(this.#end, this.#at + ticks);
    // What the memory has overwritten meanwhile is gone: the replay goes on from its oldest tick.
    for (this.#at = Math.max(this.#at, this.#memory.start); this.#at < to; this.#at++) this.#tick();
  }

  #tick(): void {
    const input = this.#memory.at(this.#at);
    const { wish } = this.law.step({ ...input, size: this.#size, requested: this.#requested });
    if (this.#at >= this.#scoredFrom && input.need !== undefined) this.#score(input.need);
    this.#requested = wish;
    this.#underWay.push(wish);
    this.#size = this.#underWay.shift() ?? wish;
    if (Math.abs(wish / this.#counted - 1) > smallMove) {
      this.#counted = wish;
      if (this.#at >= this.#scoredFrom) this.#changes += 1;
    }
  }

  #score(need: number): void {
    this.#ticks += 1;
    this.#needed += need;
    this.#lost += Math.max(0, need - this.#size);
    this.#peak = Math.max(this.#peak, need);
    this.#reserved += Math.max(this.#size, this.#requested);
  }
}
