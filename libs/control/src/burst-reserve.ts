import type { BurstForecast } from '@levitate/forecast';
import type { Onset } from '@levitate/traffic';
import { planReserve, type Reserve, type ResourceKind } from './setpoint.ts';

/** A burst longer than this many times its 99 % duration (and a second) was another burst. */
const OVERLONG = 2;
const OVERLONG_MS = 1000;
/** A burst that asked for less than this share of its room was not the announced one. */
const UNDERSIZED = 0.5;
/** Room beyond what an announced burst turned out to ask for, where it asked for more. */
const OUTGROWN = 1.1;

/** Why room is reserved; closed set. */
export type ReserveReason = 'burst-expected' | 'burst-announced' | 'burst-outgrown';

/** What a tick tells the reserve. */
export interface ReserveStep {
  nowUnixMs: number;
  /**
   * A forecast that may be acted on; `silent` when the forecaster announces nothing now;
   * `undefined` when nobody may be believed.
   */
  forecast: BurstForecast | 'silent' | undefined;
  drainBytesPerSecond: number | undefined;
  onset: Onset | undefined;
  /** A forecast that may be acted on had announced that onset. */
  isAnnounced: boolean;
  /** No burst is under way and nothing of one is left in the queue. */
  isOver: boolean;
  /** Room the last interval asked for. */
  need: number | undefined;
}

/**
 * Room kept for announced bursts: opened when a forecast says it is time, kept while the burst it
 * announced is under way, given back in one move when that is over or has failed to come. An
 * announcement stands although the next forecast is less sure: in the noise of a ramp's last second
 * a forecaster may waver, and room for nothing costs less than a burst without room.
 */
export class BurstReserve {
  readonly #kind: ResourceKind;
  readonly #actuationDelayS: number;
  #plan: Reserve | undefined;
  /** Announced last, its time not come yet or not over. */
  #pending: (Reserve & { durationMs: number }) | undefined;
  #burstUntilUnixMs: number | undefined;
  #durationMs = 0;
  #episodes = 0;
  #hasOutgrown = false;
  /** Forecasts up to here spoke of the burst that came; they say nothing about the next one. */
  #spentUnixMs = Number.NEGATIVE_INFINITY;
  /** Most that the burst under way has asked for. */
  #asked = 0;

  constructor(options: { kind: ResourceKind; actuationDelayMs: number }) {
    this.#kind = options.kind;
    this.#actuationDelayS = options.actuationDelayMs / 1000;
  }

  get isOpen(): boolean {
    return this.#plan !== undefined;
  }

  /** The burst under way was announced. */
  get isBurst(): boolean {
    return this.#burstUntilUnixMs !== undefined;
  }

  /** 0 while closed. */
  get size(): number {
    return this.#plan?.size ?? 0;
  }

  /** Rises of one episode count as one change; `undefined` while closed. */
  get episode(): string | undefined {
    return this.#plan && `reserve-${this.#episodes}`;
  }

  get reason(): ReserveReason {
    if (this.#hasOutgrown) return 'burst-outgrown';
    return this.isBurst ? 'burst-announced' : 'burst-expected';
  }

  step(at: ReserveStep): void {
    if (at.forecast === undefined) this.#pending = undefined;
    else if (at.forecast !== 'silent') this.#expect(at.forecast, at);
    this.#open(at.nowUnixMs);
    if (at.onset) this.#begin(at);
    if (this.#burstUntilUnixMs !== undefined) this.#follow(at);
    else if (this.#plan && at.nowUnixMs > this.#plan.untilUnixMs) this.#close();
  }

  #expect(forecast: BurstForecast, at: ReserveStep): void {
    if (this.isBurst || forecast.madeUnixMs <= this.#spentUnixMs) return;
    const plan = planReserve(forecast, {
      kind: this.#kind,
      actuationDelayS: this.#actuationDelayS,
      drainBytesPerSecond: at.drainBytesPerSecond,
    });
    this.#pending = { ...plan, durationMs: forecast.durationS.q99 * 1000 };
  }

  #open(nowUnixMs: number): void {
    const plan = this.#pending;
    if (!plan || nowUnixMs < plan.fromUnixMs) return;
    if (nowUnixMs > plan.untilUnixMs) {
      this.#pending = undefined;
      return;
    }
    if (!this.#plan) this.#episodes += 1;
    this.#durationMs = plan.durationMs;
    this.#plan = { ...plan, size: Math.max(plan.size, this.size) };
  }

  #begin(at: ReserveStep): void {
    this.#spentUnixMs = at.nowUnixMs;
    this.#pending = undefined;
    // A burst that nobody would keep room for when it returns stays in the law's peak.
    if (!this.#plan && !at.isAnnounced) return;
    this.#burstUntilUnixMs = at.nowUnixMs + OVERLONG * this.#durationMs + OVERLONG_MS;
    this.#asked = 0;
  }

  #follow(at: ReserveStep): void {
    if (this.#plan && at.need !== undefined && at.need > this.#plan.size) {
      this.#plan = { ...this.#plan, size: at.need * OUTGROWN };
      this.#hasOutgrown = true;
    }
    this.#asked = Math.max(this.#asked, at.need ?? 0);
    const isOverlong = at.nowUnixMs > (this.#burstUntilUnixMs ?? 0);
    if (isOverlong) this.#close();
    else if (at.isOver && !at.onset) this.#end(at.nowUnixMs);
  }

  /** A lesser burst just before the announced one must not cost the room kept for that. */
  #end(nowUnixMs: number): void {
    const isAwaited = this.#plan !== undefined && nowUnixMs <= this.#plan.untilUnixMs;
    if (isAwaited && this.#asked < UNDERSIZED * this.size) this.#burstUntilUnixMs = undefined;
    else this.#close();
  }

  #close(): void {
    this.#plan = undefined;
    this.#burstUntilUnixMs = undefined;
    this.#hasOutgrown = false;
  }
}
